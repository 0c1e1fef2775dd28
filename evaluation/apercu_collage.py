"""What a block of definitions would change, line by line, and the cells that cannot be taken."""

import hashlib
from dataclasses import dataclass, field

from evaluation.forms_indicateurs import IndicateurForm


@dataclass(frozen=True, slots=True)
class Rejet:
    """One cell that cannot be taken, and what to write instead."""

    ligne: int
    colonne: str
    valeur: str
    remede: str


@dataclass(frozen=True, slots=True)
class Changement:
    """A field in words; `avant` is empty where nothing was said."""

    champ: str
    avant: str
    apres: str


@dataclass(slots=True)
class LigneCollee:
    numero: int
    fiche: str
    code: str
    intitule: str
    etat: str  # « nouveau », « modifié » or « inchangé »
    changements: list[Changement]
    avant: str  # what it was, to see whether it moves before the confirmation
    form: IndicateurForm


@dataclass(slots=True)
class Collage:
    lignes: list[LigneCollee] = field(default_factory=list)
    rejets: list[Rejet] = field(default_factory=list)

    @property
    def empreinte(self) -> str:
        """Names what the preview showed: if something moves before the confirmation, it is shown again."""
        dit = [(ligne.numero, ligne.etat, ligne.changements, ligne.avant) for ligne in self.lignes]
        return hashlib.sha256(repr(dit).encode()).hexdigest()[:16]

    def nb(self, etat: str) -> int:
        return sum(ligne.etat == etat for ligne in self.lignes)
