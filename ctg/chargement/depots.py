"""A workbook that was brought and is not loaded yet: kept on the server, for its person."""

import datetime
import json
from dataclasses import dataclass

from ctg.chargement.lecture import Contenu, Ligne
from ctg.chargement.tableau import ChargementError
from ctg.imports.depots import MAX_CONTENU, UN_SEUL
from ctg.models import Brouillon


@dataclass(frozen=True, slots=True)
class ConventionDeposee:
    nom: str
    contenu: Contenu

    @property
    def nb_lignes(self) -> int:
        return sum(map(len, self.contenu.values()))


def garder_convention(user, adresse: str, deposee: ConventionDeposee, *, now: datetime.datetime) -> None:
    """Takes the place of the one that waited. Raises ChargementError."""
    tables = {nom: [[ligne.lieu, ligne.cellules] for ligne in lues] for nom, lues in deposee.contenu.items()}
    donnees = {"nom": deposee.nom, "tableaux": tables}
    if len(json.dumps(donnees)) > MAX_CONTENU:
        raise ChargementError(["Ce classeur contient trop de texte : chargez-le par la ligne de commande."])
    Brouillon.objects.update_or_create(
        utilisateur=user, adresse=adresse, jeton=UN_SEUL, defaults={"donnees": donnees, "updated_at": now}
    )


def lire_convention(user, adresse: str, *, verrouiller: bool = False) -> ConventionDeposee | None:
    """With `verrouiller`, the second of two confirmations waits for the first, and finds nothing."""
    brouillons = Brouillon.objects.filter(utilisateur=user, adresse=adresse)
    garde = (brouillons.select_for_update() if verrouiller else brouillons).first()
    if garde is None:
        return None
    tables = garde.donnees["tableaux"].items()
    return ConventionDeposee(
        garde.donnees["nom"],
        {nom: [Ligne(lieu, cellules) for lieu, cellules in lues] for nom, lues in tables},
    )
