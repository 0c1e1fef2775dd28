"""Annexes 2 and 2 bis as a projet d’avenant would make them: the consolidated lists, with what changes marked."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Convention
from evaluation.avenants.enums import NatureChangement
from evaluation.models import ChangementProjete
from structures.annexes import TITRES
from structures.enums import AnnexeInscription
from structures.models import Inscription

N = NatureChangement
CHAMPS = ("designation", "nom", "adresse", "gestionnaire")


@dataclass(frozen=True, slots=True)
class LigneDAnnexe:
    """`marque`: « ajoute », « change », « clos » or nothing."""

    marque: str
    rubrique: str
    designation: str
    nom: str
    adresse: str
    gestionnaire: str


@dataclass(frozen=True, slots=True)
class RubriqueDAnnexe:
    titre: str
    lignes: tuple[LigneDAnnexe, ...]


@dataclass(frozen=True, slots=True)
class AnnexeProjetee:
    """`nb_avant` and `nb_apres`: lines before and after the avenant."""

    code: str
    titre: str
    nb_avant: int
    nb_apres: int
    rubriques: tuple[RubriqueDAnnexe, ...]

    @property
    def est_touchee(self) -> bool:
        return bool(self.changees)

    @property
    def changees(self) -> list[LigneDAnnexe]:
        return [ligne for rubrique in self.rubriques for ligne in rubrique.lignes if ligne.marque]


def projeter_annexes(
    convention: Convention, lignes: Iterable[ChangementProjete], *, au: datetime.date
) -> tuple[AnnexeProjetee, ...]:
    """Those of that day and what the lines make of them; one query."""
    lignes = list(lignes)
    touchees = {ligne.inscription_id: ligne for ligne in lignes if ligne.inscription_id}
    actuelles = Inscription.objects.filter(convention=convention).en_vigueur(au=au).for_list()
    listes: dict[str, list[LigneDAnnexe]] = {code: [] for code in AnnexeInscription.values}
    nb_avant = dict.fromkeys(listes, 0)
    arrivent: list[tuple[str, LigneDAnnexe]] = []
    for inscription in actuelles.select_related("structure__type_structure"):
        nb_avant[inscription.annexe] += 1
        ligne = touchees.get(inscription.pk)
        dite = _lire(inscription)
        if ligne is None:
            listes[inscription.annexe].append(_ecrire("", dite))
        elif ligne.nature == N.INSCRIPTION_RETIRER:
            listes[inscription.annexe].append(_ecrire("clos", dite))
        elif (annexe := ligne.valeurs.get("annexe", inscription.annexe)) == inscription.annexe:
            listes[annexe].append(_ecrire("change", dite | ligne.valeurs))
        else:  # it leaves one annexe for the other, at its end
            listes[inscription.annexe].append(_ecrire("clos", dite))
            arrivent.append((annexe, _ecrire("ajoute", dite | ligne.valeurs)))
    arrivent += [
        (ligne.valeurs["annexe"], _ecrire("ajoute", ligne.valeurs))
        for ligne in lignes
        if ligne.nature == N.STRUCTURE_INSCRIRE
    ]
    for annexe, dite in arrivent:
        listes[annexe].append(dite)
    return tuple(
        AnnexeProjetee(
            code,
            str(TITRES[AnnexeInscription(code)]),
            nb_avant[code],
            sum(ligne.marque != "clos" for ligne in siennes),
            tuple(_rubriques(siennes)),
        )
        for code, siennes in listes.items()
    )


def _lire(inscription: Inscription) -> dict[str, str]:
    dite = {nom: getattr(inscription, nom) for nom in ("rubrique", *CHAMPS)}
    dite["designation"] = dite["designation"] or str(inscription.structure.type_structure)
    return dite


def _ecrire(marque: str, dite: dict) -> LigneDAnnexe:
    return LigneDAnnexe(marque, *(str(dite.get(nom) or "") for nom in ("rubrique", *CHAMPS)))


def _rubriques(lignes: list[LigneDAnnexe]) -> Iterable[RubriqueDAnnexe]:
    """In the order of the text; a line that comes in is put with those of its heading."""
    groupes: dict[str, list[LigneDAnnexe]] = {}
    for ligne in lignes:
        groupes.setdefault(ligne.rubrique, []).append(ligne)
    for titre, siennes in groupes.items():
        yield RubriqueDAnnexe(titre, tuple(siennes))
