"""What a map of the registry shows, and its list in words. No presentation."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Convention
from structures.enums import AnnexeInscription
from structures.models import Structure, TypeStructure

NB_FORMES = 10  # shapes that one tells apart without colour


@dataclass(frozen=True, slots=True)
class Lieu:
    """`annexes`: those in which the structure is inscribed that day; none: it has left them, or is not there yet."""

    structure: Structure
    forme: int
    annexes: tuple[str, ...]

    @property
    def is_creux(self) -> bool:
        """A mark of annexe 2 bis is drawn hollow."""
        return self.annexes == (AnnexeInscription.A2BIS.label,)


@dataclass(frozen=True, slots=True)
class LigneLegende:
    forme: int
    type: str
    nb: int


@dataclass(frozen=True, slots=True)
class Carte:
    """`legende`: the types that are on the map, with how many of each."""

    lieux: tuple[Lieu, ...]
    sans_coordonnees: tuple[Lieu, ...]
    legende: tuple[LigneLegende, ...]

    @property
    def nb(self) -> int:
        return len(self.lieux) + len(self.sans_coordonnees)


def formes(convention: Convention) -> dict[int, int]:
    """{type: its shape}: the same whatever the filters show."""
    registre = Structure.objects.of_convention(convention)
    types = TypeStructure.objects.filter(structures__in=registre).distinct().order_by("ordre", "pk")
    return {cle: rang % NB_FORMES + 1 for rang, cle in enumerate(types.values_list("pk", flat=True))}


def collect_carte(convention: Convention, structures: Iterable[Structure]) -> Carte:
    """`structures`: as `for_list` reads them, with their inscriptions of the day."""
    par_type = formes(convention)
    lieux = [
        Lieu(structure, par_type[structure.type_structure_id], _annexes(structure))
        for structure in structures
    ]
    situes = tuple(lieu for lieu in lieux if lieu.structure.latitude is not None)
    comptes = Counter((lieu.forme, lieu.structure.type_structure) for lieu in situes)
    return Carte(
        situes,
        tuple(lieu for lieu in lieux if lieu.structure.latitude is None),
        tuple(LigneLegende(forme, str(genre), nb) for (forme, genre), nb in comptes.items()),
    )


def _annexes(structure: Structure) -> tuple[str, ...]:
    """Those of the day of which the structures were read."""
    return tuple(inscription.get_annexe_display() for inscription in structure.inscriptions.all())
