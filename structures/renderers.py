"""The annexes as documents, in the form of the signed ones."""

import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from ctg.models import Convention
from ctg.models.base import DONNEES_DEMONSTRATION
from ctg.renderers import XLSX_TYPE, nettoyer, poser, render_pdf, save_workbook
from ctg.templatetags.affichage import date_longue
from structures.annexes import Annexe, Changement

COLONNES = (("Type de structure", 34), ("Nom de la structure", 44), ("Adresse", 48), ("Gestionnaire", 34))
MARQUE, PALE = PatternFill("solid", fgColor="0F5E59"), PatternFill("solid", fgColor="E3F0EE")


def render_annexes_pdf(convention: Convention, annexes: tuple[Annexe, ...], au: datetime.date) -> bytes:
    return render_pdf("structures/annexes_pdf.html", {"convention": convention, "annexes": annexes, "au": au})


def render_comparaison_pdf(
    convention: Convention, changements: tuple[Changement, ...], *, depuis: datetime.date, au: datetime.date
) -> bytes:
    """What changed between two days."""
    contexte = {"convention": convention, "changements": changements, "depuis": depuis, "au": au}
    return render_pdf("structures/annexes_comparees_pdf.html", contexte)


def render_annexes_xlsx(convention: Convention, annexes: tuple[Annexe, ...], au: datetime.date) -> bytes:
    """A sheet for each annexe."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for annexe in annexes:
        _feuille(workbook.create_sheet(f"Annexe {annexe.code}"), convention, annexe, au)
    workbook.properties.title = nettoyer(f"Annexes 2 et 2 bis – {convention.intitule}")
    workbook.properties.creator = "Pilotage CTG"
    minuit = datetime.datetime.combine(au, datetime.time(), datetime.UTC)
    return save_workbook(workbook, date=minuit)


def _feuille(sheet, convention: Convention, annexe: Annexe, au: datetime.date) -> None:
    poser(sheet["A1"], f"Annexe {annexe.code} – {annexe.titre}")
    sheet["A1"].font = Font(bold=True, size=14)
    mots = [convention.intitule, f"en vigueur le {date_longue(au)}"]
    mots += [DONNEES_DEMONSTRATION] if convention.is_demonstration else []
    poser(sheet["A2"], " – ".join(mots))
    for rang, (nom, largeur) in enumerate(COLONNES, start=1):
        cell = sheet.cell(4, rang)
        poser(cell, nom)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), MARQUE
        sheet.column_dimensions[cell.column_letter].width = largeur
    row = 4
    for rubrique in annexe.rubriques:
        row += 1
        poser(sheet.cell(row, 1), rubrique.titre)
        for rang in range(1, len(COLONNES) + 1):
            sheet.cell(row, rang).font, sheet.cell(row, rang).fill = Font(bold=True), PALE
        for ligne in rubrique.lignes:
            row += 1
            for rang, texte in enumerate((ligne.type, ligne.nom, ligne.adresse, ligne.gestionnaire), start=1):
                poser(sheet.cell(row, rang), texte)
                sheet.cell(row, rang).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "Page &P / &N"


FORMATS = {
    "pdf": (render_annexes_pdf, "application/pdf"),
    "xlsx": (render_annexes_xlsx, XLSX_TYPE),
}
