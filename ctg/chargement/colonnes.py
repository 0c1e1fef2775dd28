"""Kinds of columns. What one reads of a cell, it writes back the same."""

import datetime
import re
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from ctg.chargement.tableau import SEPARATEUR, Colonne, Contexte, Portee, ValeurError, tableaux
from ctg.enums import Precision
from ctg.models import LigneChargee, Temporel
from ctg.nombres import ecrire_nombre, lire_nombre

DATE = "une date comme 2024-09-23 ou 23/09/2024"
DATES = f"{DATE}, ou seulement 2024-09 ou 2024"
_FRANCAISE = re.compile(r"(?:(?:([0-9]{1,2})/)?([0-9]{1,2})/)?([0-9]{4})")


def texte(champ: str, aide: str = "un texte") -> Colonne:
    return Colonne(lambda cell, ctx: {champ: cell}, attrgetter(champ), aide)


def entier(champ: str) -> Colonne:
    def lire(cell, ctx):
        if not cell:
            return {champ: None}
        if not (cell.isascii() and cell.isdigit()):
            raise ValeurError("écrivez un nombre entier")
        return {champ: int(cell)}

    def ecrire(objet):
        value = getattr(objet, champ)
        return "" if value is None else str(value)

    return Colonne(lire, ecrire, "un nombre entier")


def decimal(champ: str) -> Colonne:
    def lire(cell, ctx):
        try:
            return {champ: lire_nombre(cell)}
        except ValidationError as error:
            raise ValeurError(error.messages[0]) from None

    return Colonne(lire, lambda objet: ecrire_nombre(getattr(objet, champ)), "un nombre, comme 1234,5")


def oui_non(champ: str) -> Colonne:
    def lire(cell, ctx):
        if cell not in {"oui", "non", ""}:
            raise ValeurError("écrivez oui ou non")
        return {champ: cell == "oui"}

    return Colonne(
        lire,
        lambda objet: "oui" if getattr(objet, champ) else "non",
        "oui ou non ; vide : non",
        ("oui", "non"),
    )


def choix(champ: str, enum: type[models.TextChoices]) -> Colonne:
    def lire(cell, ctx):
        if cell and cell not in enum.values:
            raise ValeurError(f"écrivez l’un de : {', '.join(enum.values)}")
        return {champ: cell}

    dits = ", ".join(f"{value} ({label})" if value != label else value for value, label in enum.choices)
    return Colonne(lire, attrgetter(champ), f"l’un de : {dits}", tuple(enum.values))


def lignes(champ: str) -> Colonne:
    """A list in one cell becomes one item a line."""
    return Colonne(
        lambda cell, ctx: {champ: "\n".join(item.strip() for item in cell.split(SEPARATEUR) if item.strip())},
        lambda objet: SEPARATEUR.join(getattr(objet, champ).splitlines()),
        "plusieurs textes, séparés par « | » entre deux espaces",
    )


def lire_date(cell: str) -> tuple[datetime.date | None, str]:
    """« 2024-09-23 » or « 23/09/2024 », « 2024-09 », « 2024 » → (first day, precision)."""
    if not cell:
        return None, ""
    precisions = {1: Precision.ANNEE, 2: Precision.MOIS, 3: Precision.JOUR}
    if lue := _FRANCAISE.fullmatch(cell):
        parts = [part for part in (lue[3], lue[2], lue[1]) if part]
    else:
        parts = cell.split("-")
    try:
        if len(parts[0]) != 4:
            raise ValueError(cell)
        numbers = [int(part) for part in parts]
        return datetime.date(*[*numbers, 1, 1][:3]), precisions[len(parts)].value
    except (ValueError, KeyError, TypeError):
        raise ValeurError("écrivez une date comme 2024-09-23, 2024-09 ou 2024") from None


def date_precise(nom: str) -> Colonne:
    def lire(cell, ctx):
        date, precision = lire_date(cell)
        return {f"date_{nom}": date, f"precision_{nom}": precision}

    def ecrire(objet):
        date, precision = getattr(objet, f"date_{nom}"), getattr(objet, f"precision_{nom}")
        longueur = {Precision.ANNEE: 4, Precision.MOIS: 7}.get(precision, 10)
        return date.isoformat()[:longueur] if date else ""

    return Colonne(lire, ecrire, DATES)


def date(champ: str) -> Colonne:
    def lire(cell, ctx):
        value, precision = lire_date(cell)
        if value and precision != Precision.JOUR:
            raise ValeurError("écrivez une date entière, comme 2024-09-23")
        return {champ: value}

    def ecrire(objet):
        value = getattr(objet, champ)
        return value.isoformat() if value else ""

    return Colonne(lire, ecrire, DATE)


def _chercher(modele, par: str, cell: str, ctx: Contexte, portee: Portee | None) -> models.Model:
    scope = portee(ctx) if portee else {}
    key = (modele, par, cell)
    if key not in ctx.liens:
        found = list(en_vigueur_d_abord(modele.objects.filter(**{par: cell}, **scope))) or _reuni(
            modele, cell, ctx
        )
        if len(found) != 1:
            nom = modele._meta.verbose_name
            raise ValeurError(
                f"aucun enregistrement « {nom} » ne porte ce nom : corrigez-le ou ajoutez-le à son tableau"
            )
        ctx.liens[key] = found[0]
    return ctx.liens[key]


def en_vigueur_d_abord(objets: models.QuerySet) -> models.QuerySet:
    """Of a text that an avenant replaced, the row that goes on; what is closed without another is found too."""
    if not issubclass(objets.model, Temporel):
        return objets
    courants = objets.filter(date_fin=None)
    return courants if courants.exists() else objets


def _reuni(modele, cell: str, ctx: Contexte) -> list[models.Model]:
    """What was loaded under that key, and is now another record: see `ctg.doublons`."""
    noms = [tableau.nom for tableau in tableaux() if tableau.modele is modele]
    connues = LigneChargee.objects.filter(convention=ctx.convention, tableau__in=noms, cle=cell)
    return list(modele.objects.filter(pk__in=connues.values("objet_id")))


def lien(
    champ: str, modele, par: str, portee: Portee | None = None, *, is_detachable: bool = False
) -> Colonne:
    """A link named by the natural key of its target. `is_detachable`: the row says enough without it."""
    nommer, chemin = _nommer(par), par.rpartition("__")[0]

    def lire(cell, ctx):
        return {champ: _chercher(modele, par, cell, ctx, portee) if cell else None}

    def ecrire(objet):
        cible = getattr(objet, champ)
        return "" if cible is None else nommer(cible)

    def ecrire_parmi(objet, est_donne):
        cible = getattr(objet, champ)
        return nommer(cible) if cible is not None and est_donne(cible) else ""

    return Colonne(
        lire,
        ecrire,
        _aide_lien(modele, par),
        cibles=lambda objet: [cible] if (cible := getattr(objet, champ)) else (),
        suit="__".join(filter(None, (champ, chemin))),
        ecrire_parmi=ecrire_parmi if is_detachable else None,
    )


def liens(champ: str, modele, par: str, portee: Portee | None = None) -> Colonne:
    """A list of links (many to many)."""
    nommer = _nommer(par)

    def lire(cell, ctx):
        items = [item.strip() for item in cell.split(SEPARATEUR) if item.strip()]
        return {champ: [_chercher(modele, par, item, ctx, portee) for item in items]}

    def cibles(objet):
        return getattr(objet, champ).order_by("pk")

    def ecrire_parmi(objet, est_donne):
        return SEPARATEUR.join(nommer(cible) for cible in cibles(objet) if est_donne(cible))

    return Colonne(
        lire,
        lambda objet: SEPARATEUR.join(nommer(cible) for cible in cibles(objet)),
        f"{_aide_lien(modele, par)} ; plusieurs se séparent par « | » entre deux espaces",
        cibles=cibles,
        ecrire_parmi=ecrire_parmi,
    )


def _nommer(par: str):
    lire = attrgetter(par.replace("__", "."))
    return lambda cible: str(lire(cible))


def _aide_lien(modele, par: str) -> str:
    *_, champ = par.split("__")
    nom = modele._meta.verbose_name
    return f"« {champ} » d’une ligne de « {nom} »"


def muette() -> Colonne:
    """A column that the files have and that nothing keeps."""
    return Colonne(lambda cell, ctx: {}, lambda objet: "", "rien : cette colonne n’est pas reprise")


SOURCE = {
    "source": texte("source", "où cela se lit : « Annexe 3, axe 2 »"),
    "mention": texte("mention", "ce qui a été interprété du texte"),
    "a_verifier": texte("a_verifier", "ce qui reste à demander ou à vérifier"),
}


def de_la_convention(ctx: Contexte) -> dict[str, Any]:
    return {"convention": ctx.convention}


def du_territoire(ctx: Contexte) -> dict[str, Any]:
    return {"territoire": ctx.territoire}


def quartiers_de_reference(ctx: Contexte) -> dict[str, Any]:
    return {"decoupage__territoire": ctx.territoire, "decoupage__is_reference": True}
