"""What the sheets of the workbook share: title and marks, headings, rows of real numbers, print set-up."""

import datetime
from decimal import Decimal

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from ctg.renderers import nettoyer, poser
from evaluation.edition import Edition
from evaluation.enums import Sortie

CENTIME = Decimal("0.01")
POLICE = "Calibri"  # that of the cells: without a name, a spreadsheet takes its own
NOM_SORTIE = {Sortie.COMPLET: "Version complète", Sortie.PUBLIC: "Version publique"}
ENTETE = 4  # row of the headings, below the title and the marks


def titrer(sheet, edition: Edition, titre: str) -> None:
    bilan = edition.complet
    poser(sheet["A1"], f"{titre} {bilan.annee} – {bilan.convention}")
    sheet["A1"].font = Font(name=POLICE, bold=True, size=14)
    verbe = "données arrêtées" if edition.version else "produit"
    mots = [edition.marques, f"{verbe} le {bilan.generated_at:%d/%m/%Y}"]
    poser(sheet["A2"], " – ".join(mot for mot in mots if mot))
    sheet["A2"].font = Font(name=POLICE, bold=True, color="9A5410")
    if edition.version:
        poser(
            sheet["A3"], f"{NOM_SORTIE[edition.sortie]} – version {edition.version} – {edition.identifiant}"
        )


def entetes(sheet, noms: list[str], largeurs: list[int]) -> None:
    for rang, (nom, largeur) in enumerate(zip(noms, largeurs, strict=True), start=1):
        cell = sheet.cell(ENTETE, rang)
        poser(cell, nom)
        cell.font = Font(name=POLICE, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0F5E59")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(rang)].width = largeur
    sheet.print_title_rows = f"{ENTETE}:{ENTETE}"


def poser_ligne(sheet, row: int, values: list) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if value is not None:
            poser(cell, value, number_format=format_de(value))
        # A text leaves room for the number that ends on its left.
        cote = {"horizontal": "left", "indent": 1} if isinstance(value, str) else {}
        cell.alignment = Alignment(wrap_text=True, vertical="top", **cote)


def format_de(value) -> str | None:
    """Days as one reads them. As many decimals as the number has: « #,##0.## » would leave a lone comma after an integer."""
    if isinstance(value, datetime.date):
        return "DD/MM/YYYY"
    if not isinstance(value, int | Decimal):
        return None
    decimales = -Decimal(value).as_tuple().exponent
    return f"#,##0.{'0' * decimales}" if decimales > 0 else "#,##0"


def nombre_de(value: Decimal | None, unite: str = "") -> Decimal | None:
    """With the decimals that it has; euros have both digits of their cents, or none."""
    if value is None or value == value.to_integral_value():
        return None if value is None else value.quantize(Decimal(1))
    value = value.normalize()
    return value.quantize(CENTIME) if unite == "€" and value.as_tuple().exponent == -1 else value


def mise_en_page(sheet, edition: Edition, *, paper: int, pages: int = 1) -> None:
    """`paper`: 8 is A3, 9 is A4; `pages`: how many stand side by side."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.fitToWidth = pages
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # "&" starts a code in a header: doubled, it is itself.
    nom = nettoyer(f"{edition.complet.convention} – {edition.complet.annee}")
    sheet.oddHeader.left.text = nom.replace("&", "&&")
    sheet.oddHeader.right.text = edition.marques or None
    sheet.oddFooter.left.text = edition.identifiant or None
    sheet.oddFooter.right.text = "Page &P / &N"
