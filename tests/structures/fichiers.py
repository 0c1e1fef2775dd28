"""Files as people, spreadsheets and attackers make them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

IMPORTER = "/dijon-2024/structures/importer/"
TITRES = ("Nom", "Type", "Adresse", "Code postal", "Commune", "Gestionnaire", "Capacité (places)")
NEUVE = ("Crèche « L’Œuvre »", "EAJE", "3 rue des Lilas", "21000", "Dijon", "Ville de Dijon", "12")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def csv(*lignes, titres=TITRES, separateur=";", encodage="utf-8"):
    rangs = [titres, *lignes]
    return "\r\n".join(
        separateur.join(f'"{c}"' if separateur in c or "\n" in c else c for c in rang) for rang in rangs
    ).encode(encodage)


def neuve(**valeurs):
    """The new structure with other values: `neuve(Type="RPE")`."""
    noms = {titre.split(" (")[0].replace(" ", "_"): rang for rang, titre in enumerate(TITRES)}
    cellules = list(NEUVE)
    for nom, valeur in valeurs.items():
        cellules[noms[nom]] = valeur
    return tuple(cellules)


def classeur(*lignes, titres=TITRES, changer=lambda classeur: None):
    workbook = Workbook()
    for rang in (titres, *lignes):
        workbook.active.append(rang)
    changer(workbook)
    workbook.save(sortie := io.BytesIO())
    return sortie.getvalue()


def archive(parties: dict, *, depart: bytes | None = None):
    """A zip of these parts; over those of `depart`."""
    toutes = {}
    if depart is not None:
        with zipfile.ZipFile(io.BytesIO(depart)) as ancien:
            toutes = {nom: ancien.read(nom) for nom in ancien.namelist()}
    with zipfile.ZipFile(sortie := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as nouveau:
        for nom, contenu in {**toutes, **parties}.items():
            nouveau.writestr(nom, contenu)
    return sortie.getvalue()


def ods(lignes: str, *, avant: str = "", parties=None):
    """`lignes`: the XML of the rows; `avant`: before the root."""
    espaces = " ".join(
        f'xmlns:{nom}="urn:oasis:names:tc:opendocument:xmlns:{nom}:1.0"'
        for nom in ("office", "table", "text")
    )
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?>{avant}<office:document-content {espaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="Registre">{lignes}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return archive({"mimetype": ODS, "content.xml": contenu, **(parties or {})})


def rang_ods(*cellules, attributs=""):
    """A text is a cell; a tuple is (attributes, text)."""
    ecrites = ""
    for cellule in cellules:
        propres, texte = cellule if isinstance(cellule, tuple) else ("", cellule)
        ecrites += f"<table:table-cell {propres}><text:p>{texte}</text:p></table:table-cell>"
    return f"<table:table-row {attributs}>{ecrites}</table:table-row>"


def deposer(client, contenu, nom="depot.csv", *, adresse=IMPORTER):
    """The page that comes after the file was sent."""
    return client.post(adresse, {"fichier": SimpleUploadedFile(nom, contenu)}, follow=True)


def apercu(client, contenu, nom="depot.csv", *, adresse=IMPORTER):
    """The preview, its columns taken as they are proposed."""
    page = deposer(client, contenu, nom, adresse=adresse)
    if page.request["PATH_INFO"].endswith("colonnes/"):
        form = page.context["form"]
        page = client.post(page.request["PATH_INFO"], {f: form[f].initial for f in form.fields}, follow=True)
    return page


def confirmer(client, page, **suite):
    return client.post(
        page.request["PATH_INFO"], {"confirmer": page.context["apercu"].empreinte} | suite, follow=True
    )


def choisir(client, **reponses):
    """The preview again, with these answers."""
    return client.post(f"{IMPORTER}apercu/", {"choisir": "1"} | reponses, follow=True)


def importer(client, contenu, *, adresse=IMPORTER):
    """The page after an import that nothing stands in the way of."""
    page = apercu(client, contenu, adresse=adresse)
    assert not page.context["apercu"].est_bloque, [ligne.probleme for ligne in page.context["apercu"].lignes]
    return confirmer(client, page)
