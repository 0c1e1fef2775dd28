"""The statut of a fiche follows its validated entry; what only a COPIL decides stays proposed until it has."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from ctg.permissions import check
from ctg.templatetags.affichage import date_longue
from evaluation.enums import StatutSaisie
from evaluation.models import Avancement, DecisionFiche, Saisie
from fiches.enums import StatutFiche
from fiches.models import FicheProjet
from gouvernance.models import Decision

# « Proposée au COPIL » until a decision is linked to the fiche.
PROPOSES = frozenset({StatutFiche.REPORTEE, StatutFiche.REORIENTEE, StatutFiche.ABANDONNEE})
PROPOSEE = " (proposée au COPIL)"


def appliquer_statut(fiche: FicheProjet, annee: int) -> bool:
    """Give the fiche the statut of its validated year; the caller has locked it. False: nothing changed."""
    avancement = Avancement.objects.filter(fiche=fiche, annee=annee).first()
    if avancement is None or not avancement.statut or avancement.statut == fiche.statut:
        return False
    if est_proposee(avancement):
        return False
    plus_recent = Avancement.objects.filter(fiche=fiche, annee__gt=annee).exclude(statut="").exists()
    if plus_recent:  # a correction of an older year does not undo a later one
        return False
    fiche.statut, fiche._change_reason = avancement.statut, f"Saisie {annee} validée"
    fiche.save()
    return True


def dire_statut(avancement: Avancement, *, is_decidee: bool) -> str:
    """What only the COPIL decides is said to be proposed, as long as no decision of that year is linked to the fiche."""
    libelle = avancement.get_statut_display()
    return f"{libelle}{PROPOSEE}" if avancement.statut in PROPOSES and not is_decidee else libelle


def est_proposee(avancement: Avancement) -> bool:
    """The statut of that year waits for a decision of the COPIL. One query at most."""
    return (
        avancement.statut in PROPOSES
        and not DecisionFiche.objects.filter(fiche=avancement.fiche_id, annee=avancement.annee).exists()
    )


@transaction.atomic
def lier_decision(fiche_id: int, decision: Decision, annee: int, *, user) -> DecisionFiche:
    """The decision concerns the fiche: a statut that waited for it is applied. Raises PermissionDenied, ValidationError."""
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    if not (access := check(user, "evaluation.lier_decision", fiche)):
        raise PermissionDenied(access.reason)
    if decision.reunion.convention_id != fiche.convention_id:
        raise ValidationError("Cette décision n’est pas de cette convention.")
    if decision.reunion.date > timezone.localdate():
        raise ValidationError(
            f"La réunion du {date_longue(decision.reunion.date)} n’a pas encore eu lieu : liez sa décision ensuite."
        )
    if annee not in fiche.convention.annees:
        raise ValidationError("Cette année n’est pas une année de la convention.")
    lien = DecisionFiche(decision=decision, fiche=fiche, annee=annee)
    lien.full_clean()
    lien.save()
    validee = Saisie.objects.filter(fiche=fiche, campagne__annee=annee, statut=StatutSaisie.VALIDEE).exists()
    if validee:
        appliquer_statut(fiche, annee)
    return lien


@transaction.atomic
def delier_decision(fiche_id: int, decision: Decision, annee: int, *, user) -> bool:
    """A link made by mistake is taken off; false where it is gone already. Raises PermissionDenied."""
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    if not (access := check(user, "evaluation.lier_decision", fiche)):
        raise PermissionDenied(access.reason)
    lien = DecisionFiche.objects.filter(decision=decision, fiche=fiche, annee=annee).first()
    if lien is None:
        return False
    lien.delete()
    return True


@receiver(post_delete, sender=DecisionFiche)
def revenir_du_statut(sender, instance: DecisionFiche, **kwargs) -> None:
    """A statut that this decision alone let apply goes back to what it was, whether the link or the decision goes."""
    fiche = FicheProjet.objects.filter(pk=instance.fiche_id).first()
    avancement = Avancement.objects.filter(fiche=instance.fiche_id, annee=instance.annee).first()
    if (
        fiche is None
        or avancement is None
        or fiche.statut != avancement.statut
        or not est_proposee(avancement)
    ):
        return
    avant = fiche.historique.exclude(statut=fiche.statut).order_by("-history_date", "-history_id").first()
    fiche.statut = avant.statut if avant else ""
    fiche._change_reason = "Décision déliée"
    fiche.save()
