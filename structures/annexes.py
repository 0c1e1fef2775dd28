"""The lists of annexes 2 and 2 bis as they stand on a day, and what changed between two days. No presentation."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ctg.models import Convention
from structures.enums import AnnexeInscription
from structures.models import Inscription

# As the signed annexes are called.
TITRES = {
    AnnexeInscription.A2: "Liste des équipements et services soutenus par la collectivité locale",
    AnnexeInscription.A2BIS: (
        "Liste des équipements et services soutenus par la collectivité locale non éligibles au bonus territoire"
    ),
}
# What an avenant may change of a line, as a reader calls it.
CHAMPS = {
    "annexe": "annexe",
    "rubrique": "rubrique",
    "designation": "type",
    "nom": "nom",
    "adresse": "adresse",
    "gestionnaire": "gestionnaire",
}
ENTREE, SORTIE, CHANGEE = "entrée", "sortie", "changée"


@dataclass(frozen=True, slots=True)
class LigneAnnexe:
    """A line as signed. `structure`: the key of its structure."""

    structure: int
    type: str
    nom: str
    adresse: str
    gestionnaire: str


@dataclass(frozen=True, slots=True)
class Rubrique:
    titre: str
    lignes: tuple[LigneAnnexe, ...]


@dataclass(frozen=True, slots=True)
class Annexe:
    code: str
    titre: str
    rubriques: tuple[Rubrique, ...]

    @property
    def nb(self) -> int:
        return sum(len(rubrique.lignes) for rubrique in self.rubriques)


@dataclass(frozen=True, slots=True)
class Changement:
    """`champs`: (what, before, after) of a line that an avenant changed."""

    quoi: str
    structure: int
    annexe: str
    nom: str
    champs: tuple[tuple[str, str, str], ...] = ()


def collect_annexes(convention: Convention, *, au: datetime.date) -> tuple[Annexe, ...]:
    """Both, in the order of the text; one query."""
    lignes = _inscriptions(convention, au)
    return tuple(
        Annexe(
            code, TITRES[AnnexeInscription(code)], tuple(_rubriques(i for i in lignes if i.annexe == code))
        )
        for code in AnnexeInscription.values
    )


def _inscriptions(convention: Convention, au: datetime.date) -> list[Inscription]:
    inscriptions = Inscription.objects.filter(convention=convention).en_vigueur(au=au)
    return list(inscriptions.for_list().select_related("structure__type_structure"))


def _rubriques(inscriptions: Iterable[Inscription]) -> Iterable[Rubrique]:
    """What follows under one heading: the same heading further on is another one."""
    for titre, groupe in groupby(inscriptions, key=lambda inscription: inscription.rubrique):
        yield Rubrique(
            titre,
            tuple(
                LigneAnnexe(
                    i.structure_id,
                    i.designation or i.structure.type_structure.nom,
                    i.nom,
                    i.adresse,
                    i.gestionnaire,
                )
                for i in groupe
            ),
        )


def comparer_annexes(
    convention: Convention, *, depuis: datetime.date, au: datetime.date
) -> tuple[Changement, ...]:
    """What came, left and changed between two days, by structure; two queries."""
    avant, apres = ({i.structure_id: i for i in _inscriptions(convention, jour)} for jour in (depuis, au))
    return (
        *(_changement(ENTREE, i) for pk, i in apres.items() if pk not in avant),
        *(_changement(SORTIE, i) for pk, i in avant.items() if pk not in apres),
        *(
            _changement(CHANGEE, i, champs)
            for pk, i in apres.items()
            if pk in avant and (champs := _champs(avant[pk], i))
        ),
    )


def _changement(quoi: str, inscription: Inscription, champs=()) -> Changement:
    return Changement(quoi, inscription.structure_id, inscription.annexe, inscription.nom, champs)


def _champs(avant: Inscription, apres: Inscription) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (dit, getattr(avant, nom), getattr(apres, nom))
        for nom, dit in CHAMPS.items()
        if getattr(avant, nom) != getattr(apres, nom)
    )
