"""The one writer of a year's values from the screens."""

import datetime

from django.db import transaction

from evaluation.forms import AvancementForm, MesureForm
from evaluation.models import Avancement, Indicateur, Mesure
from fiches.models import FicheProjet


class SaisieMoved(Exception):
    """Somebody saved this fiche's year since the form was opened."""


def jeton(fiche: FicheProjet, annee: int) -> str:
    """Names the state of a fiche's year: the moment of its last entry, empty before the first."""
    moments = [
        *Mesure.objects.filter(indicateur__fiche=fiche, annee=annee).values_list("updated_at", flat=True),
        *Avancement.objects.filter(fiche=fiche, annee=annee).values_list("updated_at", flat=True),
    ]
    connus = [moment for moment in moments if moment]
    return max(connus).isoformat() if connus else f"0-{len(moments)}"


@transaction.atomic
def enregistrer_saisie(
    fiche_id: int,
    annee: int,
    *,
    mesures: list[MesureForm],
    avancement: AvancementForm,
    jeton_ouvert: str,
    user,
    now: datetime.datetime,
) -> int:
    """Write valid forms; the number of rows that changed. Raises SaisieMoved and writes nothing."""
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    if jeton(fiche, annee) != jeton_ouvert:
        raise SaisieMoved
    nb = sum(_ecrire_mesure(form, annee, user=user, now=now) for form in mesures)
    if avancement.has_changed():
        saisi: Avancement = avancement.save(commit=False)
        saisi.fiche, saisi.annee = fiche, annee
        saisi.saisie_par, saisi.updated_at, saisi.source = user, now, ""
        saisi.save()
        nb += 1
    return nb


def _ecrire_mesure(form: MesureForm, annee: int, *, user, now) -> bool:
    if not form.has_changed() or (form.mesure is None and form.is_vide):
        return False
    indicateur: Indicateur = form.indicateur
    mesure = form.mesure or Mesure(indicateur=indicateur, annee=annee)
    for champ, valeur in form.get_valeurs().items():
        setattr(mesure, champ, valeur)
    # What a person enters is no longer a value of the demonstration.
    mesure.saisie_par, mesure.updated_at, mesure.source = user, now, ""
    mesure.save()
    return True
