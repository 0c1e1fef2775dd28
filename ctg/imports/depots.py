"""A file that was brought and is not imported yet: kept on the server, for its person and its page."""

import datetime
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from ctg.imports.fichiers import LigneLue, TableauLu
from ctg.lecture_xlsx import ClasseurError
from ctg.models import Brouillon

MAX_CONTENU = 8_000_000  # characters
UN_SEUL = uuid.UUID(int=0)  # one file waits at a time for a person and a page


@dataclass(slots=True)
class Depot:
    """`cle` names this very file. `champs`: of each title, empty until they are matched; the rest is what was answered."""

    cle: str
    nom: str
    tableau: TableauLu
    champs: list[str] = field(default_factory=list)
    choix: dict[int, str] = field(default_factory=dict)  # {number of the row: answer}
    source: str = ""
    rectification: str = ""

    @classmethod
    def nouveau(cls, nom: str, tableau: TableauLu) -> "Depot":
        return cls(str(uuid.uuid4()), nom[:200], tableau)


def garder_depot(user, adresse: str, depot: Depot, *, now: datetime.datetime) -> None:
    """Raises ClasseurError."""
    donnees = _en_json(depot)
    if len(json.dumps(donnees)) > MAX_CONTENU:
        raise ClasseurError("Ce fichier contient trop de texte : déposez-le en plusieurs fois.")
    Brouillon.objects.update_or_create(
        utilisateur=user, adresse=adresse, jeton=UN_SEUL, defaults={"donnees": donnees, "updated_at": now}
    )


def lire_depot(user, adresse: str, *, verrouiller: bool = False) -> Depot | None:
    """With `verrouiller`, the second of two confirmations waits for the first, and finds nothing."""
    brouillons = Brouillon.objects.filter(utilisateur=user, adresse=adresse)
    garde = (brouillons.select_for_update() if verrouiller else brouillons).first()
    return None if garde is None or "lignes" not in garde.donnees else _de_json(garde.donnees)


def _en_json(depot: Depot) -> dict:
    tableau = depot.tableau
    return {
        "depot": depot.cle,
        "nom": depot.nom,
        "feuille": tableau.feuille,
        "ignorees": tableau.ignorees,
        "masquees": tableau.masquees,
        "titres": tableau.titres,
        "lignes": [[li.numero, li.cellules, li.fautes, li.origines] for li in tableau.lignes],
        "champs": depot.champs,
        "choix": depot.choix,
        "source": depot.source,
        "rectification": depot.rectification,
    }


def _de_json(donnees: Mapping) -> Depot:
    """The keys of a JSON object are texts."""
    lignes = [
        LigneLue(numero, tuple(cellules), *({int(rang): dit for rang, dit in dits.items()} for dits in suite))
        for numero, cellules, *suite in donnees["lignes"]
    ]
    tableau = TableauLu(
        tuple(donnees["titres"]),
        lignes,
        donnees["feuille"],
        tuple(donnees["ignorees"]),
        tuple(donnees.get("masquees", ())),
    )
    choix = {int(numero): choisi for numero, choisi in donnees["choix"].items()}
    return Depot(
        donnees["depot"],
        donnees["nom"],
        tableau,
        list(donnees["champs"]),
        choix,
        donnees["source"],
        donnees["rectification"],
    )
