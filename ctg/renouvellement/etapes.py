"""What was typed of each step, kept on the server until the convention is opened."""

import datetime
from dataclasses import dataclass

from ctg.imports.depots import UN_SEUL
from ctg.models import Brouillon, Utilisateur
from ctg.renouvellement.choix import Choix


@dataclass(frozen=True, slots=True)
class Etapes:
    """`identite`: the data of the first form; `choix`: None until something was chosen."""

    identite: dict[str, str]
    choix: Choix | None = None


def lire_etapes(user: Utilisateur, adresse: str, *, verrouiller: bool = False) -> Etapes | None:
    """With `verrouiller`, the second of two confirmations waits for the first, and finds nothing."""
    gardes = Brouillon.objects.filter(utilisateur=user, adresse=adresse, jeton=UN_SEUL)
    garde = (gardes.select_for_update() if verrouiller else gardes).first()
    if garde is None:
        return None
    dit = garde.donnees.get("choix")
    choix = (
        Choix(frozenset(dit["lignes"]), frozenset(dit["options"]), frozenset(dit["mandats"])) if dit else None
    )
    return Etapes(garde.donnees["identite"], choix)


def garder_etapes(user: Utilisateur, adresse: str, etapes: Etapes, *, now: datetime.datetime) -> None:
    choix = etapes.choix and {
        "lignes": sorted(etapes.choix.lignes),
        "options": sorted(etapes.choix.options),
        "mandats": sorted(etapes.choix.mandats),
    }
    Brouillon.objects.update_or_create(
        utilisateur=user,
        adresse=adresse,
        jeton=UN_SEUL,
        defaults={"donnees": {"identite": etapes.identite, "choix": choix}, "updated_at": now},
    )


def oublier_etapes(user: Utilisateur, adresse: str) -> None:
    Brouillon.objects.filter(utilisateur=user, adresse=adresse, jeton=UN_SEUL).delete()
