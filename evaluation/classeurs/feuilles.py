"""The sheets that we send and take back: a signed title, headings, rows that carry their key and what they showed.

Row 1 says what the sheet is, row `ENTETE` names the columns. Two hidden columns come first: the key of the row, and the
fingerprints of what its cells showed, in the order of the columns that are read.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.core import signing
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ctg.lecture_xlsx import CelluleLue, ClasseurError, Feuilles
from ctg.renderers import nettoyer, poser

SEL = "classeur"
ENTETE = 4
CLE, VU = "clé", "empreintes"
OUVERTE = PatternFill("solid", fgColor="FFFBE6")
TITRES = PatternFill("solid", fgColor="0F5E59")
MASQUEES = (
    "Les colonnes masquées de cette ligne ont été modifiées : téléchargez de nouveau le classeur et reportez-y ce "
    "que vous avez écrit."
)


@dataclass(frozen=True, slots=True)
class Colonne:
    """`est_lue`: one that is taken back; the others are there to be read by the person."""

    nom: str
    titre: str
    largeur: int
    est_lue: bool = True


@dataclass(slots=True)
class Rang:
    """A row to write. `empreintes`: of what it shows; `ouverts`: cells that are not locked; `regles`: {cell: rule}."""

    cle: str = ""
    empreintes: Iterable[str] = ()
    valeurs: Mapping[str, object] = field(default_factory=dict)
    ouverts: frozenset[str] = frozenset()
    regles: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class RangLu:
    """A row that came back; an empty cell is there, with its address."""

    feuille: str
    numero: int
    cle: str
    vus: list[str]
    cellules: dict[str, CelluleLue]

    def texte(self, nom: str) -> str:
        return self.cellules[nom].texte.strip()

    def en_json(self) -> list:
        cellules = {nom: [c.adresse, c.texte, c.faute] for nom, c in self.cellules.items()}
        return [self.feuille, self.numero, self.cle, self.vus, cellules]

    @classmethod
    def de_json(cls, donnees: list) -> "RangLu":
        *debut, cellules = donnees
        return cls(*debut, {nom: CelluleLue(*cellule) for nom, cellule in cellules.items()})


def empreinte(texte: str) -> str:
    """Names a text, whatever a spreadsheet does to its length, its line ends and the spaces around it."""
    return hashlib.sha256("\n".join(nettoyer(texte).splitlines()).strip().encode()).hexdigest()[:12]


def signer(*contenu) -> str:
    return signing.dumps(list(contenu), salt=SEL)


def lire_signature(feuilles: Feuilles) -> list:
    """What the file is, as it was signed when it was downloaded. Raises ClasseurError."""
    for rangs in feuilles.values():
        premier = dict(rangs).get(1, {}).get(1)
        try:
            return signing.loads(premier.texte if premier else "", salt=SEL)
        except signing.BadSignature:
            continue
    raise ClasseurError(
        "Ce classeur n’est pas l’un de ceux que l’on télécharge ici, ou son début a été modifié : téléchargez-le de "
        "nouveau, remplissez-le, puis déposez-le."
    )


def ecrire_feuille(
    sheet, titre: str, aide: str, signature: str, colonnes: tuple[Colonne, ...], rangs: Iterable[Rang]
) -> None:
    poser(sheet["A1"], signature)
    poser(sheet["C1"], titre)
    sheet["C1"].font = Font(bold=True, size=14)
    poser(sheet["C2"], aide)
    for rang, (nom, largeur) in enumerate(
        [(CLE, 4), (VU, 4), *((c.titre, c.largeur) for c in colonnes)], start=1
    ):
        cell = sheet.cell(ENTETE, rang)
        poser(cell, nom)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), TITRES
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(rang)].width = largeur
    for lettre in "AB":
        sheet.column_dimensions[lettre].hidden = True
    regles: dict = {}
    for numero, rang in enumerate(rangs, start=ENTETE + 1):
        _ecrire_rang(sheet, numero, rang, colonnes, regles)
    for regle in regles.values():
        sheet.add_data_validation(regle)
    sheet.freeze_panes = sheet.cell(ENTETE + 1, 5)
    sheet.protection.sheet = True
    for permis in ("formatColumns", "formatRows", "formatCells"):
        setattr(sheet.protection, permis, False)


def _ecrire_rang(sheet, numero: int, rang: Rang, colonnes, regles: dict) -> None:
    poser(sheet.cell(numero, 1), rang.cle)
    poser(sheet.cell(numero, 2), " ".join(rang.empreintes))
    for place, colonne in enumerate(colonnes, start=3):
        cell, value = sheet.cell(numero, place), rang.valeurs.get(colonne.nom)
        if value not in (None, ""):
            poser(cell, value)
        if hasattr(value, "isoformat"):
            cell.number_format = "dd/mm/yyyy"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if colonne.nom in rang.ouverts:
            cell.protection, cell.fill = Protection(locked=False), OUVERTE
            if regle := rang.regles.get(colonne.nom):
                regles.setdefault(regle, _validation(regle)).add(cell)


def _validation(regle: str | tuple[str, ...]) -> DataValidation:
    """« entier », « nombre », « date », the words of a list, or « =… », where the sheet has them."""
    if isinstance(regle, str) and regle.startswith("="):
        validation = DataValidation(type="list", formula1=regle[1:], allow_blank=True)
        validation.error = "Choisissez dans la liste."
    elif isinstance(regle, tuple):
        validation = DataValidation(type="list", formula1=f'"{",".join(regle)}"', allow_blank=True)
        validation.error = nettoyer(f"Choisissez dans la liste : {', '.join(regle)}.")[:255]
    elif regle == "date":
        validation = DataValidation(type="date", operator="greaterThan", formula1="32874", allow_blank=True)
        validation.error = "Écrivez une date, comme 31/12/2023."
    else:
        borne = "99999999999"
        validation = DataValidation(
            type="whole" if regle == "entier" else "decimal",
            operator="between",
            formula1=f"-{borne}",
            formula2=borne,
            allow_blank=True,
        )
        validation.error = {
            "entier": "Écrivez un nombre entier, ou laissez vide ce que vous ne savez pas.",
            "nombre": "Écrivez un nombre, comme 1234,5, ou laissez vide ce que vous ne savez pas.",
        }[regle]
    validation.errorTitle, validation.showErrorMessage = "Cette valeur ne convient pas", True
    return validation


def liste(enum) -> tuple[str, ...]:
    return tuple(str(label) for value, label in enum.choices if value != "")


def nombre_pose(value: Decimal | None):
    """A number with the decimals that it has: a spreadsheet shows no others."""
    return None if value is None else int(value) if value == value.to_integral_value() else value.normalize()


def ecrire_lisez_moi(sheet, lignes: Iterable[str]) -> None:
    for numero, texte in enumerate(lignes, start=1):
        cell = sheet.cell(numero, 1)
        poser(cell, texte)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 110
    sheet.protection.sheet = True


def lire_feuille(feuilles: Feuilles, titre: str, colonnes: tuple[Colonne, ...]) -> list[RangLu]:
    """The rows of a sheet that hold a key or something to read. Raises ClasseurError."""
    rangs = feuilles.get(titre)
    if rangs is None:
        raise ClasseurError(
            f"La feuille « {titre} » manque : téléchargez de nouveau le classeur et reportez-y ce que vous avez écrit."
        )
    titres = {cellule.texte.strip(): colonne for colonne, cellule in dict(rangs).get(ENTETE, {}).items()}
    lues = [colonne for colonne in colonnes if colonne.est_lue]
    for voulu in [CLE, VU, *(colonne.titre for colonne in lues)]:
        if voulu not in titres:
            raise ClasseurError(
                f"Feuille « {titre} », ligne {ENTETE} : la colonne « {voulu} » manque ou n’est plus à sa place. "
                "Téléchargez de nouveau le classeur et reportez-y ce que vous avez écrit."
            )
    lus = []
    for numero, cellules in rangs:
        if numero <= ENTETE:
            continue
        ligne = {}
        for colonne in lues:
            place = titres[colonne.titre]
            vide = CelluleLue(f"{get_column_letter(place)}{numero}", "")
            ligne[colonne.nom] = cellules.get(place, vide)
        cle, vu = (
            cellules[titres[nom]].texte.strip() if titres[nom] in cellules else "" for nom in (CLE, VU)
        )
        if cle or any(cellule.texte.strip() or cellule.faute for cellule in ligne.values()):
            lus.append(RangLu(titre, numero, cle, vu.split(), ligne))
    return lus
