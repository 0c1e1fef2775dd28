"""The one writer of a year's values from the screens."""

import datetime

from django.db import transaction

from evaluation.forms import AvancementForm, MesureForm, Saisie
from evaluation.models import Avancement, Mesure
from fiches.models import FicheProjet


@transaction.atomic
def enregistrer_saisie(
    fiche: FicheProjet, annee: int, saisie: Saisie, *, user, now: datetime.datetime
) -> int:
    """Write the fields that changed in valid forms of a fiche that the caller has locked; the number of rows."""
    nb = sum(_ecrire_mesure(form, annee, user=user, now=now) for form in saisie.mesures)
    return nb + _ecrire_avancement(saisie.avancement, fiche, annee, user=user, now=now)


def _ecrire_mesure(form: MesureForm, annee: int, *, user, now) -> bool:
    changements = form.get_changements()
    if not changements:
        return False
    mesure = form.mesure or Mesure(indicateur=form.indicateur, annee=annee)
    for name, valeur in changements.items():
        setattr(mesure, name, valeur)
    # What a person enters is no longer a value of the demonstration.
    mesure.saisie_par, mesure.updated_at, mesure.source = user, now, ""
    mesure.save()
    return True


def _ecrire_avancement(form: AvancementForm, fiche: FicheProjet, annee: int, *, user, now) -> bool:
    if not form.changed_data:
        return False
    avancement = Avancement.objects.filter(fiche=fiche, annee=annee).first()
    avancement = avancement or Avancement(fiche=fiche, annee=annee)
    for name in form.changed_data:
        setattr(avancement, name, form.cleaned_data[name])
    avancement.saisie_par, avancement.updated_at, avancement.source = user, now, ""
    avancement.save()
    return True
