"""The annexes change by avenant: a line ends, another succeeds it, a structure comes in. The past keeps its lines."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from ctg.models import Avenant, Convention
from structures.models import Inscription, Structure


@transaction.atomic
def retirer(inscription_id: int, avenant: Avenant) -> Inscription:
    """The structure leaves its annexe on the day of the avenant. Raises ValidationError."""
    return _clore(_verrouiller(inscription_id, avenant), avenant, "Retirée par l’")


@transaction.atomic
def changer(inscription_id: int, avenant: Avenant, champs: dict[str, str]) -> Inscription:
    """The line that succeeds, from the day of the avenant on. Raises ValidationError."""
    ancienne = _verrouiller(inscription_id, avenant)
    if all(getattr(ancienne, nom) == valeur for nom, valeur in champs.items()):
        raise ValidationError("Rien ne change : dites ce que l’avenant change de cette ligne.")
    suite = Inscription.objects.get(pk=ancienne.pk)
    _clore(ancienne, avenant, "Remplacée par l’")
    suite.pk, suite._state.adding = None, True
    suite.date_effet, suite.date_fin, suite.succede_a = avenant.date_effet, None, ancienne
    if champs.get("annexe", suite.annexe) != suite.annexe:
        suite.ordre = _dernier_rang(suite.convention_id, champs["annexe"]) + 1
    return _enregistrer(suite, avenant, champs)


@transaction.atomic
def inscrire(
    structure: Structure, convention: Convention, avenant: Avenant, champs: dict[str, str]
) -> Inscription:
    """A structure of the territory comes in, at the end of its annexe. Raises ValidationError."""
    Convention.objects.select_for_update(no_key=True).get(pk=convention.pk)
    _verifier(convention, avenant)
    siennes = Inscription.objects.filter(convention=convention, structure=structure)
    if siennes.exclude(date_fin__lte=avenant.date_effet).exists():
        raise ValidationError(
            "Cette structure est inscrite ce jour-là : c’est sa ligne qu’un avenant change ou retire."
        )
    inscription = Inscription(
        convention=convention,
        structure=structure,
        date_effet=avenant.date_effet,
        ordre=_dernier_rang(convention.pk, champs["annexe"]) + 1,
    )
    return _enregistrer(inscription, avenant, champs)


def _enregistrer(inscription: Inscription, avenant: Avenant, champs: dict[str, str]) -> Inscription:
    for nom, valeur in champs.items():
        setattr(inscription, nom, valeur)
    inscription.source, inscription._change_reason = str(avenant), str(avenant)
    inscription.full_clean()
    inscription.save()
    return inscription


def _verrouiller(inscription_id: int, avenant: Avenant) -> Inscription:
    inscription = Inscription.objects.select_for_update(of=("self",), no_key=True).get(pk=inscription_id)
    _verifier(Convention.objects.get(pk=inscription.convention_id), avenant)
    if inscription.date_fin is not None:
        raise ValidationError(
            "Cette ligne est déjà close : c’est celle qui lui succède qu’un avenant change."
        )
    if inscription.date_effet and avenant.date_effet <= inscription.date_effet:
        raise ValidationError("L’avenant doit prendre effet après le début de cette ligne.")
    return inscription


def _verifier(convention: Convention, avenant: Avenant) -> None:
    if avenant.convention_id != convention.pk:
        raise ValidationError("Cet avenant n’est pas de cette convention.")
    annees = convention.annees
    if annees and not datetime.date(annees[0], 1, 1) < avenant.date_effet <= datetime.date(
        annees[-1], 12, 31
    ):
        raise ValidationError(
            f"La convention va de {annees[0]} à {annees[-1]} : l’avenant doit prendre effet dans ces années."
        )


def _clore(inscription: Inscription, avenant: Avenant, verbe: str) -> Inscription:
    motif = str(avenant)
    inscription.date_fin = avenant.date_effet
    inscription._change_reason = f"{verbe}{motif[:1].lower()}{motif[1:]}"
    inscription.full_clean()
    inscription.save()
    return inscription


def _dernier_rang(convention_id: int, annexe: str) -> int:
    inscriptions = Inscription.objects.filter(convention=convention_id, annexe=annexe)
    return inscriptions.aggregate(dernier=Max("ordre"))["dernier"] or 0
