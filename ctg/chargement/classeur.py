"""The tables of a convention as files: a workbook with a sheet each, filled or to be filled, or a folder of CSV files."""

import csv
import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from ctg.chargement.export import TableauEcrit
from ctg.chargement.lecture import LISEZ_MOI
from ctg.chargement.tableau import Tableau, tableaux
from ctg.renderers import poser, save_workbook

TITRE, ENTETE = Font(bold=True, size=14, color="0F5E59"), Font(bold=True, color="FFFFFF")
FOND, CLE = PatternFill("solid", fgColor="0F5E59"), PatternFill("solid", fgColor="7A2E0E")
LARGE, ETROITE = 44, 18
NB_A_REMPLIR = 500  # rows in which the lists of words are offered
REGLES = (
    "Une feuille par tableau, dans l’ordre où ils se chargent ; une ligne par enregistrement. Une feuille sans ligne ne dit rien.",
    "Les titres des colonnes ne se changent pas ; leur ordre est libre, et une colonne qui ne sert pas s’ôte.",
    "Les colonnes au titre brun nomment la ligne : elles se remplissent toutes, et ne se répètent pas.",
    "Une cellule vide ne dit rien : elle ne remplit pas, elle n’efface pas. Rien n’est à inventer : ce qui n’est pas dans le texte reste vide et s’affiche « à compléter ».",
    "Charger deux fois le même classeur ne change rien. Ce qui a été modifié dans l’application depuis est gardé, et signalé.",
    "Les personnes n’y sont pas : elles se saisissent dans l’application.",
)


def ecrire_classeur(titre: str, ecrits: list[TableauEcrit], *, date: datetime.datetime) -> bytes:
    """A sheet for each table of `ecrits`, and one that explains them."""
    workbook = Workbook()
    _lisez_moi(workbook.active, titre, [ecrit.tableau for ecrit in ecrits])
    for ecrit in ecrits:
        _feuille(workbook.create_sheet(ecrit.tableau.nom), ecrit)
    return save_workbook(workbook, date=date)


def ecrire_modele(*, date: datetime.datetime) -> bytes:
    """The workbook that begins a convention: every table that describes one, without a row."""
    vides = [TableauEcrit(tableau, []) for tableau in tableaux() if not tableau.is_suivi]
    return ecrire_classeur("Modèle de convention, à remplir", vides, date=date)


def ecrire_dossier(dossier: Path, ecrits: list[TableauEcrit]) -> None:
    """A CSV file a table, as `lecture` reads them."""
    dossier.mkdir(parents=True, exist_ok=True)
    for ecrit in ecrits:
        with (dossier / f"{ecrit.tableau.nom}.csv").open("w", encoding="utf-8", newline="") as stream:
            ecriture = csv.writer(stream, lineterminator="\n")
            ecriture.writerow(ecrit.tableau.colonnes)
            ecriture.writerows(ecrit.lignes)


def _feuille(sheet, ecrit: TableauEcrit) -> None:
    tableau = ecrit.tableau
    for rang, (nom, colonne) in enumerate(tableau.colonnes.items(), start=1):
        cell = sheet.cell(1, rang)
        poser(cell, nom)
        cell.font, cell.fill = ENTETE, CLE if nom in tableau.cle else FOND
        lettre = get_column_letter(rang)
        longs = max((len(ligne[rang - 1]) for ligne in ecrit.lignes), default=0)
        sheet.column_dimensions[lettre].width = LARGE if longs > ETROITE else ETROITE
        if colonne.valeurs and len(liste := ",".join(colonne.valeurs)) <= 250:  # what a list may hold
            validation = DataValidation(
                "list", formula1=f'"{liste}"', allow_blank=True, showErrorMessage=True
            )
            validation.errorTitle, validation.error = nom, f"Écrivez {colonne.aide}."[:255]
            sheet.add_data_validation(validation)
            validation.add(f"{lettre}2:{lettre}{len(ecrit.lignes) + NB_A_REMPLIR}")
        for row in range(2, len(ecrit.lignes) + 2 + (0 if ecrit.lignes else NB_A_REMPLIR)):
            sheet.cell(row, rang).number_format = "@"  # « 01000 » keeps its zero
    for numero, ligne in enumerate(ecrit.lignes, start=2):
        for rang, texte in enumerate(ligne, start=1):
            if texte:
                poser(sheet.cell(numero, rang), texte, number_format="@")
                sheet.cell(numero, rang).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _lisez_moi(sheet, titre: str, presents: list[Tableau]) -> None:
    sheet.title = LISEZ_MOI
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 26
    sheet.column_dimensions["C"].width = 100
    poser(sheet["A1"], titre)
    sheet["A1"].font = TITRE
    row = 2
    for regle in REGLES:
        row += 1
        poser(sheet.cell(row, 1), regle)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 30
    row += 2
    for rang, nom in enumerate(("Feuille", "Colonne", "Ce que l’on y écrit"), start=1):
        poser(sheet.cell(row, rang), nom)
        sheet.cell(row, rang).font, sheet.cell(row, rang).fill = ENTETE, FOND
    for tableau in presents:
        row += 1
        poser(sheet.cell(row, 1), tableau.nom)
        poser(sheet.cell(row, 3), tableau.titre)
        sheet.cell(row, 1).hyperlink = f"#{quote_sheetname(tableau.nom)}!A1"
        for rang in (1, 3):
            sheet.cell(row, rang).font = Font(bold=True)
        for nom, colonne in tableau.colonnes.items():
            row += 1
            poser(sheet.cell(row, 2), nom + (" *" if nom in tableau.cle else ""))
            poser(sheet.cell(row, 3), colonne.aide[:1].upper() + colonne.aide[1:])
            sheet.cell(row, 3).alignment = Alignment(wrap_text=True, vertical="top")
