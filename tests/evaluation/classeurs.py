"""What the tests of the workbooks share: download, change cells, send back."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from evaluation.classeurs.feuilles import ENTETE

MON = "/dijon-2024/evaluation/2026/saisie/classeur/"
CONVENTION = "/dijon-2024/evaluation/classeur/"


class Classeur:
    """A downloaded workbook; `c[feuille, repère, titre]` is a cell, by the code of its row and its heading."""

    def __init__(self, client, url=MON):
        reponse = client.get(url)
        assert reponse.status_code == 200, reponse.status_code
        self.workbook, self.url = load_workbook(BytesIO(reponse.content)), url

    def cellule(self, feuille, repere, titre):
        sheet = self.workbook[feuille]
        titres = {cell.value: cell.column for cell in sheet[ENTETE]}
        colonne = titres["Code"] if "Code" in titres else titres["Fiche"]
        [ligne] = [
            row for row in range(ENTETE + 1, sheet.max_row + 1) if sheet.cell(row, colonne).value == repere
        ][:1]
        return sheet.cell(ligne, titres[titre])

    def __setitem__(self, place, valeur):
        self.cellule(*place).value = valeur

    def __getitem__(self, place):
        return self.cellule(*place).value

    def octets(self):
        self.workbook.save(buffer := BytesIO())
        return buffer.getvalue()

    def deposer(self, client):
        return deposer(client, self.octets(), self.url)


def deposer(client, octets, url=MON, nom="classeur.xlsx"):
    """The page after the file was sent: its preview, or the sentence of its refusal."""
    return client.post(f"{url}deposer/", {"fichier": SimpleUploadedFile(nom, octets)}, follow=True)


def confirmer(client, page, url=MON, **choix):
    cle = page.context["depot"].cle
    return client.post(f"{url}deposer/", {"confirmer": cle} | choix)


def lignes(page, *sorts):
    return [ligne for ligne in page.context["apercu"].lignes if not sorts or ligne.sort in sorts]
