"""What changed since the year before, from the content of a bilan alone. Pure."""

from dataclasses import dataclass

from evaluation.bilan import Contenu, LigneFiche, LigneIndicateur, Mouvement
from evaluation.enums import NatureIndicateur, Sens

SIGNES = {Sens.HAUSSE.label: 1, Sens.BAISSE.label: -1}


@dataclass(frozen=True, slots=True)
class Changements:
    """`reculs`: (code of the fiche, indicator) of those that went against the wished direction.

    `mouvements`: as in the content; `nb_incomparables`: of the indicators whose direction is wished, those of which one of both values is missing.
    """

    statuts: tuple[LigneFiche, ...]
    nb_progres: int
    nb_stables: int
    nb_incomparables: int
    reculs: tuple[tuple[str, LigneIndicateur], ...]
    mouvements: tuple[Mouvement, ...] | None

    @property
    def is_vide(self) -> bool:
        return not (self.statuts or self.nb_progres or self.nb_stables or self.reculs or self.mouvements)


def collect_changements(contenu: Contenu) -> Changements:
    diriges = [
        (fiche.code, ligne, _progres(ligne))
        for fiche in contenu.fiches
        for ligne in fiche.indicateurs
        if ligne.sens in SIGNES and ligne.nature not in NatureIndicateur.SANS_ECART
    ]
    progres = [pas for *_, pas in diriges]
    return Changements(
        statuts=tuple(
            fiche
            for fiche in contenu.fiches
            if fiche.statut_precedent and fiche.statut and fiche.statut != fiche.statut_precedent
        ),
        nb_progres=sum(pas is not None and pas > 0 for pas in progres),
        nb_stables=progres.count(0),
        nb_incomparables=progres.count(None),
        reculs=tuple((code, ligne) for code, ligne, pas in diriges if pas is not None and pas < 0),
        mouvements=contenu.mouvements,
    )


def _progres(ligne: LigneIndicateur):
    """How far the value went in the wished direction; None where a value is missing."""
    avant = ligne.precedente.nombre if ligne.precedente else None
    apres = ligne.valeur.nombre if ligne.valeur else None
    return None if avant is None or apres is None else SIGNES[ligne.sens] * (apres - avant)
