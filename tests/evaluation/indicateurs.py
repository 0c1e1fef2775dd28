"""The pages of the indicators, as one goes through them."""

from evaluation.models import (
    Indicateur,
)
from tests.navigation import formulaire

LISTE = "/dijon-2024/indicateurs/"


def i(code):
    return Indicateur.objects.get(code=code, date_fin=None)


def url(code, action="modifier/"):
    return f"{LISTE}{i(code).pk}/{action}"


def modifier(client, code, /, **champs):
    adresse = url(code)
    return client.post(adresse, formulaire(client.get(adresse)) | champs)


def creer(client, fiche="PE-1", **champs):
    adresse = f"{LISTE}ajouter/{fiche}/"
    de_base = {"intitule": "Essai", "nature": "entier", "type_indicateur": "resultat"}
    return client.post(adresse, formulaire(client.get(adresse)) | de_base | champs)
