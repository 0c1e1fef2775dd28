"""What the fiches of the demonstration changed: invented, and said so wherever it shows."""

import datetime

from django.utils import timezone

from ctg.models import DONNEES_DEMONSTRATION, Convention, Utilisateur
from evaluation.effets.services import enregistrer_effet, verrou_de_l_effet
from evaluation.enums import OrigineEffet, SensEffet
from evaluation.models import Effet, Saisie
from fiches.models import Axe

P, N = SensEffet.POSITIF, SensEffet.NEGATIF
D, I = OrigineEffet.DIRECT, OrigineEffet.INDIRECT  # noqa: E741 -- beside the others
# (fiche, year): (what is seen, sense, expected, link, for whom, how one knows)
EFFETS = {
    ("PE-1", 2024): [
        (
            "Les familles déposent leur dossier en une seule visite.",
            P,
            True,
            D,
            "Familles qui demandent une place",
            "Registre du guichet, de septembre à décembre",
        ),
    ],
    ("PE-1", 2025): [
        (
            "Les horaires du jeudi soir attirent des pères qui ne venaient pas.",
            P,
            False,
            D,
            "Pères",
            "Témoignages recueillis au guichet",
        ),
        (
            "L’attente au téléphone s’est allongée le lundi matin.",
            N,
            False,
            I,
            "Familles, agents d’accueil",
            "Relevé des appels perdus",
        ),
    ],
    ("ENF-2", 2025): [
        (
            "Des animateurs formés partent travailler dans les communes voisines.",
            N,
            False,
            I,
            "Accueils de loisirs",
            "Réunion des directeurs, en octobre",
        ),
    ],
    ("JEU-1", 2025): [
        (
            "Des jeunes se proposent pour tenir l’accueil du samedi.",
            P,
            True,
            I,
            "Jeunes de 15 à 17 ans",
            "Inscriptions au planning",
        ),
    ],
}


def noter_effets(saisie: Saisie, quand: datetime.datetime) -> None:
    """Before the entry is submitted."""
    for constat, sens, is_attendu, origine, parties_prenantes, preuve in EFFETS.get(
        (saisie.fiche.code, saisie.campagne.annee), ()
    ):
        effet = Effet(
            convention_id=saisie.fiche.convention_id,
            fiche=saisie.fiche,
            annee=saisie.campagne.annee,
            constat=constat,
            sens=sens,
            is_attendu=is_attendu,
            origine=origine,
            parties_prenantes=parties_prenantes,
            preuve=preuve,
            source=DONNEES_DEMONSTRATION,
            updated_at=quand,
        )
        effet.full_clean()
        effet.save()


# On an axe itself, as nobody enters them in a fiche: (year, what is seen, sense, expected, link, for whom, how one knows)
EFFETS_DES_AXES = {
    "PE": (
        2026,
        "Les services de la petite enfance se transmettent les demandes urgentes sans attendre la commission.",
        P,
        True,
        I,
        "Familles, relais petite enfance",
        "Relevé des demandes urgentes, au premier semestre",
    ),
    "JEU": (
        2026,
        (
            "Les associations de quartier qui n’accueillent que des 11-14 ans perdent des bénévoles au profit des lieux "
            "pour les plus grands."
        ),
        N,
        False,
        I,
        "Associations de quartier",
        "Rencontre des associations, en mars",
    ),
}


def noter_effets_des_axes(convention: Convention, *, user: Utilisateur, now: datetime.datetime) -> int:
    """Idempotent: where an axe has an effect, or the campaign of its year is closed, nothing is added."""
    if Effet.objects.filter(convention=convention, axe__isnull=False).exists():
        return 0
    nb = 0
    for code, (annee, constat, sens, is_attendu, origine, pour, preuve) in EFFETS_DES_AXES.items():
        axe = Axe.objects.get(convention=convention, code=code, date_fin=None)
        effet = Effet(
            convention=convention,
            axe=axe,
            annee=annee,
            constat=constat,
            sens=sens,
            is_attendu=is_attendu,
            origine=origine,
            parties_prenantes=pour,
            preuve=preuve,
        )
        if verrou_de_l_effet(effet, today=timezone.localdate(now)):
            continue
        enregistrer_effet(effet, user=user, now=now)
        marquer(effet)
        nb += 1
    return nb


def marquer(objet) -> None:
    """What the story writes by the services is of the demonstration, and says so."""
    objet.source = DONNEES_DEMONSTRATION
    objet.save(update_fields=["source"])
