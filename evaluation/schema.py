"""The JSON schema of a frozen bilan, from its very dataclasses."""

import dataclasses
import datetime
import json
import types
import typing
from decimal import Decimal

from evaluation.acte import Acte
from evaluation.bilan import SCHEMA, Contenu
from evaluation.canonique import champs_de

SIMPLES = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time"},
}


def schema() -> str:
    """The text of docs/bilan.schema.json."""
    definitions: dict[str, dict] = {}
    racine = _forme(Contenu, definitions)
    _forme(Acte, definitions)
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"bilan-v{SCHEMA}",
        "title": "Contenu figé d’un bilan (C)",
        "description": (
            "JSON canonique : clés triées, sans espace, décimaux en chaînes, dates ISO, UTF-8. "
            "« Acte » décrit l’acte de publication (E)."
        ),
        "version": SCHEMA,
        **racine,
        "$defs": definitions,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _forme(modele, definitions: dict[str, dict]) -> dict:
    if dataclasses.is_dataclass(modele):
        if modele.__name__ not in definitions:
            definitions[modele.__name__] = {}
            champs = champs_de(modele)
            definitions[modele.__name__] = {
                "type": "object",
                "description": (modele.__doc__ or "").split("\n")[0],
                "properties": {nom: _forme(forme, definitions) for nom, forme in champs.items()},
                "required": list(champs),
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{modele.__name__}"}
    origine, arguments = typing.get_origin(modele), typing.get_args(modele)
    if origine in (types.UnionType, typing.Union):
        simple = next(a for a in arguments if a is not types.NoneType)
        return {"anyOf": [_forme(simple, definitions), {"type": "null"}]}
    if origine is tuple and arguments[-1] is Ellipsis:
        return {"type": "array", "items": _forme(arguments[0], definitions)}
    if origine is tuple:
        formes = [_forme(argument, definitions) for argument in arguments]
        return {"type": "array", "prefixItems": formes, "items": False, "minItems": len(formes)}
    return dict(SIMPLES[modele])
