"""The annexes change by avenant, or on the day of a fact: a line ends, another succeeds it, a structure comes in.

The past keeps its lines. The last change of a structure, typed by mistake, is undone.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max

from ctg.models import Avenant, Convention, LigneChargee
from structures.mise_a_jour import defaire
from structures.models import Inscription, Structure

LONGUEUR_SOURCE = Inscription._meta.get_field("source").max_length
CHARGEE = "Cette ligne vient des tableaux du texte signé, elle n’a pas été saisie ici : elle ne s’annule pas."


@dataclass(frozen=True, slots=True)
class Fait:
    """What happens on a day without an avenant: a structure closes, or moves. `source`: what says so."""

    date_effet: datetime.date
    motif: str
    source: str

    def __str__(self):
        return self.motif


@transaction.atomic
def retirer(inscription_id: int, acte: Avenant | Fait) -> Inscription:
    """The structure leaves its annexe on that day. Raises ValidationError."""
    return _clore(_verrouiller(inscription_id, acte), acte, "Retirée")


@transaction.atomic
def changer(inscription_id: int, acte: Avenant | Fait, champs: dict[str, str]) -> Inscription:
    """The line that succeeds, from that day on. Raises ValidationError."""
    ancienne = _verrouiller(inscription_id, acte)
    if all(getattr(ancienne, nom) == valeur for nom, valeur in champs.items()):
        raise ValidationError("Rien ne change : dites ce qui change de cette ligne.")
    suite = Inscription.objects.get(pk=ancienne.pk)
    _clore(ancienne, acte, "Remplacée")
    suite.pk, suite._state.adding = None, True
    suite.date_effet, suite.date_fin, suite.succede_a = acte.date_effet, None, ancienne
    if champs.get("annexe", suite.annexe) != suite.annexe:
        suite.ordre = _dernier_rang(suite.convention_id, champs["annexe"]) + 1
    return _enregistrer(suite, acte, champs)


@transaction.atomic
def inscrire(
    structure: Structure, convention: Convention, acte: Avenant | Fait, champs: dict[str, str]
) -> Inscription:
    """A structure of the territory comes in, at the end of its annexe. Raises ValidationError."""
    Convention.objects.select_for_update(no_key=True).get(pk=convention.pk)
    _verifier(convention, acte)
    siennes = Inscription.objects.filter(convention=convention, structure=structure)
    if siennes.exclude(date_fin__lte=acte.date_effet).exists():
        raise ValidationError(
            "Cette structure est inscrite ce jour-là : c’est sa ligne qu’un avenant change ou retire."
        )
    inscription = Inscription(
        convention=convention,
        structure=structure,
        date_effet=acte.date_effet,
        ordre=_dernier_rang(convention.pk, champs["annexe"]) + 1,
    )
    return _enregistrer(inscription, acte, champs)


def derniere(convention: Convention, structure: Structure) -> Inscription | None:
    """The line that began last: the one in force, or to come, or closed."""
    siennes = Inscription.objects.filter(convention=convention, structure=structure)
    return siennes.order_by(F("date_effet").desc(nulls_last=True), "-pk").first()


def dire_annulation(inscription: Inscription | None) -> str:
    """What undoing the last change of a structure would do; empty where nothing was changed."""
    if inscription is None:
        return ""
    if inscription.date_fin is not None:
        return f"La ligne « {inscription.nom} » ne finit plus : elle reste en vigueur."
    if inscription.succede_a_id is not None:
        return f"La ligne d’avant, « {inscription.succede_a.nom} », est de nouveau en vigueur."
    if inscription.date_effet is not None:
        return f"La ligne « {inscription.nom} » disparaît : la structure n’était pas inscrite avant elle."
    return ""


@transaction.atomic
def annuler(inscription_id: int, *, motif: str) -> bool:
    """The last change of a structure is undone, as if it had not been typed; the history keeps it.

    False: its line is what it was, but the structure itself was changed since and keeps what it says.
    Raises ValidationError.
    """
    inscription = _prendre(inscription_id)
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    if derniere(inscription.convention, inscription.structure) != inscription:
        raise ValidationError("Seul le dernier changement s’annule : un autre a été saisi depuis.")
    if not dire_annulation(inscription):
        raise ValidationError("Cette ligne est telle qu’elle a été signée : il n’y a rien à annuler.")
    raison = f"Changement annulé : {motif.strip()[:250]}"
    if inscription.date_fin is not None:
        _rouvrir(inscription, raison)
        return True
    if LigneChargee.objects.filter(tableau="inscriptions", objet_id=inscription.pk).exists():
        raise ValidationError(CHARGEE)
    ancienne, est_defaite = inscription.succede_a, defaire(inscription, raison)
    inscription._change_reason = raison
    inscription.delete()
    if ancienne is not None:
        _rouvrir(ancienne, raison)
    return est_defaite


def _rouvrir(inscription: Inscription, raison: str) -> None:
    inscription.date_fin, inscription.motif_fin, inscription._change_reason = None, "", raison
    inscription.full_clean()
    inscription.save()


def _enregistrer(inscription: Inscription, acte: Avenant | Fait, champs: dict[str, str]) -> Inscription:
    for nom, valeur in champs.items():
        setattr(inscription, nom, valeur)
    source = acte.source if isinstance(acte, Fait) else str(acte)
    inscription.source, inscription._change_reason = source[:LONGUEUR_SOURCE], str(acte)
    inscription.full_clean()
    inscription.save()
    return inscription


def _prendre(inscription_id: int) -> Inscription:
    """Under the lock of its structure first: one person at a time, on its page as on its line."""
    structure_id = Inscription.objects.values_list("structure", flat=True).get(pk=inscription_id)
    Structure.objects.select_for_update(of=("self",), no_key=True).get(pk=structure_id)
    return Inscription.objects.select_for_update(of=("self",), no_key=True).get(pk=inscription_id)


def _verrouiller(inscription_id: int, acte: Avenant | Fait) -> Inscription:
    inscription = _prendre(inscription_id)
    _verifier(inscription.convention, acte)
    if inscription.date_fin is not None:
        raise ValidationError("Cette ligne est déjà close : c’est celle qui lui succède qui change.")
    if inscription.date_effet and acte.date_effet <= inscription.date_effet:
        raise ValidationError("Ce changement doit prendre effet après le début de cette ligne.")
    return inscription


def _verifier(convention: Convention, acte: Avenant | Fait) -> None:
    if isinstance(acte, Avenant) and acte.convention_id != convention.pk:
        raise ValidationError("Cet avenant n’est pas de cette convention.")
    if isinstance(acte, Fait) and not (acte.motif.strip() and acte.source.strip()):
        raise ValidationError("Écrivez le motif et ce qui le dit : sans avenant, c’est eux qui restent.")
    annees = convention.annees
    if annees and not datetime.date(annees[0], 1, 1) < acte.date_effet <= datetime.date(annees[-1], 12, 31):
        quoi = "l’avenant" if isinstance(acte, Avenant) else "ce changement"
        raise ValidationError(
            f"La convention va de {annees[0]} à {annees[-1]} : {quoi} doit prendre effet dans ces années."
        )


def _clore(inscription: Inscription, acte: Avenant | Fait, verbe: str) -> Inscription:
    motif = str(acte)
    suite = f" par l’{motif[:1].lower()}{motif[1:]}" if isinstance(acte, Avenant) else f" : {motif}"
    inscription.date_fin, inscription.motif_fin = acte.date_effet, _dire_motif(acte)
    inscription._change_reason = f"{verbe}{suite}"
    inscription.full_clean()
    inscription.save()
    return inscription


def _dire_motif(acte: Avenant | Fait) -> str:
    return str(acte) if isinstance(acte, Avenant) else f"{acte.motif} (source : {acte.source})"


def _dernier_rang(convention_id: int, annexe: str) -> int:
    inscriptions = Inscription.objects.filter(convention=convention_id, annexe=annexe)
    return inscriptions.aggregate(dernier=Max("ordre"))["dernier"] or 0
