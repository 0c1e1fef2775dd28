"""Writes docs/droits.md from the rules themselves; a test holds the file to them."""

from django.conf import settings
from django.core.management.base import BaseCommand

from ctg.enums import Role
from ctg.mandats import REFUS
from ctg.permissions import regles

ENTETE = """# Qui peut faire quoi

Écrit par `manage.py documenter_droits` à partir du code : ne pas modifier à la main.

Un mandat donne un rôle dans une convention, sur un périmètre, entre deux dates. Sans mandat, rien. Hors de son
périmètre, une page n’existe pas (404) ; ce que le rôle ne fait jamais est refusé avec sa raison (403).

"""


def document() -> str:
    """The whole file: a line a rule, a column a role."""
    roles = list(Role)
    lignes = [
        "| Règle | " + " | ".join(role.label for role in roles) + " |",
        "|---|" + "---|" * len(roles),
    ]
    for regle in regles():
        cellules = ["oui" if regle.tous else _cellule(regle, role) for role in roles]
        lignes.append(f"| {regle.libelle} (`{regle.code}`) | " + " | ".join(cellules) + " |")
    refus = [f"- `{regle.code}` : {regle.refus}" for regle in regles()]
    mandats = [
        "- L’administrateur donne et retire tout mandat.",
        "- Le chargé de coopération, tous ceux de sa convention, sauf administrateur et ceux d’un organisme qui donne l’aval.",
        "- Le conseiller Caf ou le représentant d’un organisme qui donne l’aval, ceux de cet organisme.",
        *(f"- Sinon : « {phrase} »" for phrase in REFUS.values()),
    ]
    return (
        ENTETE
        + "\n".join(lignes)
        + "\n\n## Qui donne quel mandat\n\n"
        + "\n".join(mandats)
        + "\n\n## Ce que l’on lit à la place d’un bouton refusé\n\n"
        + "\n".join(refus)
        + "\n"
    )


def _cellule(regle, role) -> str:
    portee = regle.accorde.get(role)
    return portee.nom if portee else "–"


class Command(BaseCommand):
    help = "Écrit docs/droits.md à partir des règles du code."

    def handle(self, **options):
        (settings.BASE_DIR / "docs" / "droits.md").write_text(document(), encoding="utf-8")
        self.stdout.write(self.style.SUCCESS("docs/droits.md est écrit."))
