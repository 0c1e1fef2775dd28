"""When a definition and a target lock: once a value of the year was submitted, or its campaign is closed."""

import datetime
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q

from ctg.templatetags.affichage import date_longue
from evaluation.enums import StatutCampagne

MOTIVER = "Pour la changer quand même, écrivez le motif : il reste dans l’historique."


@dataclass(frozen=True, slots=True)
class VerrouDefinition:
    """`raison`: which lock, since when."""

    annee: int
    depuis: datetime.datetime
    raison: str


def verrous_de(indicateur) -> dict[int, VerrouDefinition]:
    """{year: the lock that its values put on the definition and on the target}; one query.

    What was submitted once stays locked, even sent back since: somebody has read the value.
    """
    annees = apps.get_model("evaluation", "Mesure").objects.filter(indicateur=indicateur.pk).values("annee")
    saisies = (
        apps.get_model("evaluation", "Saisie")
        .objects.filter(fiche=indicateur.fiche_id)
        .filter(Q(date_soumission__isnull=False) | Q(campagne__statut=StatutCampagne.CLOSE))
        .filter(Q(lignes__indicateur=indicateur.pk) | Q(campagne__annee__in=annees))
        .select_related("campagne", "soumise_par")
        .order_by("campagne__annee", "pk")
    )
    verrous: dict[int, VerrouDefinition] = {}
    for saisie in saisies:
        verrou = _verrou(saisie)
        ancien = verrous.get(verrou.annee)
        if ancien is None or verrou.depuis < ancien.depuis:
            verrous[verrou.annee] = verrou
    return verrous


def _verrou(saisie) -> VerrouDefinition:
    annee, soumise = saisie.campagne.annee, saisie.date_soumission
    if soumise is not None:
        texte = f"Verrouillé depuis le {date_longue(soumise)} : {saisie.soumise_par} a soumis la saisie de {annee}."
        return VerrouDefinition(annee, soumise, texte)
    close = saisie.campagne.date_cloture
    raison = f"Verrouillé depuis le {date_longue(close)} : la campagne {annee} est close."
    return VerrouDefinition(annee, close, raison)


def premier(verrous: dict[int, VerrouDefinition]) -> VerrouDefinition | None:
    """The lock of the definition: the oldest one."""
    return min(verrous.values(), key=lambda verrou: verrou.depuis, default=None)
