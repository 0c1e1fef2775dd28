"""A workbook that was sent and is not confirmed yet: kept on the server, for its person and its page."""

import datetime
import json
import uuid
from dataclasses import dataclass

from ctg.lecture_xlsx import ClasseurError
from ctg.models import Brouillon
from evaluation.classeurs.feuilles import RangLu

MAX_CONTENU = 8_000_000  # characters
UN_SEUL = uuid.UUID(int=0)  # one workbook waits at a time for a person and a page


@dataclass(frozen=True, slots=True)
class Depot:
    """`cle` names this very file: what is confirmed is what was shown."""

    cle: str
    nom: str
    rangs: list[RangLu]


def garder_depot(user, adresse: str, nom: str, rangs: list[RangLu], *, now: datetime.datetime) -> None:
    """Raises ClasseurError."""
    contenu = [rang.en_json() for rang in rangs]
    if len(json.dumps(contenu)) > MAX_CONTENU:
        raise ClasseurError("Ce classeur contient trop de texte : déposez-le en plusieurs fois.")
    donnees = {"depot": [str(uuid.uuid4())], "nom": [nom[:200]], "rangs": contenu}
    Brouillon.objects.update_or_create(
        utilisateur=user, adresse=adresse, jeton=UN_SEUL, defaults={"donnees": donnees, "updated_at": now}
    )


def lire_depot(user, adresse: str, *, verrouiller: bool = False) -> Depot | None:
    """With `verrouiller`, the second of two confirmations waits for the first, and finds nothing."""
    brouillons = Brouillon.objects.filter(utilisateur=user, adresse=adresse)
    garde = (brouillons.select_for_update() if verrouiller else brouillons).first()
    if garde is None or "rangs" not in garde.donnees:
        return None
    donnees = garde.donnees
    return Depot(donnees["depot"][0], donnees["nom"][0], [RangLu.de_json(rang) for rang in donnees["rangs"]])
