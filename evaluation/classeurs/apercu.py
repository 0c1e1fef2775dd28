"""What a workbook that came back would change, cell by cell, before anything is written."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Sort(StrEnum):
    NOUVELLE = "nouvelle"
    MODIFIEE = "modifiee"
    A_CONFIRMER = "a_confirmer"
    CONFLIT = "conflit"
    REFUSEE = "refusee"


@dataclass(frozen=True, slots=True)
class LigneApercu:
    """A cell that the person changed. `cle` names its choice on the page, `empreinte` what is saved now."""

    sort: Sort
    feuille: str
    adresse: str
    quoi: str
    mien: str = ""
    actuel: str = ""
    raison: str = ""
    auteur: str = ""
    cle: str = ""
    empreinte: str = ""


@dataclass(slots=True)
class Apercu:
    lignes: list[LigneApercu] = field(default_factory=list)
    nb_inchangees: int = 0
    remarques: list[str] = field(default_factory=list)  # sentences; they forbid nothing

    def ajouter(self, sort: Sort, feuille: str, adresse: str, quoi: str, **autres) -> None:
        self.lignes.append(LigneApercu(sort, feuille, adresse, quoi, **autres))

    def refuser(self, rang, nom: str, quoi: str, raison: str) -> None:
        """`rang`: a RangLu; `nom`: the column of the cell."""
        cellule = rang.cellules[nom]
        self.ajouter(Sort.REFUSEE, rang.feuille, cellule.adresse, quoi, mien=cellule.texte, raison=raison)

    def _de(self, *sorts: Sort) -> list[LigneApercu]:
        return [ligne for ligne in self.lignes if ligne.sort in sorts]

    @property
    def refus(self) -> list[LigneApercu]:
        return self._de(Sort.REFUSEE)

    @property
    def demandes(self) -> list[LigneApercu]:
        """What the person has to settle before confirming."""
        return self._de(Sort.CONFLIT, Sort.A_CONFIRMER)

    @property
    def changements(self) -> list[LigneApercu]:
        return self._de(Sort.NOUVELLE, Sort.MODIFIEE)

    @property
    def nb(self) -> dict[str, int]:
        compte = Counter(ligne.sort.value for ligne in self.lignes)
        return {sort.value: compte[sort.value] for sort in Sort}

    @property
    def est_bloque(self) -> bool:
        return bool(self.refus or self.demandes)
