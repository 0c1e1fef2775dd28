"""Files that are damaged, forged, shut, or too large."""

import io
import zipfile

from tests.structures.fichiers import NEUVE, archive, classeur, ods, rang_ods


def masquer(workbook):
    workbook.active.row_dimensions[3].hidden = True


def masquer_colonne(workbook):
    workbook.active.column_dimensions["G"].hidden = True


def fusionner(workbook):
    workbook.active.merge_cells("B2:B3")


def tronque():
    return classeur(NEUVE)[:-400]


def xml_abime():
    return archive({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}, depart=classeur(NEUVE))


def entite_externe():
    feuille = (
        '<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY lu SYSTEM "file:///etc/passwd">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>&lu;</t></is></c></row></sheetData></worksheet>'
    )
    return archive({"xl/worksheets/sheet1.xml": feuille}, depart=classeur(NEUVE))


def mille_rires():
    entites = '<!ENTITY a0 "rire">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 9))
    return ods(rang_ods("Nom") + rang_ods("&a8;"), avant=f"<!DOCTYPE x [{entites}]>")


def bombe():
    feuille = b"<worksheet>" + b" " * (51 * 1024 * 1024) + b"</worksheet>"
    return archive({"xl/worksheets/sheet1.xml": feuille}, depart=classeur(NEUVE))


def chiffre_zip():
    """The flag that says that a part is encrypted, in its two headers."""
    contenu = bytearray(classeur(NEUVE))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        debut = contenu.find(signature)
        contenu[debut + place] |= 1
    return bytes(contenu)


def dix_mille_parties():
    with zipfile.ZipFile(sortie := io.BytesIO(classeur(NEUVE)), "a") as zip_:
        for numero in range(10_000):
            zip_.writestr(f"xl/{numero}.xml", b"")
    return sortie.getvalue()


def large(nb=201):
    return [f"Titre {rang}" for rang in range(nb)]


def en_ods(*rangs):
    return ods("".join(rang_ods(*rang) for rang in rangs))


CHIFFRE_ODS = {"META-INF/manifest.xml": b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"}
REPETEES = 'table:number-rows-repeated="1000000"'
FORMULE_ODS = ('table:formula="of:=1+1" office:value-type="float" office:value="2"', "2")
