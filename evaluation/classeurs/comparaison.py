"""The cells of a workbook that came back, against what is saved now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evaluation.classeurs.apercu import Apercu, Sort
from evaluation.classeurs.feuilles import MASQUEES, Colonne, RangLu, empreinte

MAX_CELLULE = 32_767  # characters, of a spreadsheet
TROP_LONG = "Ce texte est trop long pour une cellule : modifiez-le sur la page de la fiche."
VIDE = "(vide)"


@dataclass(slots=True)
class Comparaison:
    """`choix`: what the page of the preview sent, for the cells that somebody else changed too."""

    choix: Mapping[str, str]
    apercu: Apercu = field(default_factory=Apercu)

    def touches(
        self,
        rang: RangLu,
        colonnes: tuple[Colonne, ...],
        compares: list[str],
        actuels: Mapping[str, str],
        quoi: str,
        fixes: Mapping[str, str],
    ) -> dict[str, str]:
        """{column: text} of the cells that the person changed, and that may be taken.

        `compares`: those that have a fingerprint; `fixes`: {column that is not changed here: why}.
        """
        if len(rang.vus) != len(compares):
            self.apercu.refuser(rang, compares[0], quoi, MASQUEES)
            return {}
        touches = {}
        for nom, vu in zip(compares, rang.vus, strict=True):
            lue, actuel = rang.cellules[nom], actuels.get(nom, "")
            mienne, actuelle = empreinte(lue.texte), empreinte(actuel)
            cle = f"choix-{rang.cle}-{nom}"
            dit = f"{quoi}, {nommer(colonnes, nom)}"
            if lue.faute:
                self.apercu.refuser(rang, nom, dit, lue.faute)
            elif mienne in {vu, actuelle} or self.choix.get(cle, "") == f"leur:{actuelle}":
                self.apercu.nb_inchangees += 1
            elif nom in fixes:
                self.apercu.refuser(rang, nom, dit, fixes[nom])
            elif len(actuel) > MAX_CELLULE:
                self.apercu.refuser(rang, nom, dit, TROP_LONG)
            elif actuelle != vu and not self.prend_le_mien(cle, actuelle):
                self.demander(rang, nom, dit, mien=lue.texte, actuel=actuel, cle=cle)
            else:
                touches[nom] = rang.texte(nom)
        self.refuser_les_fautes(rang, set(rang.cellules) - set(compares), colonnes, quoi)
        return touches

    def prend_le_mien(self, cle: str, empreinte_actuelle: str) -> bool:
        return self.choix.get(cle, "") == f"mien:{empreinte_actuelle}"

    def demander(self, rang: RangLu, nom: str, quoi: str, *, mien: str, actuel: str, cle: str) -> None:
        dit = {"mien": mien, "actuel": actuel, "cle": cle, "empreinte": empreinte(actuel)}
        self.apercu.ajouter(Sort.CONFLIT, rang.feuille, rang.cellules[nom].adresse, quoi, **dit)

    def refuser_les_fautes(self, rang: RangLu, noms: Iterable[str], colonnes, quoi: str) -> bool:
        """Refuse the cells that hold a formula or an error; whether there was one."""
        fautives = [nom for nom in rang.cellules if nom in noms and rang.cellules[nom].faute]
        for nom in fautives:
            self.refuser(rang, colonnes, nom, quoi, rang.cellules[nom].faute)
        return bool(fautives)

    def refuser(self, rang: RangLu, colonnes, nom: str, quoi: str, raison: str) -> None:
        self.apercu.refuser(rang, nom, f"{quoi}, {nommer(colonnes, nom)}", raison)

    def annoncer(self, rang: RangLu, colonnes, nom: str, quoi: str, mien: str, actuel: str) -> None:
        sort = Sort.MODIFIEE if actuel else Sort.NOUVELLE
        quoi = f"{quoi}, {nommer(colonnes, nom)}"
        textes = {"mien": mien or VIDE, "actuel": actuel or VIDE}
        self.apercu.ajouter(sort, rang.feuille, rang.cellules[nom].adresse, quoi, **textes)


def nommer(colonnes: Iterable[Colonne], nom: str) -> str:
    """The heading of a column, in a sentence."""
    titre = next(colonne.titre for colonne in colonnes if colonne.nom == nom)
    return titre.partition(" (")[0].lower()
