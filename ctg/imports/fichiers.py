"""Reading the table that somebody brings: XLSX, ODS or CSV, known by what it holds and never by its name."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from ctg.formats import lignes_csv
from ctg.imports.lecture_ods import est_ods, lire_ods
from ctg.imports.lecture_xlsx import lire_premiere_feuille
from ctg.imports.tableau import MOT_DE_PASSE, Feuille
from ctg.lecture_xlsx import ILLISIBLE, MAX_FICHIER, MIO, ClasseurError, verifier_zip
from ctg.recherche import normalise

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHIFFRE = "EncryptedPackage".encode("utf-16-le")
EN_XLSX = "Ouvrez-le dans votre tableur, enregistrez-le au format « Classeur Excel (.xlsx) », puis déposez-le de nouveau."
PROBLEME = "problème"  # the last column of the file that is given back


@dataclass(frozen=True, slots=True)
class LigneLue:
    """`cellules`: under each title; `fautes`: {rank of the column: why its cell cannot be taken}.

    `origines`: {rank of a column: title in the file as it was brought}, of what was moved to be read row by row.
    """

    numero: int
    cellules: tuple[str, ...]
    fautes: dict[int, str] = field(default_factory=dict)
    origines: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableauLu:
    """`feuille`: the sheet that was read; `ignorees`: the others that hold something; `masquees`: titles of hidden columns,
    which are read like the others.
    """

    titres: tuple[str, ...]
    lignes: list[LigneLue]
    feuille: str = ""
    ignorees: tuple[str, ...] = ()
    masquees: tuple[str, ...] = ()


def lire_tableau(contenu: bytes) -> TableauLu:
    """Raises ClasseurError."""
    if len(contenu) > MAX_FICHIER:
        raise ClasseurError(f"Ce fichier dépasse {MAX_FICHIER // MIO} Mio : déposez-le en plusieurs fois.")
    return _en_tableau(_lire_feuille(contenu))


def _lire_feuille(contenu: bytes) -> Feuille:
    if contenu.startswith(OLE):
        raise ClasseurError(
            MOT_DE_PASSE
            if CHIFFRE in contenu
            else f"Ce fichier est à l’ancien format d’Excel (.xls). {EN_XLSX}"
        )
    if contenu.startswith(b"PK"):
        return _lire_archive(io.BytesIO(contenu))
    if contenu.startswith(b"%PDF"):
        raise ClasseurError("C’est un PDF : déposez le tableau dont il vient, au format XLSX, ODS ou CSV.")
    if contenu.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        raise ClasseurError(
            f"Ce fichier est une page web ou un fichier XML, quel que soit son nom. {EN_XLSX}"
        )
    return Feuille(
        "",
        [
            (numero, {rang: (texte, "") for rang, texte in enumerate(cellules, start=1) if texte.strip()})
            for numero, cellules in lignes_csv(contenu)
        ],
    )


def _lire_archive(fichier: io.BytesIO) -> Feuille:
    noms = verifier_zip(fichier)
    try:
        if est_ods(fichier, noms):
            return lire_ods(fichier)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ClasseurError(ILLISIBLE) from error
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= noms:
        raise ClasseurError(f"Ce fichier n’est pas un tableau, quel que soit son nom. {EN_XLSX}")
    if "xl/vbaProject.bin" in noms:
        raise ClasseurError(f"Ce classeur contient des macros (.xlsm) : il n’est pas ouvert. {EN_XLSX}")
    return lire_premiere_feuille(fichier)


def _en_tableau(feuille: Feuille) -> TableauLu:
    lignes = [
        (numero, remplies)
        for numero, cellules in feuille.lignes
        if (remplies := {rang: lue for rang, lue in cellules.items() if lue[0].strip() or lue[1]})
    ]
    if not lignes:
        raise ClasseurError(
            "Ce fichier est vide : déposez un tableau dont la première ligne donne le nom des colonnes."
        )
    (debut, entete), *suite = lignes
    titres = _titres(debut, entete)
    if not suite:
        raise ClasseurError("Ce fichier n’a que la ligne des titres : ajoutez les lignes à importer.")
    rangs = range(1, len(titres) + 1)
    lues = []
    for numero, cellules in suite:
        if hors := sorted(rang for rang in cellules if rang > len(titres) or not titres[rang - 1]):
            colonne, valeur = get_column_letter(hors[0]), cellules[hors[0]][0]
            raise ClasseurError(
                f"Ligne {numero}, colonne {colonne} : « {_court(valeur)} » n’a pas de titre au-dessus, à la ligne "
                f"{debut}. Donnez un titre à la colonne {colonne}, ou videz-la (dans un CSV, un texte qui contient le "
                "séparateur s’écrit entre guillemets)."
            )
        lues.append(
            LigneLue(
                numero,
                tuple(cellules[rang][0] if rang in cellules else "" for rang in rangs),
                {rang - 1: cellules[rang][1] for rang in rangs if rang in cellules and cellules[rang][1]},
            )
        )
    masquees = tuple(
        titre for rang, titre in enumerate(titres, start=1) if titre and rang in feuille.masquees
    )
    return TableauLu(tuple(titres), lues, feuille.nom, feuille.ignorees, masquees)


def _titres(numero: int, entete: dict[int, tuple[str, str]]) -> list[str]:
    vus: dict[str, int] = {}
    for rang, (texte, faute) in entete.items():
        lettre = get_column_letter(rang)
        if faute:
            raise ClasseurError(f"Ligne {numero}, colonne {lettre}, « {_court(texte)} » : {faute}")
        cle = normalise(texte) or texte
        if cle in vus:
            raise ClasseurError(
                f"Ligne {numero} : les colonnes {get_column_letter(vus[cle])} et {lettre} ont le même titre, "
                f"« {_court(texte)} ». Renommez ou supprimez l’une des deux, puis déposez le fichier de nouveau."
            )
        vus[cle] = rang
    return [
        re.sub(r"\s+", " ", entete[rang][0]).strip() if rang in entete else ""
        for rang in range(1, max(entete) + 1)
    ]


def _court(texte: str) -> str:
    return texte if len(texte) <= 60 else f"{texte[:59]}…"
