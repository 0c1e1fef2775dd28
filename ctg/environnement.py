"""Reads the environment, and the `.env` file that `make demo` writes; the environment wins."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

VRAI = frozenset({"1", "true", "oui", "yes", "on"})
# Names that only the machine itself answers to.
LOCAUX = frozenset({"localhost", "127.0.0.1", "[::1]"})
SECRET_MIN, SIGNES_MIN = 50, 5
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


def refuser_ce_qui_expose(*, secret: str, debug: bool, hosts: list[str]) -> None:
    """An installation that anybody could open does not start."""
    if "*" in hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS vaut « * » : écrire les noms sous lesquels le site est servi."
        )
    publics = [host for host in hosts if host not in LOCAUX]
    if debug and publics:
        raise ImproperlyConfigured(
            f"DEBUG=1 montre le code et les réglages à qui provoque une erreur : écrire DEBUG=0 pour servir « {publics[0]} »."
        )
    if not debug and (
        len(secret) < SECRET_MIN or len(set(secret)) < SIGNES_MIN or secret.startswith("django-insecure-")
    ):
        raise ImproperlyConfigured(
            f"SECRET_KEY est trop courte ou trop simple : tirer au hasard {SECRET_MIN} signes ou plus, "
            "par exemple avec « python3 -c 'import secrets; print(secrets.token_urlsafe(50))' »."
        )
