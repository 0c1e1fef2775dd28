"""From what the COPIL retained at mid-term to a projet d’avenant."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import Truncator

from ctg.permissions import check
from ctg.templatetags.affichage import sans_marques
from evaluation.avenants.enums import EtatProjet, NatureChangement
from evaluation.avenants.services import Proposition as Changement
from evaluation.avenants.services import preparer_projet
from evaluation.enums import AjoutPropose, IssueProposition, NatureProposition, StatutRevue
from evaluation.models import ProjetAvenant, Proposition, RevueMiParcours
from fiches.models import Axe, FicheProjet

MOTIF_MAX, EXPOSE_MAX = 300, 800
TEXTE_DE_FICHE, TEXTE_D_AXE = "objectif_general", "enjeux"


@transaction.atomic
def preparer_avenant(revue: RevueMiParcours, *, objet: str, date_effet: datetime.date, user) -> ProjetAvenant:
    """One line for each proposition that was retained and changes something. Raises PermissionDenied, ValidationError."""
    for code in ("evaluation.mener_revue", "evaluation.preparer_avenant"):
        if not (access := check(user, code, revue)):
            raise PermissionDenied(access.reason)
    revues = RevueMiParcours.objects.select_for_update(of=("self",), no_key=True)
    revue = revues.select_related("convention", "projet").get(pk=revue.pk)
    if raison := raison_de_ne_pas_preparer(revue):
        raise ValidationError(raison)
    retenues = list(_retenues(revue))
    decisions = {proposition.decision_id: proposition.decision for proposition in retenues}
    revue.projet = preparer_projet(
        revue.convention,
        objet=objet,
        date_effet=date_effet,
        expose="\n\n".join(_dire(proposition) for proposition in retenues),
        decision=next(iter(decisions.values())) if len(decisions) == 1 else None,
        changements=[_changement(proposition) for proposition in retenues],
    )
    revue.full_clean()
    revue.save(update_fields=["projet"])
    return revue.projet


def raison_de_ne_pas_preparer(revue: RevueMiParcours) -> str:
    """Empty: it may be prepared."""
    if revue.statut != StatutRevue.DECIDEE:
        return "L’avenant se prépare une fois la revue décidée : terminez-la d’abord."
    if revue.projet is not None and revue.projet.statut != EtatProjet.ABANDONNE:
        return f"« {revue.projet} » est déjà préparé depuis cette revue."
    if not _retenues(revue).exists():
        return "Aucune proposition retenue ne change le plan : il n’y a pas d’avenant à préparer."
    return ""


def _retenues(revue: RevueMiParcours):
    retenues = revue.propositions.filter(issue=IssueProposition.RETENUE).exclude(
        nature=NatureProposition.MAINTENIR
    )
    return retenues.select_related("axe", "fiche", "decision__reunion").order_by("pk")


def _changement(proposition: Proposition) -> Changement:
    return Changement(
        nature=_nature(proposition),
        cible=_en_vigueur(proposition),
        valeurs=_valeurs(proposition),
        motif=Truncator(sans_marques(proposition.motif)).chars(MOTIF_MAX, truncate="…"),
    )


def _nature(proposition: Proposition) -> NatureChangement:
    if proposition.nature == NatureProposition.AJOUTER:
        is_fiche = proposition.ajout == AjoutPropose.FICHE
    else:
        is_fiche = proposition.fiche is not None
    verbe = {
        NatureProposition.AJOUTER: "ajouter",
        NatureProposition.REORIENTER: "modifier",
        NatureProposition.CLORE: "clore",
    }[proposition.nature]
    return NatureChangement(f"{'fiche' if is_fiche else 'axe'}_{verbe}")


def _en_vigueur(proposition: Proposition) -> Axe | FicheProjet | None:
    """The target as it stands, where an avenant has changed it since the proposition."""
    cible = proposition.cible
    while cible is not None and hasattr(cible, "successeur"):
        cible = cible.successeur
    return cible


def _valeurs(proposition: Proposition) -> dict[str, str]:
    nature = _nature(proposition)
    if nature.verbe == "clore":
        return {}
    champ = TEXTE_DE_FICHE if nature.value.startswith("fiche") else TEXTE_D_AXE
    dites = {"intitule": proposition.intitule, champ: proposition.texte}
    if nature == NatureChangement.AXE_MODIFIER and not proposition.intitule:
        dites["intitule"] = _en_vigueur(proposition).intitule  # an axe always has one
    return {nom: valeur for nom, valeur in dites.items() if valeur}


def _dire(proposition: Proposition) -> str:
    """Short enough that all of them make an exposé."""
    motif = Truncator(sans_marques(proposition.motif)).chars(EXPOSE_MAX, truncate="…")
    return f"{proposition} (décision {proposition.decision.numero}).\n{motif}"
