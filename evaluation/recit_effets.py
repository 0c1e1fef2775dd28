"""What the fiches of the demonstration changed: invented, and said so wherever it shows."""

import datetime

from ctg.models import DONNEES_DEMONSTRATION
from evaluation.enums import OrigineEffet, SensEffet
from evaluation.models import Effet, Saisie

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
