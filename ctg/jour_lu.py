"""The day that a page is read at: today, or another one that its address asks for (`?au=2025-03-01`)."""

import datetime
from dataclasses import dataclass

from ctg.models import Convention


@dataclass(frozen=True, slots=True)
class Repere:
    """A day that one may want: of an avenant, or the end of a year. `au`: as an address writes it."""

    nom: str
    au: str


@dataclass(frozen=True, slots=True)
class JourLu:
    au: datetime.date
    today: datetime.date
    convention: Convention

    @property
    def is_autre(self) -> bool:
        return self.au != self.today

    @property
    def is_passe(self) -> bool:
        return self.au < self.today

    @property
    def is_hors(self) -> bool:
        """Out of the years of the convention, where they are known."""
        return bool(self.convention.annees) and self.au.year not in self.convention.annees

    @property
    def requete(self) -> str:
        """What the address of a page that is read at the same day ends with; nothing for today."""
        return f"?au={self.au.isoformat()}" if self.is_autre else ""

    @property
    def suite(self) -> str:
        """The same, after other parameters."""
        return f"&au={self.au.isoformat()}" if self.is_autre else ""

    @property
    def marque(self) -> str:
        """What tells the file of another day apart, in its name."""
        return f"-au-{self.au.isoformat()}" if self.is_autre else ""

    @property
    def avenants(self) -> list[Repere]:
        avenants = self.convention.avenants.order_by("date_effet", "numero")
        return [Repere(f"avenant n°\u00a0{a.numero}", a.date_effet.isoformat()) for a in avenants]

    @property
    def fins_d_annee(self) -> list[Repere]:
        return [Repere(str(annee), f"{annee}-12-31") for annee in self.convention.annees]

    def dater(self, table: list[list]) -> list[list]:
        """A table that leaves says, on each row, of which other day it is."""
        if not self.is_autre:
            return table
        titres, *lignes = table
        return [[*titres, "En vigueur le"], *([*ligne, self.au] for ligne in lignes)]
