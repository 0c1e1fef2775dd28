"""The hidden sheet of the names from which a cell chooses: a list of a spreadsheet cannot hold a comma of its own."""

from collections.abc import Iterable, Mapping

from openpyxl.utils import get_column_letter, quote_sheetname

from ctg.renderers import poser

TITRE = "Listes"


def ecrire_listes(workbook, listes: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """{name of the list: rule of its cells}; an empty list makes no rule."""
    sheet, regles = workbook.create_sheet(TITRE), {}
    for rang, (nom, valeurs) in enumerate(listes.items(), start=1):
        poses = list(valeurs)
        for numero, valeur in enumerate(poses, start=1):
            poser(sheet.cell(numero, rang), valeur)
        if poses:
            lettre = get_column_letter(rang)
            regles[nom] = f"={quote_sheetname(TITRE)}!${lettre}$1:${lettre}${len(poses)}"
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    return regles
