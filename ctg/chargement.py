"""Loads a convention from tables: a folder of CSV files, or a workbook with a sheet for each.

Each app declares its tables in its `tableaux.py`. A load is all or nothing, can be repeated, and never
overwrites a field that somebody changed since the last load: it says so (`Conflit`), unless forced. An empty cell
says nothing: it neither fills nor erases.
"""

import csv
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from ctg.enums import Precision
from ctg.models import Contractuel, Convention, LigneChargee, Motivable, Porte, Territoire, acte
from ctg.nombres import lire_nombre
from ctg.noms import MARQUE

SEPARATEUR = " | "
MAX_LIGNES = 20_000


class ChargementError(Exception):
    """Everything that is wrong in the tables; one French sentence a fault, with its place and its remedy."""

    def __init__(self, fautes: list[str]):
        self.fautes = fautes
        super().__init__("\n".join(fautes))


class ValeurError(Exception):
    """One cell cannot be read; the message says what to write instead."""


@dataclass
class Contexte:
    """What readers need to resolve a link: the convention being loaded, and what was found already."""

    convention: Convention | None = None
    territoire: Territoire | None = None
    liens: dict[tuple, models.Model] = field(default_factory=dict)


# A reader turns a cell into {field: value}.
Lecteur = Callable[[str, Contexte], dict[str, Any]]


@dataclass(frozen=True)
class Tableau:
    """One kind of record. `cle`: columns that name a row; `portee`: fields that the context gives."""

    nom: str
    modele: type[models.Model]
    cle: tuple[str, ...]
    colonnes: dict[str, Lecteur]
    ordre: int
    portee: Callable[[Contexte], dict[str, Any]] = lambda ctx: {}
    # (object, fields to write) -> why it is locked, or nothing; forcing does not lift it.
    verrou: Callable[[models.Model, list[str]], str] = lambda objet, champs: ""


@dataclass(frozen=True, slots=True)
class Conflit:
    lieu: str
    champ: str
    actuel: str
    fichier: str

    def __str__(self):
        return f"{self.lieu} : « {self.champ} » a été modifié depuis le dernier chargement (gardé : {self.actuel!r}, fichier : {self.fichier!r})"


@dataclass
class Resultat:
    convention: Convention | None = None
    nb_crees: int = 0
    nb_modifies: int = 0
    nb_inchanges: int = 0
    changements: list[str] = field(default_factory=list)
    conflits: list[Conflit] = field(default_factory=list)


_tableaux: dict[str, Tableau] = {}


def register(tableau: Tableau) -> None:
    if tableau.nom in _tableaux:
        raise ValueError(f"Tableau déjà déclaré : {tableau.nom}")
    _tableaux[tableau.nom] = tableau


def tableaux() -> list[Tableau]:
    return sorted(_tableaux.values(), key=lambda t: (t.ordre, t.nom))


# Readers ---------------------------------------------------------------------------------------------


def texte(champ: str) -> Lecteur:
    return lambda cell, ctx: {champ: cell}


def entier(champ: str) -> Lecteur:
    def lire(cell, ctx):
        if not cell:
            return {champ: None}
        if not (cell.isascii() and cell.isdigit()):
            raise ValeurError("écrivez un nombre entier")
        return {champ: int(cell)}

    return lire


def decimal(champ: str) -> Lecteur:
    def lire(cell, ctx):
        try:
            return {champ: lire_nombre(cell)}
        except ValidationError as error:
            raise ValeurError(error.messages[0]) from None

    return lire


def oui_non(champ: str) -> Lecteur:
    def lire(cell, ctx):
        if cell not in {"oui", "non", ""}:
            raise ValeurError("écrivez oui ou non")
        return {champ: cell == "oui"}

    return lire


def choix(champ: str, enum: type[models.TextChoices]) -> Lecteur:
    def lire(cell, ctx):
        if cell and cell not in enum.values:
            raise ValeurError(f"écrivez l’un de : {', '.join(enum.values)}")
        return {champ: cell}

    return lire


def lignes(champ: str) -> Lecteur:
    """A list in one cell becomes one item a line."""
    return lambda cell, ctx: {
        champ: "\n".join(item.strip() for item in cell.split(SEPARATEUR) if item.strip())
    }


def lire_date(cell: str) -> tuple[datetime.date | None, str]:
    """« 2024-09-23 », « 2024-09 », « 2024 » → (first day, precision)."""
    if not cell:
        return None, ""
    precisions = {1: Precision.ANNEE, 2: Precision.MOIS, 3: Precision.JOUR}
    parts = cell.split("-")
    try:
        if len(parts[0]) != 4:
            raise ValueError(cell)
        numbers = [int(part) for part in parts]
        return datetime.date(*[*numbers, 1, 1][:3]), precisions[len(parts)].value
    except (ValueError, KeyError, TypeError):
        raise ValeurError("écrivez une date comme 2024-09-23, 2024-09 ou 2024") from None


def date_precise(nom: str) -> Lecteur:
    def lire(cell, ctx):
        date, precision = lire_date(cell)
        return {f"date_{nom}": date, f"precision_{nom}": precision}

    return lire


def date(champ: str) -> Lecteur:
    def lire(cell, ctx):
        value, precision = lire_date(cell)
        if value and precision != Precision.JOUR:
            raise ValeurError("écrivez une date entière, comme 2024-09-23")
        return {champ: value}

    return lire


def _chercher(modele, par: str, cell: str, ctx: Contexte, portee) -> models.Model:
    scope = portee(ctx) if portee else {}
    key = (modele, par, cell)
    if key not in ctx.liens:
        found = list(modele.objects.filter(**{par: cell}, **scope)[:2]) or _reuni(modele, cell, ctx)
        if len(found) != 1:
            nom = modele._meta.verbose_name
            raise ValeurError(
                f"aucun enregistrement « {nom} » ne porte ce nom : corrigez-le ou ajoutez-le à son tableau"
            )
        ctx.liens[key] = found[0]
    return ctx.liens[key]


def _reuni(modele, cell: str, ctx: Contexte) -> list[models.Model]:
    """What was loaded under that key, and is now another record: see `ctg.doublons`."""
    noms = [tableau.nom for tableau in tableaux() if tableau.modele is modele]
    connues = LigneChargee.objects.filter(convention=ctx.convention, tableau__in=noms, cle=cell)
    return list(modele.objects.filter(pk__in=connues.values("objet_id")))


def lien(champ: str, modele, par: str, portee=None) -> Lecteur:
    """A link named by the natural key of its target."""
    return lambda cell, ctx: {champ: _chercher(modele, par, cell, ctx, portee) if cell else None}


def liens(champ: str, modele, par: str, portee=None) -> Lecteur:
    """A list of links (many to many)."""
    return lambda cell, ctx: {
        champ: [
            _chercher(modele, par, item.strip(), ctx, portee)
            for item in cell.split(SEPARATEUR)
            if item.strip()
        ]
    }


SOURCE = {name: texte(name) for name in ("source", "mention", "a_verifier")}


def de_la_convention(ctx: Contexte) -> dict[str, Any]:
    return {"convention": ctx.convention}


def du_territoire(ctx: Contexte) -> dict[str, Any]:
    return {"territoire": ctx.territoire}


def quartiers_de_reference(ctx: Contexte) -> dict[str, Any]:
    return {"decoupage__territoire": ctx.territoire, "decoupage__is_reference": True}


# Reading the files -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ligne:
    lieu: str  # « structures.csv, ligne 12 »
    cellules: dict[str, str]


def lire_source(source: Path) -> dict[str, list[Ligne]]:
    """{table: rows} of a folder of CSV files or of a workbook."""
    if source.is_dir():
        feuilles = {path.stem: (path.name, _lire_csv(path)) for path in sorted(source.glob("*.csv"))}
    elif source.suffix == ".xlsx" and source.is_file():
        feuilles = {nom: (f"feuille « {nom} »", rows) for nom, rows in _lire_classeur(source)}
    else:
        raise ChargementError([f"{source} : donnez un dossier de fichiers CSV ou un classeur .xlsx."])
    fautes = [
        f"{lieu} : ce tableau n’est pas connu." for nom, (lieu, _) in feuilles.items() if nom not in _tableaux
    ]
    resultat = {}
    for nom, (lieu, rows) in feuilles.items():
        if nom in _tableaux:
            resultat[nom] = _lignes(_tableaux[nom], lieu, rows, fautes)
    if fautes:
        raise ChargementError(fautes)
    if not resultat:
        raise ChargementError([f"{source} : aucun tableau à charger."])
    return resultat


def _lire_csv(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream, strict=True))
    except UnicodeDecodeError:
        raise ChargementError([f"{path.name} : enregistrez ce fichier en UTF-8."]) from None
    except csv.Error as error:
        raise ChargementError([f"{path.name} : ce fichier CSV est abîmé ({error})."]) from None


def _lire_classeur(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- slow import

    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            rows = sheet.iter_rows(values_only=True, max_row=MAX_LIGNES + 1)
            yield sheet.title, [["" if cell is None else str(cell) for cell in row] for row in rows]
    finally:
        workbook.close()


def _lignes(tableau: Tableau, lieu: str, rows: list[list[str]], fautes: list[str]) -> list[Ligne]:
    entetes = [cell.strip() for cell in rows[0]] if rows else []
    avant = len(fautes)
    fautes += [
        f"{lieu}, ligne 1 : la colonne « {name} » n’est pas connue (colonnes : {', '.join(tableau.colonnes)})."
        for name in entetes
        if name not in tableau.colonnes
    ]
    fautes += [
        f"{lieu}, ligne 1 : la colonne « {name} » est en double."
        for name in set(entetes)
        if entetes.count(name) > 1
    ]
    fautes += [
        f"{lieu}, ligne 1 : la colonne « {name} » manque." for name in tableau.cle if name not in entetes
    ]
    if len(fautes) > avant:
        return []
    lignes_lues, vues = [], {}
    for numero, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        place = f"{lieu}, ligne {numero}"
        if len(row) != len(entetes):
            fautes.append(f"{place} : {len(row)} cellules pour {len(entetes)} colonnes.")
            continue
        ligne = Ligne(place, {name: cell.strip() for name, cell in zip(entetes, row, strict=True)})
        cle = tuple(ligne.cellules[name] for name in tableau.cle)
        if cle in vues:
            fautes.append(f"{place} : « {' / '.join(cle)} » est déjà à la ligne {vues[cle]}.")
        vues[cle] = numero
        lignes_lues.append(ligne)
    return lignes_lues


# Writing -----------------------------------------------------------------------------------------------


@transaction.atomic
def charger(source: Path, *, essai: bool = False, forcer: bool = False) -> Resultat:
    """Load every table of `source`, in the order of the apps. Raises ChargementError and writes nothing."""
    contenu = lire_source(source)
    chargeur = _Chargeur(forcer=forcer)
    with acte(Porte.COMMANDE, f"Chargement de « {source.name} »"):
        for tableau in tableaux():
            if tableau.nom in contenu:
                chargeur.charger_tableau(tableau, contenu[tableau.nom])
    if chargeur.fautes:
        raise ChargementError(chargeur.fautes)
    if essai:
        transaction.set_rollback(True)
    return chargeur.resultat


class _Chargeur:
    def __init__(self, *, forcer: bool):
        self.forcer = forcer
        self.ctx = Contexte()
        self.resultat = Resultat()
        self.fautes: list[str] = []

    def charger_tableau(self, tableau: Tableau, lignes_lues: list[Ligne]) -> None:
        connues = {}
        if tableau.modele is Convention:
            if len(lignes_lues) != 1:
                self.fautes.append(f"{tableau.nom} : une ligne, et une seule, est attendue.")
                return
            self.ctx.convention = Convention.objects.filter(slug=lignes_lues[0].cellules["slug"]).first()
        if self.ctx.convention:
            connues = {
                ligne.cle: ligne
                for ligne in LigneChargee.objects.filter(convention=self.ctx.convention, tableau=tableau.nom)
            }
        elif tableau.modele is not Convention:
            self.fautes.append(f"{tableau.nom} : le tableau « convention » manque, ou n’a pas pu être lu.")
            return
        for ligne in lignes_lues:
            valeurs = self._lire(tableau, ligne)
            if valeurs is not None:
                self._ecrire(tableau, ligne, valeurs, connues)

    def _lire(self, tableau: Tableau, ligne: Ligne) -> dict[str, Any] | None:
        valeurs: dict[str, Any] = {}
        avant = len(self.fautes)
        for name, cell in ligne.cellules.items():
            try:
                if "\x00" in cell:
                    raise ValeurError("ôtez le caractère nul")
                valeurs |= tableau.colonnes[name](cell, self.ctx)
            except ValeurError as error:
                self.fautes.append(f"{ligne.lieu}, colonne « {name} », valeur « {cell} » : {error}.")
        return valeurs if len(self.fautes) == avant else None

    def _trouver(self, tableau, ligne, valeurs, connue):
        if connue and (objet := tableau.modele.objects.filter(pk=connue.objet_id).first()):
            return objet
        lookup = {}
        for name in tableau.cle:
            lookup |= tableau.colonnes[name](ligne.cellules[name], self.ctx)
        return tableau.modele.objects.filter(**lookup, **tableau.portee(self.ctx)).first()

    def _ecrire(self, tableau: Tableau, ligne: Ligne, valeurs: dict[str, Any], connues) -> None:
        cle = " / ".join(ligne.cellules[name] for name in tableau.cle)
        connue = connues.get(cle)
        objet = self._trouver(tableau, ligne, valeurs, connue)
        if objet is None and connue and not self.forcer:
            self.resultat.conflits.append(Conflit(ligne.lieu, cle, "supprimé", "présent"))
            return
        created = objet is None
        if created:
            objet = tableau.modele(**tableau.portee(self.ctx))
        dernieres = connue.valeurs if connue and not created else {}
        plusieurs = {f.name for f in tableau.modele._meta.many_to_many}
        change, liens_a_poser = [], {}
        for champ, valeur in valeurs.items():
            nouveau = _canonique(valeur)
            actuel = None if created else _canonique(_lire_champ(objet, champ, plusieurs))
            # An empty cell says nothing: it erases nothing, whoever wrote what is there.
            if not created and (actuel == nouveau or nouveau in (None, "", [])):
                continue
            # Somebody wrote here since the last load, or before the first one.
            touche = actuel != dernieres[champ] if champ in dernieres else not _vide(actuel)
            # A file does not bring back the name of a person who was made anonymous since.
            touche = touche or (isinstance(actuel, str) and MARQUE[:-1] in actuel)
            if touche and not created and not self.forcer:
                self.resultat.conflits.append(Conflit(ligne.lieu, champ, str(actuel), str(nouveau)))
                continue
            if champ in plusieurs:
                liens_a_poser[champ] = valeur
            else:
                setattr(objet, champ, valeur)
            change.append(champ)
        if self._est_verrouille(tableau, objet, ligne, change) or not self._enregistrer(
            objet, ligne, liens_a_poser, change=bool(change) or created
        ):
            return
        dites = {champ: _canonique(valeur) for champ, valeur in valeurs.items()}
        dites = {champ: valeur for champ, valeur in dites.items() if created or valeur not in (None, "", [])}
        self._retenir(tableau, cle, objet, {**dernieres, **dites}, connue)
        if created:
            self.resultat.nb_crees += 1
            self.resultat.changements.append(f"+ {tableau.nom} {cle}")
        elif change:
            self.resultat.nb_modifies += 1
            self.resultat.changements.append(f"~ {tableau.nom} {cle} : {', '.join(change)}")
        else:
            self.resultat.nb_inchanges += 1

    def _est_verrouille(self, tableau: Tableau, objet, ligne: Ligne, change: list[str]) -> bool:
        raison = tableau.verrou(objet, change) if change else ""
        if raison:
            self.fautes.append(f"{ligne.lieu} : {raison}")
        return bool(raison)

    def _enregistrer(self, objet, ligne: Ligne, liens_a_poser, *, change: bool) -> bool:
        if change:
            if isinstance(objet, Contractuel):
                objet.completer(f"{ligne.cellules.get('source') or ligne.lieu}")
                objet.rectifier(f"texte chargé de nouveau ({ligne.lieu})")
            if isinstance(objet, Motivable) and self.forcer:
                objet.motiver(f"Chargement forcé ({ligne.lieu})")
            try:
                objet.full_clean()
            except ValidationError as error:
                for champ, messages in error.message_dict.items():
                    place = f"{ligne.lieu}, colonne « {champ} »" if champ != "__all__" else ligne.lieu
                    self.fautes += [f"{place} : {message}" for message in messages]
                return False
            objet.save()
            for champ, valeur in liens_a_poser.items():
                getattr(objet, champ).set(valeur)
        if isinstance(objet, Convention):
            self.ctx.convention, self.ctx.territoire = objet, objet.territoire
            self.resultat.convention = objet
        return True

    def _retenir(self, tableau: Tableau, cle: str, objet, valeurs: dict, connue) -> None:
        if connue and connue.valeurs == valeurs and connue.objet_id == objet.pk:
            return
        LigneChargee.objects.update_or_create(
            convention=self.ctx.convention,
            tableau=tableau.nom,
            cle=cle,
            defaults={"objet_id": objet.pk, "valeurs": valeurs},
        )


def _lire_champ(objet, champ: str, plusieurs: set[str]):
    return list(getattr(objet, champ).all()) if champ in plusieurs else getattr(objet, champ)


def _vide(canonique) -> bool:
    return canonique in (None, "", [], False)


def _canonique(value):
    """A JSON value, the same for what a file gives and what the database holds."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, list):
        return sorted(item.pk for item in value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
