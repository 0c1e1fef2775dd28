"""The first sheet of a workbook that holds something and is shown; what is hidden or merged in it is refused."""

import warnings

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook

from ctg.imports.tableau import FUSIONNEES, MASQUEES, Feuille, enumerer
from ctg.lecture_xlsx import MAX_COLONNES, ClasseurError, dire_illisible, lire_feuille

ESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def lire_premiere_feuille(fichier) -> Feuille:
    """`fichier`: an archive whose parts were looked at. Raises ClasseurError."""
    try:
        with warnings.catch_warnings(action="ignore"):  # what a workbook has beside its cells is not ours
            classeur = load_workbook(fichier, read_only=True, keep_links=False)
            try:
                return _lire(classeur)
            finally:
                classeur.close()
    except ClasseurError:
        raise
    except Exception as error:  # a forged or damaged file fails anywhere in the parser, in any way
        raise ClasseurError(dire_illisible(error)) from error


def _lire(classeur) -> Feuille:
    lue, autres, masquees = None, [], frozenset()
    for sheet in classeur.worksheets:
        if lue is not None:
            # Whether it holds something is asked of its first rows: only the first sheet is read.
            if any(
                any(cell.value not in (None, "") for cell in row)
                for row in sheet.iter_rows(max_row=20, max_col=20)
            ):
                autres.append(sheet.title)
            continue
        if sheet.sheet_state != "visible":
            continue
        lignes = lire_feuille(sheet)
        if lignes:
            lue = sheet.title, lignes
            masquees = _verifier(sheet, {numero for numero, _ in lignes})
    if lue is None:
        return Feuille("", [])
    nom, lignes = lue
    cellules = [(numero, {c: (lu.texte, lu.faute) for c, lu in rang.items()}) for numero, rang in lignes]
    return Feuille(nom, cellules, tuple(autres), masquees)


def _verifier(sheet, remplies: set[int]) -> frozenset[int]:
    """A sheet read as a stream says neither its merged cells nor what it hides: they are read in its XML.

    The hidden columns; hidden rows are refused.
    """
    masquees, colonnes, numero = [], set(), 0
    with sheet.parent._archive.open(sheet._worksheet_path) as source:
        for moment, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            if moment == "start" and element.tag == f"{ESPACE}row":
                numero = int(element.get("r") or numero + 1)
                if element.get("hidden") in {"1", "true"} and numero in remplies:
                    masquees.append(numero)
            elif moment == "end" and element.tag == f"{ESPACE}col":
                if element.get("hidden") in {"1", "true"}:
                    dernier = min(int(element.get("max")), MAX_COLONNES)
                    colonnes.update(range(int(element.get("min")), dernier + 1))
            elif moment == "end" and element.tag == f"{ESPACE}mergeCell":
                raise ClasseurError(FUSIONNEES.format(plage=element.get("ref", "")))
            elif moment == "end" and element.tag in {f"{ESPACE}row", f"{ESPACE}c"}:
                element.clear()
    if masquees:
        raise ClasseurError(MASQUEES.format(lignes=enumerer(masquees)))
    return frozenset(colonnes)
