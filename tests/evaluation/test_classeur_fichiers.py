"""Files that are not what they should be: a French sentence, never an error, nothing kept."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from ctg import lecture_xlsx
from ctg.lecture_xlsx import ClasseurError, lire_xlsx
from tests.evaluation.classeurs import MON, Classeur, deposer

DTD = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def xlsx(**feuilles):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for titre, lignes in feuilles.items():
        sheet = workbook.create_sheet(titre)
        for ligne in lignes:
            sheet.append(ligne)
    workbook.save(buffer := io.BytesIO())
    return buffer.getvalue()


def refait(octets, **parties):
    """The same archive, with these parts changed by a function of their bytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as avant,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as apres,
    ):
        for partie in avant.infolist():
            contenu = avant.read(partie.filename)
            nom = partie.filename.rpartition("/")[2].removesuffix(".xml")
            apres.writestr(partie.filename, parties[nom](contenu) if nom in parties else contenu)
    return buffer.getvalue()


def zip_de(**parties):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in parties.items():
            archive.writestr(nom.replace("__", "/"), contenu)
    return buffer.getvalue()


def avec_entite(contenu):
    return contenu.replace(b"<worksheet", DTD + b"<worksheet", 1).replace(b"<v>1</v>", b"<v>&e;</v>")


BON = xlsx(Saisie=[["jeton"], [1]])


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "pas un classeur XLSX"),
        (b"fiche;code\nPE-1;PE-1-01\n", "pas un classeur XLSX"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "pas un classeur XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "pas un classeur XLSX"),
        (b"PK\x03\x04 not a zip", "ne se lit pas"),
        (BON[: len(BON) // 2], "ne se lit pas"),
        (zip_de(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "pas un classeur XLSX"),
        (refait(BON, sheet1=lambda _: b"<worksheet><sheetData><row"), "ne se lit pas"),
        (refait(BON, workbook=lambda _: b"bizarre"), "ne se lit pas"),
        (refait(BON, sheet1=avec_entite), "entités XML"),
        (refait(BON, workbook=lambda c: c.replace(b"<workbook", DTD + b"<workbook", 1)), "entités XML"),
        (refait(BON, styles=lambda c: c + b" " * (lecture_xlsx.MAX_ACCESSOIRES + 1)), "ne se lit pas"),
        (refait(BON, sheet1=lambda c: c + b" " * (51 * 1024 * 1024)), "dépasse 50 Mio"),
        (refait(BON, sheet1=lambda c: c.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')), "20 000 lignes"),
        (
            refait(BON, sheet1=lambda c: c.replace(b"A2", b"A20001").replace(b'r="2"', b'r="20001"')),
            "20 000 lignes",
        ),
        (BON, "pas l’un de ceux"),
        (xlsx(Autre=[["x"]]), "pas l’un de ceux"),
    ],
)
def test_a_sentence_and_nothing_kept(client_de, octets, dit):
    page = deposer(client_de("cooperation"), octets)

    assert page.status_code == 200
    assert dit in page.context["faute"].replace("\u202f", " ").replace("\u00a0", " ")
    assert page.context["depot"] is None


def test_no_file_at_all(client_de):
    assert "Choisissez le classeur" in client_de("cooperation").post(f"{MON}deposer/").content.decode()


def test_a_protected_or_too_large_file():
    chiffre = bytearray(BON)
    for place in (BON.find(b"PK\x01\x02"),):
        chiffre[place + 8] |= 1
    with pytest.raises(ClasseurError, match="mot de passe"):
        lire_xlsx(io.BytesIO(bytes(chiffre)))
    with pytest.raises(ClasseurError, match="dépasse 10 Mio"):
        lire_xlsx(io.BytesIO(b"PK" + b"\x00" * (10 * 1024 * 1024)))


def test_a_dimension_that_lies_does_not_hide_rows():
    lignes = [["x"]] * (lecture_xlsx.MAX_LIGNES + 1)
    menteur = refait(xlsx(S=lignes), sheet1=lambda c: c.replace(b'ref="A1:A20001"', b'ref="A1:A3"'))

    with pytest.raises(ClasseurError, match="lignes"):
        lire_xlsx(io.BytesIO(menteur))


def test_a_column_or_a_sheet_that_is_missing(client_de):
    client = client_de("cooperation")
    c = Classeur(client)
    c.cellule("Saisie", "PE-1-01", "Motif").parent.cell(4, 16).value = "Autre chose"
    assert "la colonne « Motif » manque" in c.deposer(client).context["faute"]
    c = Classeur(client)
    del c.workbook["Avancement"]
    assert "La feuille « Avancement » manque" in c.deposer(client).context["faute"]


def test_values_are_read_as_one_would_type_them():
    import datetime

    workbook = Workbook()
    sheet = workbook.active
    valeurs = [1402, 0.1 + 0.2, 12.50, datetime.date(2023, 12, 31), True, "1 234,5", "=1+1", None, "#REF!"]
    sheet.append(valeurs)
    sheet["J1"], sheet["J1"].number_format = 0.125, "0.0%"
    sheet["K1"].value, sheet["K1"].data_type = "=texte", "s"
    workbook.save(buffer := io.BytesIO())

    [(numero, cellules)] = lire_xlsx(buffer)["Sheet"]

    assert numero == 1
    assert [c.texte for c in cellules.values()] == [
        "1402",
        "0,3",
        "12,5",
        "31/12/2023",
        "oui",
        "1 234,5",
        "=1+1",
        "#REF!",
        "12,5",
        "=texte",
    ]
    assert [c.adresse for c in cellules.values() if c.faute] == ["G1", "I1"]


def test_blank_rows_without_end_are_not_read(monkeypatch):
    monkeypatch.setattr(lecture_xlsx, "LIGNES_VIDES", 10)
    workbook = Workbook()
    workbook.active["A1"], workbook.active["A200"] = "a", "b"
    workbook.save(buffer := io.BytesIO())

    assert [numero for numero, _ in lire_xlsx(buffer)["Sheet"]] == [1]
