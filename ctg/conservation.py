"""How long personal data is kept: one list, that the legal notice shows and the commands apply."""

from dataclasses import dataclass

from django.conf import settings

MOIS_MAX = 1200
HORS_BORNES = "Écrivez entre 1 et 1\u202f200 mois, ou laissez vide."


@dataclass(frozen=True, slots=True)
class Duree:
    donnee: str
    mois: int
    ensuite: str


DUREES = (
    Duree(
        "Nom, adresse électronique et fonction d’une personne qui n’a plus de mandat",
        settings.CONSERVATION_PERSONNES,
        "rendus anonymes partout, sauf dans les bilans figés",
    ),
    Duree("Brouillon d’un formulaire", settings.CONSERVATION_BROUILLONS, "supprimé"),
)
