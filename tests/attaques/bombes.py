"""Files that are small on the disk and large once opened; run as a program, it says what refusing each of them costs.

`python -m tests.attaques.bombes` prints, of each in a process of its own, the seconds, the MiB that were needed beyond
the start, and the sentence.
"""

import io
import os
import sys
import time
import zipfile
from pathlib import Path

MIO = 1024 * 1024
FEUILLE = "xl/worksheets/sheet1.xml"
ESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
</Types>"""
LIENS = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
</Relationships>"""
RACINE = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"""
CLASSEUR = b"""<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"""


def xlsx(rangs: bytes, textes: bytes = b"") -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RACINE)
        archive.writestr("xl/workbook.xml", CLASSEUR)
        archive.writestr("xl/_rels/workbook.xml.rels", LIENS)
        archive.writestr("xl/sharedStrings.xml", b"<sst %s>%s</sst>" % (ESPACE, textes))
        archive.writestr(FEUILLE, b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (ESPACE, rangs))
    return sortie.getvalue()


def cellule(texte: bytes) -> bytes:
    return b'<c t="inlineStr"><is><t>%s</t></is></c>' % texte


def menteuse() -> bytes:
    """Its directory says 100 bytes; 300 MiB are behind."""
    contenu = bytearray(xlsx(b" " * (300 * MIO)))
    taille = (300 * MIO + len(b"<worksheet %s><sheetData></sheetData></worksheet>" % ESPACE)).to_bytes(
        4, "little"
    )
    assert contenu.count(taille) == 2
    return bytes(contenu.replace(taille, (100).to_bytes(4, "little")))


def emboitee() -> bytes:
    """A zip in a zip in a zip."""
    contenu = b"\0" * (40 * MIO)
    for _ in range(3):
        sortie = io.BytesIO()
        with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", contenu)
        contenu = sortie.getvalue()
    return contenu


def feuille_ods(table: bytes) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            b'<table:table table:name="A">%s</table:table></office:spreadsheet></office:body></office:document-content>'
            % table,
        )
    return sortie.getvalue()


BOMBES = {
    "blancs": lambda: xlsx(b" " * (400 * MIO)),
    "menteuse": menteuse,
    "emboitee": emboitee,
    "lignes": lambda: xlsx(b"<row>%s</row>" % cellule(b"a") * 700_000),
    "colonnes": lambda: xlsx(b"<row>%s</row>" % (cellule(b"a") * 800_000)),
    "un_texte": lambda: xlsx(b"<row>%s</row>" % cellule(b"a" * (49 * MIO))),
    "profonde": lambda: xlsx(b"<row>" * 4_000_000 + b"</row>" * 4_000_000),
    "textes": lambda: xlsx(b'<row><c t="s"><v>0</v></c></row>', b"<si><t>abcdefgh</t></si>" * 2_000_000),
    "ods_blancs": lambda: feuille_ods(b" " * (400 * MIO)),
    "ods_colonnes": lambda: feuille_ods(
        b'<table:table-row table:number-rows-repeated="20000"><table:table-cell table:number-columns-repeated="16384">'
        b"<text:p>a</text:p></table:table-cell></table:table-row>" * 50
    ),
    "ods_lignes": lambda: feuille_ods(
        b"<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>"
        * 500_000
    ),
    "csv": lambda: b"a;b\n" + b"1;2\n" * (2 * MIO),
    "csv_large": lambda: b";" * (9 * MIO),
}


def sommet() -> int:
    """The most memory that this process has held, in MiB."""
    ligne = next(li for li in Path("/proc/self/status").read_text().splitlines() if li.startswith("VmHWM"))
    return int(ligne.split()[1]) // 1024


def mesurer() -> None:
    os.environ |= {
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "0123456789abcdef" * 4,
        "DJANGO_SETTINGS_MODULE": "ctg.settings",
    }
    import django

    django.setup()
    from ctg.imports.fichiers import lire_tableau

    for nom, fabriquer in BOMBES.items():
        contenu = fabriquer()
        if enfant := os.fork():
            _, code = os.waitpid(enfant, 0)
            if code:
                sys.exit(f"{nom}: {code}")
        else:
            _refuser(nom, contenu, lire_tableau)


def _refuser(nom, contenu, lire_tableau) -> None:
    from ctg.lecture_xlsx import ClasseurError

    phrase = ""
    Path("/proc/self/clear_refs").write_text("5")  # the summit is counted from here
    avant, debut = sommet(), time.monotonic()
    try:
        lire_tableau(contenu)
    except ClasseurError as error:
        phrase = str(error)
    cout = (nom, f"{time.monotonic() - debut:.1f}", str(sommet() - avant), phrase)
    sys.stdout.write("\t".join(cout) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    mesurer()
