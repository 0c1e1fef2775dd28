"""Tables that go out: what is recorded, in the columns that come back in; the file with what is wrong in it."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from io import BytesIO

from odf.element import Element
from odf.namespaces import nsdict
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.teletype import addTextToElement
from odf.text import P

from ctg.formats import FORMATS_DE_TABLE, ecrire_xlsx
from ctg.imports.apercu import Apercu
from ctg.imports.depots import Depot
from ctg.imports.fichiers import PROBLEME
from ctg.imports.importable import Importable
from ctg.models import Convention
from ctg.recherche import normalise
from ctg.renderers import nettoyer
from ctg.resources import NombreWidget

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ESPACES = tuple(sorted(nsdict.items()))


def table_de(importable: Importable, convention: Convention) -> list[list]:
    resource = importable.resource()
    champs = [(colonne.titre, resource.fields[colonne.champ]) for colonne in importable.colonnes]
    table: list[list] = [[titre for titre, _ in champs]]
    return table + [[_valeur(f, objet) for _, f in champs] for objet in importable.exporter(convention)]


def exporter(importable: Importable, *champs: str) -> tuple[tuple[str, Callable], ...]:
    """(title, value of an object) of these fields: what a list gives out in them, an import takes back."""
    titres = {colonne.champ: colonne.titre for colonne in importable.colonnes}
    fields = importable.resource.fields
    return tuple((titres[champ], partial(_valeur, fields[champ])) for champ in champs)


def _valeur(f, objet):
    """Numbers are numbers; all the rest as one would type it."""
    brut = f.get_value(objet) if isinstance(f.widget, NombreWidget) else None
    return brut if brut is not None else f.export(objet) or ""


def ecrire_ods(table: Sequence[Sequence]) -> bytes:
    """Numbers are numbers, texts are texts: nothing in it is a formula."""
    Element.namespaces = dict(ESPACES)  # shared by the whole process: it would grow with what was made before
    ods = OpenDocumentSpreadsheet()
    feuille = Table(name="Feuille 1")
    for rang in table:
        ligne = TableRow()
        for value in rang:
            ligne.addElement(_cellule(value))
        feuille.addElement(ligne)
    ods.spreadsheet.addElement(feuille)
    ods.save(sortie := BytesIO())
    return sortie.getvalue()


def _cellule(value) -> TableCell:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return TableCell(valuetype="float", value=f"{value:f}" if isinstance(value, Decimal) else str(value))
    cellule = TableCell(valuetype="string")
    for ligne in nettoyer("" if value is None else str(value)).replace("\r\n", "\n").split("\n"):
        paragraphe = P()
        addTextToElement(paragraphe, ligne)  # spaces in a row and tabulations are elements
        cellule.addElement(paragraphe)
    return cellule


FORMATS: dict[str, tuple[Callable, str]] = {**FORMATS_DE_TABLE, "ods": (ecrire_ods, ODS_TYPE)}


def fichier_annote(depot: Depot, apercu: Apercu) -> bytes:
    """The person's own table, with what is wrong with each row at its end."""
    gardees = [
        rang for rang, titre in enumerate(depot.tableau.titres) if normalise(titre) != normalise(PROBLEME)
    ]
    titres = [*(depot.tableau.titres[rang] for rang in gardees), PROBLEME]
    lignes = [
        [*(lue.cellules[rang] for rang in gardees), ligne.probleme]
        for lue, ligne in zip(depot.tableau.lignes, apercu.lignes, strict=True)
    ]
    return ecrire_xlsx([titres, *lignes])
