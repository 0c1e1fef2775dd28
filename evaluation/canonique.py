"""Canonical JSON: one text for one value, whatever the machine, and back again exactly.

Sorted keys, no space, decimals as strings without useless zeros, dates in ISO form, UTF-8. Its SHA-256 names it.
"""

import dataclasses
import datetime
import itertools
import json
import types
import typing
from decimal import Decimal
from functools import cache
from typing import TypeVar

from ctg.fichiers import empreinte_octets

T = TypeVar("T")


def ecrire(objet) -> str:
    """The canonical text of a dataclass made of plain values."""
    return texte(donnees(objet))


def texte(donnees_) -> str:
    """The canonical text of what JSON holds."""
    return json.dumps(donnees_, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def donnees(objet):
    """A dataclass as what JSON holds: dictionaries, lists, strings, integers, booleans, null."""
    if dataclasses.is_dataclass(objet):
        return {f.name: donnees(getattr(objet, f.name)) for f in dataclasses.fields(objet)}
    if isinstance(objet, tuple | list):
        return [donnees(element) for element in objet]
    if isinstance(objet, Decimal):
        return _decimal(objet)
    if isinstance(objet, datetime.date):
        return objet.isoformat()
    if objet is None or isinstance(objet, str | int):
        return objet
    raise TypeError(f"{type(objet).__name__} has no canonical form")


def _decimal(valeur: Decimal) -> str:
    return "0" if not valeur else f"{valeur.normalize():f}"


def lire(modele: type[T], texte: str) -> T:
    """The dataclass that `ecrire` wrote. Raises KeyError, TypeError, ValueError on anything else."""
    return construire(modele, json.loads(texte))


def construire(modele, valeur):
    if dataclasses.is_dataclass(modele):
        champs = champs_de(modele)
        if set(valeur) != set(champs):
            raise ValueError(f"{modele.__name__}: {sorted(set(valeur) ^ set(champs))}")
        return modele(**{nom: construire(forme, valeur[nom]) for nom, forme in champs.items()})
    arguments = typing.get_args(modele)
    if types.NoneType in arguments:
        return None if valeur is None else construire(arguments[0], valeur)
    if typing.get_origin(modele) is tuple:
        formes = itertools.repeat(arguments[0], len(valeur)) if arguments[-1] is Ellipsis else arguments
        return tuple(construire(forme, element) for forme, element in zip(formes, valeur, strict=True))
    return _simple(modele, valeur)


def _simple(modele, valeur):
    if modele is Decimal:
        return Decimal(valeur)
    if modele in (datetime.date, datetime.datetime):
        return modele.fromisoformat(valeur)
    if type(valeur) is not modele:
        raise TypeError(f"{valeur!r} is no {modele.__name__}")
    return valeur


@cache
def champs_de(modele) -> dict[str, object]:
    """{field: its type} of a dataclass."""
    formes = typing.get_type_hints(modele)
    return {f.name: formes[f.name] for f in dataclasses.fields(modele)}


def empreinte(*textes: str) -> str:
    """SHA-256, in hexadecimal, of texts one after the other."""
    return empreinte_octets("".join(textes).encode())
