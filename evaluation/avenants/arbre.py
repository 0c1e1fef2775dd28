"""The tree as a projet d’avenant would make it, with its changes marked."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Convention
from evaluation.avenants.enums import NatureChangement
from evaluation.models import ChangementProjete
from fiches.arbre import Noeud, NoeudObjectif, construire_arbre
from fiches.models import FicheProjet

N = NatureChangement
AJOUTE, CHANGE, CLOS, ARRIVE, PART = "ajoute", "change", "clos", "arrive", "part"


@dataclass(frozen=True, slots=True)
class ObjectifProjete:
    """`avant`: its words before, where they change."""

    marque: str
    intitule: str
    avant: str
    precisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FicheDeLArbre:
    marque: str
    code: str
    titre: str
    avant: str


@dataclass(frozen=True, slots=True)
class NoeudProjete:
    """An axe, in the order of the tree. `rang`: its depth; `avant`: its title before, where it changes."""

    rang: int
    niveau: str
    marque: str
    code: str
    intitule: str
    avant: str
    objectifs: tuple[ObjectifProjete, ...]
    fiches: tuple[FicheDeLArbre, ...]

    @property
    def est_touche(self) -> bool:
        return bool(self.marque) or any(partie.marque for partie in (*self.objectifs, *self.fiches))

    @property
    def est_avant(self) -> bool:
        """Whether it stands in the tree before the avenant."""
        return self.marque != AJOUTE

    @property
    def est_apres(self) -> bool:
        return self.marque != CLOS


def projeter_arbre(
    convention: Convention, lignes: Iterable[ChangementProjete], *, au: datetime.date
) -> tuple[NoeudProjete, ...]:
    """The tree of that day, and what the lines make of it. Axes, objectives and fiches are known by their codes."""
    projection = _Projection(convention, list(lignes))
    racines = construire_arbre(convention, au=au)
    projection.recenser(racines)
    return (
        *(noeud for racine in racines for noeud in projection.noeud(racine)),
        *(noeud for ligne in projection.axes_sous[""] for noeud in projection.nouveau(ligne, 1)),
    )


class _Projection:
    def __init__(self, convention: Convention, lignes: list[ChangementProjete]):
        self.niveaux = {niveau.rang: niveau.singulier for niveau in convention.niveaux.all()}
        self.axes: dict[tuple[str, str], ChangementProjete] = {}
        self.objectifs: dict[tuple[str, str], ChangementProjete] = {}
        self.fiches: dict[tuple[str, str], ChangementProjete] = {}
        # What is added, by the code of its axe, or by the key of the line that adds that axe.
        self.axes_sous: dict = defaultdict(list)
        self.objectifs_sous: dict = defaultdict(list)
        self.fiches_sous: dict = defaultdict(list)
        self.arrivees: dict = defaultdict(list)
        for ligne in lignes:
            self._classer(ligne)

    def _classer(self, ligne: ChangementProjete) -> None:
        sous = ligne.sous_id or (ligne.axe.code if ligne.axe_id else "")
        ajouts = {
            N.AXE_AJOUTER: self.axes_sous,
            N.OBJECTIF_AJOUTER: self.objectifs_sous,
            N.FICHE_AJOUTER: self.fiches_sous,
        }
        if ligne.nature in ajouts:
            ajouts[ligne.nature][sous].append(ligne)
        elif ligne.nature in {N.AXE_MODIFIER, N.AXE_CLORE}:
            self.axes[ligne.nature, ligne.axe.code] = ligne
        elif ligne.nature in {N.OBJECTIF_MODIFIER, N.OBJECTIF_CLORE}:
            self.objectifs[ligne.nature, ligne.objectif.code] = ligne
        elif ligne.nature in {N.FICHE_MODIFIER, N.FICHE_RATTACHER, N.FICHE_CLORE}:
            self.fiches[ligne.nature, ligne.fiche.code] = ligne

    def recenser(self, racines: list[Noeud]) -> None:
        """Where the fiches that move are now, and where they will be."""
        for (nature, code), ligne in self.fiches.items():
            if nature != N.FICHE_RATTACHER:
                continue
            avant = set(ligne.avant.get("axes", []))
            for pk in set(ligne.valeurs["axes"]) - avant:
                self.arrivees[pk].append(code)
            if ligne.sous_id:
                self.arrivees[-ligne.sous_id].append(code)
        self.connues = {fiche.code: fiche for racine in racines for fiche in _fiches_sous(racine)}

    def noeud(self, noeud: Noeud) -> Iterable[NoeudProjete]:
        axe = noeud.axe
        modifie, clos = self.axes.get((N.AXE_MODIFIER, axe.code)), self.axes.get((N.AXE_CLORE, axe.code))
        intitule = modifie.valeurs.get("intitule", axe.intitule) if modifie else axe.intitule
        yield NoeudProjete(
            rang=axe.rang,
            niveau=noeud.niveau,
            marque=CLOS if clos else CHANGE if modifie else "",
            code=axe.code,
            intitule=intitule,
            avant=axe.intitule if intitule != axe.intitule else "",
            objectifs=(
                *(self.objectif(objectif) for objectif in noeud.objectifs),
                *map(_objectif_ajoute, self.objectifs_sous[axe.code]),
            ),
            fiches=(
                *(self.fiche(fiche, noeud) for fiche in _fiches_de(noeud)),
                *(self._arrivee(code) for code in self.arrivees[noeud.cle]),
                *map(_fiche_ajoutee, self.fiches_sous[axe.code]),
            ),
        )
        for enfant in noeud.enfants:
            yield from self.noeud(enfant)
        for ligne in self.axes_sous[axe.code]:
            yield from self.nouveau(ligne, axe.rang + 1)

    def nouveau(self, ligne: ChangementProjete, rang: int) -> Iterable[NoeudProjete]:
        yield NoeudProjete(
            rang=rang,
            niveau=self.niveaux.get(rang, f"niveau {rang}"),
            marque=AJOUTE,
            code=ligne.valeurs.get("code", ""),
            intitule=ligne.valeurs["intitule"],
            avant="",
            objectifs=tuple(map(_objectif_ajoute, self.objectifs_sous[ligne.pk])),
            fiches=(
                *map(_fiche_ajoutee, self.fiches_sous[ligne.pk]),
                *(self._arrivee(code) for code in self.arrivees[-ligne.pk]),
            ),
        )
        for suite in self.axes_sous[ligne.pk]:
            yield from self.nouveau(suite, rang + 1)

    def objectif(self, noeud: NoeudObjectif) -> ObjectifProjete:
        objectif = noeud.objectif
        modifie = self.objectifs.get((N.OBJECTIF_MODIFIER, objectif.code))
        clos = (N.OBJECTIF_CLORE, objectif.code) in self.objectifs
        intitule = modifie.valeurs["intitule"] if modifie else objectif.intitule
        return ObjectifProjete(
            CLOS if clos else CHANGE if modifie else "",
            intitule,
            objectif.intitule if modifie else "",
            tuple(enfant.objectif.intitule for enfant in noeud.enfants),
        )

    def fiche(self, fiche: FicheProjet, noeud: Noeud) -> FicheDeLArbre:
        modifiee = self.fiches.get((N.FICHE_MODIFIER, fiche.code))
        rattachee = self.fiches.get((N.FICHE_RATTACHER, fiche.code))
        titre = (modifiee and modifiee.valeurs.get("intitule")) or fiche.titre
        marque = CHANGE if modifiee else ""
        if rattachee and noeud.cle not in rattachee.valeurs["axes"]:
            marque = PART
        if (N.FICHE_CLORE, fiche.code) in self.fiches:
            marque = CLOS
        return FicheDeLArbre(marque, fiche.code, titre, fiche.titre if titre != fiche.titre else "")

    def _arrivee(self, code: str) -> FicheDeLArbre:
        modifiee = self.fiches.get((N.FICHE_MODIFIER, code))
        fiche = self.connues.get(code)
        titre = (modifiee and modifiee.valeurs.get("intitule")) or (fiche.titre if fiche else "")
        return FicheDeLArbre(ARRIVE, code, titre, "")


def _fiches_de(noeud: Noeud) -> list[FicheProjet]:
    """Those that carry the axe; those that hang on it and carry none."""
    return [*noeud.fiches_porteuses, *(fiche for fiche in noeud.fiches if not fiche.axes.all())]


def _fiches_sous(noeud: Noeud) -> Iterable[FicheProjet]:
    yield from noeud.fiches
    for enfant in noeud.enfants:
        yield from _fiches_sous(enfant)


def _objectif_ajoute(ligne: ChangementProjete) -> ObjectifProjete:
    return ObjectifProjete(AJOUTE, ligne.valeurs["intitule"], "", ())


def _fiche_ajoutee(ligne: ChangementProjete) -> FicheDeLArbre:
    return FicheDeLArbre(AJOUTE, "", ligne.valeurs["intitule"], "")
