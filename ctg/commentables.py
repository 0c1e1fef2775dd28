"""What people may comment. Each app registers its models in its own `commentables.py`; ctg names none of them."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class Commentable:
    """A model with a `convention`. `lire` and `modifier` are the permissions asked of the object."""

    code: str  # in addresses
    modele: type[models.Model]
    lire: str
    modifier: str
    nom: Callable[[models.Model], str]  # « la fiche PE-1 »
    url: Callable[[models.Model, datetime.date], str]  # the page where its threads are shown, on that day
    panneau: str = ""  # anchor of the threads on that page
    champs: Callable[[models.Model], dict[str, str]] = lambda objet: {}  # {field: its name on screen}


_commentables: dict[str, Commentable] = {}


def register(commentable: Commentable) -> None:
    if commentable.code in _commentables:
        raise ValueError(f"Objet commentable déjà déclaré : {commentable.code}")
    _commentables[commentable.code] = commentable


def commentable(code: str) -> Commentable | None:
    return _commentables.get(code)


def commentable_de(objet: models.Model) -> Commentable:
    """How this object is commented; KeyError if no app said it."""
    for declare in _commentables.values():
        if isinstance(objet, declare.modele):
            return declare
    raise KeyError(f"{objet._meta.label} ne se commente pas.")
