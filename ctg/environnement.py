"""Reads the environment, and the `.env` file that `make demo` writes; the environment wins."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

VRAI = frozenset({"1", "true", "oui", "yes", "on"})
FAUX = frozenset({"", "0", "false", "non", "no", "off"})


def charger_env(path: Path) -> None:
    """`NAME=value` lines only: no quotes, no interpolation, no surprise."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sep, value = line.strip().partition("=")
        if sep and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool = False) -> bool:
    value = env(name, "1" if default else "0").strip().lower()
    if value not in VRAI | FAUX:
        raise ImproperlyConfigured(f"{name} vaut « {value} » : écrire 1 ou 0.")
    return value in VRAI


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} vaut « {value} » : écrire un nombre entier.") from None


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]
