"""Reading a workbook that somebody sends: bounded, without formulas, never an error but a sentence.

The zip directory and the dimensions are looked at first; the limits hold again while the rows are read.
"""

import datetime
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from decimal import Decimal

from defusedxml.common import DTDForbidden, EntitiesForbidden
from openpyxl import load_workbook

from ctg.nombres import ecrire_nombre
from ctg.templatetags.affichage import nombre

MIO = 1024 * 1024
MAX_FICHIER = 10 * MIO
MAX_DECOMPRESSE = 50 * MIO
MAX_ACCESSOIRES = 5 * MIO  # of each part that is read whole: styles, list of sheets
MAX_PARTIES = 500
# Of all the parts together: some 300,000 cells. Reading one costs a thousand times what counting it does.
MAX_BALISES = 1_500_000
MAX_LIGNES = 20_000
MAX_COLONNES = 200
LIGNES_VIDES = 1000  # in a row: what comes after them is not a table any more
MAX_TEXTE = 32_767  # what a cell holds

FORMULE = (
    "Cette cellule contient une formule : remplacez-la par sa valeur (copier, puis collage spécial, valeurs)."
)
ERREUR = "Cette cellule contient une erreur de calcul : écrivez la valeur."
ILLISIBLE = (
    "Ce fichier ne se lit pas : il est abîmé, ou ce n’est pas un classeur XLSX. Ouvrez-le dans votre tableur, "
    "enregistrez-le au format « Classeur Excel (.xlsx) », puis déposez-le de nouveau."
)
TROP_DE_PARTIES = (
    f"Ce classeur est fait de plus de {MAX_PARTIES} morceaux : ce n’est pas un tableau ordinaire, il n’est pas ouvert. "
    "Recopiez vos lignes dans un classeur neuf, puis déposez-le."
)
TROP_DE_CELLULES = (
    "Ce classeur contient trop de cellules : il n’est pas ouvert. Gardez les colonnes et les lignes à déposer, ou "
    "déposez-le en plusieurs fois."
)
ENTITES = (
    "Ce fichier demande d’en lire d’autres, ou se recopie lui-même (entités XML) : il n’est pas ouvert. Recopiez vos lignes "
    "dans un classeur neuf, puis déposez-le."
)
TROP_DE_COLONNES = (
    f"Ce fichier dépasse {MAX_COLONNES} colonnes : supprimez celles qui sont vides ou ne servent pas, puis déposez-le "
    "de nouveau."
)
PAS_UN_CLASSEUR = "Ce fichier n’est pas un classeur XLSX, quel que soit son nom. Enregistrez-le au format XLSX depuis le tableur, puis déposez-le de nouveau."


class ClasseurError(Exception):
    """The message is a French sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class CelluleLue:
    """`texte`: as one would type it; `faute`: why it cannot be taken."""

    adresse: str
    texte: str
    faute: str = ""


# {sheet: [(number of the row, {number of the column: cell})]}
Feuilles = dict[str, list[tuple[int, dict[int, CelluleLue]]]]


def lire_xlsx(fichier) -> Feuilles:
    """The cells that hold something. `fichier`: a binary file that can be sought. Raises ClasseurError."""
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= verifier_zip(fichier):
        raise ClasseurError(PAS_UN_CLASSEUR)
    try:
        with warnings.catch_warnings(action="ignore"):  # what a workbook has beside its cells is not ours
            classeur = load_workbook(fichier, read_only=True, keep_links=False)
            try:
                return {sheet.title: lire_feuille(sheet) for sheet in classeur.worksheets}
            finally:
                classeur.close()
    except ClasseurError:
        raise
    except Exception as error:  # a forged or damaged file fails anywhere in the parser, in any way
        raise ClasseurError(dire_illisible(error)) from error


def dire_illisible(error: Exception) -> str:
    """What stops the parser on purpose has a sentence of its own; openpyxl wraps it in its own error."""
    interdits = DTDForbidden | EntitiesForbidden
    return ENTITES if isinstance(error, interdits) or isinstance(error.__context__, interdits) else ILLISIBLE


def verifier_zip(fichier) -> set[str]:
    """The names of its parts; nothing of it is opened. Raises ClasseurError."""
    fichier.seek(0, 2)
    if fichier.tell() > MAX_FICHIER:
        raise ClasseurError(f"Ce fichier dépasse {MAX_FICHIER // MIO} Mio : déposez-le en plusieurs fois.")
    fichier.seek(0)
    if fichier.read(2) != b"PK":
        raise ClasseurError(PAS_UN_CLASSEUR)
    try:
        with zipfile.ZipFile(fichier) as archive:
            parties = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ClasseurError(ILLISIBLE) from error
    noms = {partie.filename for partie in parties}
    if len(parties) > MAX_PARTIES:
        raise ClasseurError(TROP_DE_PARTIES)
    if len(noms) < len(parties):
        raise ClasseurError(ILLISIBLE)
    if any(partie.flag_bits & 1 for partie in parties):
        raise ClasseurError(
            "Ce classeur est protégé par un mot de passe : enregistrez-le sans, puis déposez-le."
        )
    if sum(partie.file_size for partie in parties) > MAX_DECOMPRESSE:
        raise ClasseurError(
            f"Ce classeur dépasse {MAX_DECOMPRESSE // MIO} Mio une fois ouvert : ôtez ce qui n’est pas à déposer."
        )
    if any(partie.file_size > MAX_ACCESSOIRES and not _est_long(partie.filename) for partie in parties):
        raise ClasseurError(ILLISIBLE)
    _verifier_les_balises(fichier)
    fichier.seek(0)
    return noms


def _verifier_les_balises(fichier) -> None:
    """Of what is really there, whatever the directory says."""
    total = 0
    try:
        with zipfile.ZipFile(fichier) as archive:
            lues = [p for p in archive.infolist() if not p.filename.startswith(("xl/media/", "Pictures/"))]
            for partie in lues:
                with archive.open(partie) as flux:
                    while total <= MAX_BALISES and (morceau := flux.read(MIO)):
                        total += morceau.count(b"<")
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise ClasseurError(ILLISIBLE) from error
    if total > MAX_BALISES:
        raise ClasseurError(TROP_DE_CELLULES)


def _est_long(nom: str) -> bool:
    """Rows and texts are read as a stream, images are not read."""
    return nom.startswith(("xl/worksheets/", "xl/media/", "Pictures/")) or nom in {
        "xl/sharedStrings.xml",
        "content.xml",
    }


def trop_de_lignes(feuille: str) -> ClasseurError:
    return ClasseurError(
        f"La feuille « {feuille} » dépasse {nombre(MAX_LIGNES)} lignes : supprimez celles qui sont vides à la fin, "
        "ou déposez-la en plusieurs fois."
    )


def lire_feuille(sheet) -> list[tuple[int, dict[int, CelluleLue]]]:
    if (sheet.max_row or 0) > MAX_LIGNES:
        raise trop_de_lignes(sheet.title)
    sheet.reset_dimensions()  # they may lie: a row outside of them would be left out
    lignes, vides = [], 0
    for numero, rang in enumerate(sheet.iter_rows(max_col=MAX_COLONNES + 1), start=1):
        if numero > MAX_LIGNES:
            raise trop_de_lignes(sheet.title)
        cellules = {cell.column: _lire(cell) for cell in rang if cell.value not in (None, "")}
        if MAX_COLONNES + 1 in cellules:
            raise ClasseurError(TROP_DE_COLONNES)
        vides = 0 if cellules else vides + 1
        if cellules:
            lignes.append((numero, cellules))
        if vides >= LIGNES_VIDES:
            break
    return lignes


def _lire(cell) -> CelluleLue:
    if cell.data_type == "f":
        valeur = cell.value if isinstance(cell.value, str) else "formule"
        return CelluleLue(cell.coordinate, valeur[:MAX_TEXTE], FORMULE)
    if cell.data_type == "e":
        return CelluleLue(cell.coordinate, str(cell.value)[:MAX_TEXTE], ERREUR)
    return CelluleLue(cell.coordinate, _en_texte(cell)[:MAX_TEXTE])


def _en_texte(cell) -> str:
    value = cell.value
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        # What the spreadsheet shows: fifteen digits; « 12 % » is kept as 0,12 under a format.
        decimal = Decimal(f"{value:.15g}") * (100 if "%" in (cell.number_format or "") else 1)
        return ecrire_nombre(decimal)
    if isinstance(value, datetime.datetime):
        return f"{value:%d/%m/%Y}" if value.time() == datetime.time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return str(value)
