"""An avenant replaces the signed text of a fiche. The text that was closes and stays readable; the fiche goes on.

The row of the fiche is the one that succeeds: its steps, its means, its actors, its indicators and its entries hang on
it before and after. What was signed before is a row of its own, closed at the date of the avenant.
"""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.models import Avenant
from ctg.templatetags.affichage import date_longue
from fiches.enums import RoleImplication
from fiches.fins import verifier_fin
from fiches.models import FicheProjet

M2M = ("axes", "quartiers")


@transaction.atomic
def succeder(fiche_id: int, avenant: Avenant, champs: dict) -> FicheProjet:
    """Give the fiche the text of the avenant from its date on, and return it. `champs`: what the avenant changes.

    Raises ValidationError.
    """
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    _verifier(fiche, avenant, champs)
    motif = str(avenant)
    en_phrase = motif[:1].lower() + motif[1:]
    ancienne = _archiver(fiche, avenant.date_effet, f"Texte remplacé par l’{en_phrase}")
    fiche.date_effet, fiche.succede_a, fiche.source = avenant.date_effet, ancienne, motif
    for name, valeur in champs.items():
        if name not in M2M:
            setattr(fiche, name, valeur)
    fiche.suivre(avenant)
    fiche.full_clean(exclude=M2M)
    fiche.save()
    for name in M2M:
        if name in champs:
            getattr(fiche, name).set(champs[name])
    _suivre_pilote(fiche, ancienne.pilote_id)
    return fiche


@transaction.atomic
def appliquer(
    fiche_id: int, avenant: Avenant, champs: dict, prevus: Mapping[int, Decimal | None]
) -> FicheProjet:
    """All that an avenant changes of a fiche: its text, its planned means, or both. Raises ValidationError."""
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    if not prevus or any(_differe(fiche, name, valeur) for name, valeur in champs.items()):
        fiche = succeder(fiche_id, avenant, champs)
    else:
        _verifier_ouverte(fiche, avenant)
        verifier_jour_de_l_avenant(avenant)
    for moyen in fiche.moyens.filter(pk__in=prevus):
        moyen.prevu = prevus[moyen.pk]
        moyen.suivre(avenant)
        moyen.full_clean()
        moyen.save()
    return fiche


@transaction.atomic
def annuler(fiche_id: int, *, motif: str, rubriques: Iterable[str] = ()) -> FicheProjet:
    """The text that the last avenant replaced is the fiche's again, as if it had not been typed.

    `rubriques`: those, not of the signed text, that it wrote too. Raises ValidationError.
    """
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    ancienne = fiche.succede_a
    if ancienne is None:
        raise ValidationError("Aucun avenant n’a changé cette fiche.")
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    verifier_fin(fiche, fiche.date_effet)
    pilote = fiche.pilote_id
    axes = list(ancienne.axes.all())
    avant, debut = ancienne.succede_a_id, ancienne.date_effet
    for name in (*FicheProjet.CONTRACTUELS, "source", *rubriques):
        setattr(fiche, name, getattr(ancienne, name))
    FicheProjet.objects.filter(pk=fiche.pk).update(  # no history: its line is the next one
        succede_a=None, date_effet=debut
    )
    ancienne._change_reason = f"Avenant annulé : {motif.strip()[:300]}"
    ancienne.delete()
    fiche.succede_a_id, fiche.date_effet = avant, debut
    fiche.suivre(f"Avenant annulé : {motif.strip()[:300]}")
    fiche.save()
    fiche.axes.set(axes)
    _suivre_pilote(fiche, pilote)
    return fiche


def _suivre_pilote(fiche: FicheProjet, ancien: int | None) -> None:
    """Among the actors too, the pilot is the one of the text."""
    if ancien == fiche.pilote_id:
        return
    siennes = fiche.implications.filter(role=RoleImplication.PILOTE, structure=None)
    nouveau = siennes.filter(organisme=fiche.pilote_id).exists()
    for ligne in siennes.filter(organisme=ancien):
        if nouveau or fiche.pilote_id is None:
            ligne.delete()
        else:
            ligne.organisme_id, ligne.source = fiche.pilote_id, fiche.source
            ligne.save()


def _archiver(fiche: FicheProjet, jour: datetime.date, motif: str) -> FicheProjet:
    """The text as it was until that day."""
    ancienne = FicheProjet.objects.get(pk=fiche.pk)
    FicheProjet.objects.filter(pk=fiche.pk).update(  # no history: given back at once, one row further
        succede_a=None
    )
    ancienne.pk, ancienne._state.adding, ancienne.version = None, True, 1
    ancienne.date_fin, ancienne._change_reason = jour, motif
    ancienne.save()
    for name in M2M:
        getattr(ancienne, name).set(getattr(fiche, name).all())
    return ancienne


def _verifier(fiche: FicheProjet, avenant: Avenant, champs: dict) -> None:
    _verifier_ouverte(fiche, avenant)
    if fiche.date_effet and avenant.date_effet <= fiche.date_effet:
        raise ValidationError("L’avenant doit prendre effet après le début du texte en vigueur.")
    verifier_fin(fiche, avenant.date_effet)
    verifier_jour_de_l_avenant(avenant)
    if not any(_differe(fiche, name, valeur) for name, valeur in champs.items()):
        raise ValidationError("Rien ne change : dites ce que l’avenant change de cette fiche.")


def _verifier_ouverte(fiche: FicheProjet, avenant: Avenant) -> None:
    if fiche.date_fin is not None:
        raise ValidationError(
            f"La fin de cette fiche est fixée au {date_longue(fiche.date_fin)} : un avenant ne s’y ajoute pas."
        )
    if avenant.convention_id != fiche.convention_id:
        raise ValidationError("Cet avenant n’est pas de cette convention.")


def verifier_jour_de_l_avenant(avenant: Avenant) -> None:
    """An avenant is typed from the day of its effect on. Raises ValidationError."""
    if avenant.date_effet > timezone.localdate():
        raise ValidationError(
            f"Cet avenant prend effet le {date_longue(avenant.date_effet)} : saisissez-le à partir de ce jour. "
            "D’ici là, c’est le texte en vigueur que la fiche montre."
        )


def _differe(fiche: FicheProjet, name: str, valeur) -> bool:
    if name in M2M:
        return {objet.pk for objet in valeur} != {objet.pk for objet in getattr(fiche, name).all()}
    return (getattr(fiche, name) or "") != (valeur or "")


def textes_au(fiches: Iterable[FicheProjet], au: datetime.date) -> dict[int, FicheProjet]:
    """{fiche: the row that held its text on that day}, of those whose text was another one.

    No query where there is none, else three.
    """
    changees = {
        (fiche.convention_id, fiche.code): fiche.pk
        for fiche in fiches
        if fiche.succede_a_id and fiche.date_effet > au
    }
    if not changees:
        return {}
    anciennes = FicheProjet.objects.remplacees().filter(
        convention__in={convention for convention, _ in changees},
        code__in={code for _, code in changees},
        date_fin__gt=au,
    )
    textes: dict[int, FicheProjet] = {}
    for ancienne in anciennes.for_list().prefetch_related("axes", "quartiers").order_by("date_fin"):
        if (pk := changees.get((ancienne.convention_id, ancienne.code))) is not None:
            textes.setdefault(pk, ancienne)
    return textes
