"""Reading the tables of a convention: a folder of CSV files, or a workbook."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from openpyxl.utils import get_column_letter

from ctg.chargement.tableau import ChargementError, Tableau, get_tableau
from ctg.lecture_xlsx import ClasseurError, lire_xlsx

LISEZ_MOI = "Lisez-moi"  # the sheet that explains the others


@dataclass(frozen=True, slots=True)
class Ligne:
    lieu: str  # « structures.csv, ligne 12 »
    cellules: dict[str, str]


Rangs = list[tuple[int, list[str]]]  # number of the row, cells
Contenu = dict[str, list[Ligne]]


def lire_source(source: Path) -> Contenu:
    """{table: rows} of a folder of CSV files or of a workbook."""
    if source.is_dir():
        fichiers = [(path.stem, path.name, _lire_csv(path)) for path in sorted(source.glob("*.csv"))]
        return _comprendre(fichiers, source.name)
    if source.suffix == ".xlsx" and source.is_file():
        with source.open("rb") as stream:
            return lire_classeur(stream, source.name)
    raise ChargementError([f"{source} : donnez un dossier de fichiers CSV ou un classeur .xlsx."])


def lire_classeur(fichier: BinaryIO, nom: str) -> Contenu:
    """{table: rows} of a workbook. Raises ChargementError."""
    return _comprendre(list(_feuilles(fichier)), nom)


def _comprendre(fichiers: list[tuple[str, str, Rangs]], nom: str) -> Contenu:
    fautes: list[str] = []
    resultat = {}
    for tableau_nom, lieu, rangs in fichiers:
        if (tableau := get_tableau(tableau_nom)) is None:
            fautes.append(f"{lieu} : ce tableau n’est pas connu.")
        else:
            resultat[tableau_nom] = _lignes(tableau, lieu, rangs, fautes)
    if fautes:
        raise ChargementError(fautes)
    if not resultat:
        raise ChargementError([f"{nom} : aucun tableau à charger."])
    return resultat


def _lire_csv(path: Path) -> Rangs:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(enumerate(csv.reader(stream, strict=True), start=1))
    except UnicodeDecodeError:
        raise ChargementError([f"{path.name} : enregistrez ce fichier en UTF-8."]) from None
    except csv.Error as error:
        raise ChargementError([f"{path.name} : ce fichier CSV est abîmé ({error})."]) from None


def _feuilles(fichier: BinaryIO) -> Iterator[tuple[str, str, Rangs]]:
    """Each sheet that has something to load: one whose rows are not filled says nothing."""
    try:
        feuilles = lire_xlsx(fichier)
    except ClasseurError as error:
        raise ChargementError([str(error)]) from error
    fautes = [
        f"Feuille « {nom} », cellule {cellule.adresse} : {cellule.faute}"
        for nom, rangs in feuilles.items()
        for _, cellules in rangs
        for cellule in cellules.values()
        if cellule.faute
    ]
    if fautes:
        raise ChargementError(fautes)
    for nom, rangs in feuilles.items():
        if nom == LISEZ_MOI or len(rangs) < 2:
            continue
        largeur = max(rangs[0][1])
        for numero, cellules in rangs[1:]:
            if (dernier := max(cellules)) > largeur:
                fautes.append(
                    f"Feuille « {nom} », ligne {numero}, colonne {get_column_letter(dernier)}, « {cellules[dernier].texte} » : "
                    "cette cellule n’a pas de titre au-dessus d’elle."
                )
        yield (
            nom,
            f"feuille « {nom} »",
            [
                (n, [cellules[c].texte if c in cellules else "" for c in range(1, largeur + 1)])
                for n, cellules in rangs
            ],
        )
    if fautes:
        raise ChargementError(fautes)


def _lignes(tableau: Tableau, lieu: str, rangs: Rangs, fautes: list[str]) -> list[Ligne]:
    premier, entetes = rangs[0] if rangs else (1, [])
    entetes = [cell.strip() for cell in entetes]
    avant = len(fautes)
    fautes += [
        f"{lieu}, ligne {premier} : la colonne « {name} » n’est pas connue (colonnes : {', '.join(tableau.colonnes)})."
        for name in entetes
        if name not in tableau.colonnes
    ]
    fautes += [
        f"{lieu}, ligne {premier} : la colonne « {name} » est en double."
        for name in sorted(set(entetes))
        if entetes.count(name) > 1
    ]
    fautes += [
        f"{lieu}, ligne {premier} : la colonne « {name} » manque."
        for name in tableau.cle
        if name not in entetes
    ]
    if len(fautes) > avant:
        return []
    lignes_lues: list[Ligne] = []
    vues: dict[tuple[str, ...], int] = {}
    for numero, row in rangs[1:]:
        if not any(cell.strip() for cell in row):
            continue
        place = f"{lieu}, ligne {numero}"
        if len(row) != len(entetes):
            fautes.append(f"{place} : {len(row)} cellules pour {len(entetes)} colonnes.")
            continue
        ligne = Ligne(place, {name: cell.strip() for name, cell in zip(entetes, row, strict=True)})
        cle = tuple(ligne.cellules[name] for name in tableau.cle)
        if cle in vues:
            fautes.append(f"{place} : « {' / '.join(cle)} » est déjà à la ligne {vues[cle]}.")
        vues[cle] = numero
        lignes_lues.append(ligne)
    return lignes_lues
