"""Which fiche covers which quartier. No presentation."""

import datetime
from dataclasses import dataclass

from ctg.models import Convention, Quartier
from fiches.models import FicheProjet


@dataclass(frozen=True, slots=True)
class LigneCouverture:
    """`quartiers`: keys of those that the fiche names; `territoire`: what it says in words."""

    code: str
    titre: str
    axe: str
    quartiers: frozenset[int]
    territoire: str

    @property
    def nb(self) -> int:
        return len(self.quartiers)


@dataclass(frozen=True, slots=True)
class Couverture:
    """`colonnes`: (key, name) of the quartiers of reference, in their order."""

    colonnes: tuple[tuple[int, str], ...]
    lignes: tuple[LigneCouverture, ...]

    @property
    def totaux(self) -> list[tuple[str, int]]:
        """How many fiches name each quartier."""
        return [(nom, sum(cle in ligne.quartiers for ligne in self.lignes)) for cle, nom in self.colonnes]

    @property
    def nb_liens(self) -> int:
        return sum(ligne.nb for ligne in self.lignes)

    @property
    def sans_quartier(self) -> list[LigneCouverture]:
        """A fiche that names none may cover them all: that is not known."""
        return [ligne for ligne in self.lignes if not ligne.quartiers]

    def table(self) -> list[list]:
        """Headings, a row a fiche, the totals."""
        noms = [nom for _, nom in self.colonnes]
        titres: list[list] = [["Axe", "Fiche", "Intitulé", *noms, "Quartiers", "Territoire"]]
        rangs = [
            [
                ligne.axe,
                ligne.code,
                ligne.titre,
                *(1 if cle in ligne.quartiers else None for cle, _ in self.colonnes),
                ligne.nb,
                ligne.territoire,
            ]
            for ligne in self.lignes
        ]
        totaux = ["", "", "Nombre de fiches", *(nb for _, nb in self.totaux), self.nb_liens, ""]
        return [*titres, *rangs, totaux]


def collect_couverture(convention: Convention, *, au: datetime.date) -> Couverture:
    """The fiches in force, in the order of the plan; three queries."""
    quartiers = Quartier.objects.de_reference(convention.territoire)
    colonnes = tuple(quartiers.values_list("pk", "nom"))
    fiches = FicheProjet.objects.filter(convention=convention).en_vigueur(au=au).for_list()
    connus = {cle for cle, _ in colonnes}
    return Couverture(
        colonnes,
        tuple(
            LigneCouverture(
                fiche.code,
                fiche.titre,
                str(fiche.axe),
                frozenset(quartier.pk for quartier in fiche.quartiers.all()) & connus,
                fiche.territoire,
            )
            for fiche in fiches.prefetch_related("quartiers")
        ),
    )
