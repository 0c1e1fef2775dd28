"""The sheet « Données »: one row a value, in tidy form, for pivot tables and other software."""

import datetime
from collections.abc import Iterator

from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from evaluation.bilan import Contenu, LigneFiche, LigneIndicateur, Valeur
from evaluation.ecriture import ecrire_part, ecrire_valeur
from evaluation.edition import Edition
from evaluation.enums import EtatMesure, SituationMesure
from evaluation.feuilles_xlsx import ENTETE, entetes, mise_en_page, nombre_de, poser_ligne, titrer

TITRE = "Données"
COLONNES = (
    ("Axe", 18),
    ("Fiche", 9),
    ("Intitulé de la fiche", 34),
    ("Code indicateur", 14),
    ("Indicateur", 40),
    ("Type", 14),
    ("Unité", 12),
    ("Année", 9),
    ("Mesure", 11),
    ("Part", 28),
    ("Valeur", 13),
    ("En toutes lettres", 24),
    ("État", 16),
    ("Saisie", 14),
    ("Saisie le", 12),
)


def donnees(sheet, edition: Edition, bilan: Contenu) -> None:
    """A named range holds the table: « Donnees »."""
    titrer(sheet, edition, "Données, une ligne par valeur")
    entetes(sheet, [nom for nom, _ in COLONNES], [largeur for _, largeur in COLONNES])
    row, jours = ENTETE, bilan.jours_de_saisie
    for fiche in bilan.fiches:
        for ligne in fiche.indicateurs:
            jour = jours.get(fiche.code, {}).get(ligne.code)
            for valeurs in _lignes(fiche, ligne, bilan.annee, jour):
                row += 1
                poser_ligne(sheet, row, valeurs)
                # A year is no quantity: « 2 025 » would be one.
                sheet.cell(row, 8).number_format = "0"
    last = f"{get_column_letter(len(COLONNES))}{max(row, ENTETE + 1)}"
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 1)
    sheet.auto_filter.ref = f"A{ENTETE}:{last}"
    absolu = f"$A${ENTETE}:${get_column_letter(len(COLONNES))}${max(row, ENTETE + 1)}"
    sheet.parent.defined_names["Donnees"] = DefinedName("Donnees", attr_text=f"'{TITRE}'!{absolu}")
    sheet.print_area = f"A1:{last}"
    mise_en_page(sheet, edition, paper=8)


def _lignes(
    fiche: LigneFiche, ligne: LigneIndicateur, annee: int, jour: datetime.date | None
) -> Iterator[list]:
    tete = [
        fiche.axe,
        fiche.code,
        fiche.titre,
        ligne.code,
        ligne.intitule,
        ligne.type_indicateur,
        ligne.unite,
    ]
    if ligne.depart is not None:
        debut = ligne.date_depart.year if ligne.date_depart else None
        yield [*tete, debut, "départ", "", nombre_de(ligne.depart, ligne.unite), "", "", "", None]
    if ligne.cible is not None:
        yield [*tete, annee, "cible", "", nombre_de(ligne.cible, ligne.unite), "", "", "", None]
    for an, valeur in ((annee - 1, ligne.precedente), (annee, ligne.valeur)):
        yield [*tete, an, "réalisé", "", *_valeur(valeur, ligne), jour if an == annee else None]
    for part in ligne.valeur.parts if ligne.valeur else ():
        connue = None if part.masque else nombre_de(part.valeur, ligne.unite)
        yield [
            *tete,
            annee,
            "réalisé, part",
            part.libelle,
            connue,
            ecrire_part(part, ligne) if connue is None else "",
            "",
            "",
            jour,
        ]


def _valeur(valeur: Valeur | None, ligne: LigneIndicateur) -> list:
    """[number, words where it is none, state, entry]: what is hidden or missing is never a zero."""
    est_nombre = (
        valeur is not None and valeur.nombre is not None and not valeur.masque and ligne.nature != "oui_non"
    )
    mots = "" if est_nombre else ecrire_valeur(valeur, ligne, marques=False)
    connue = valeur is not None and valeur.situation == SituationMesure.RENSEIGNEE
    return [
        nombre_de(valeur.nombre, ligne.unite) if est_nombre else None,
        mots,
        EtatMesure(valeur.etat).label if connue else "",
        ("validée" if valeur.is_validee else "non validée") if connue else "",
    ]
