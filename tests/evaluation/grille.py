"""What the tests of the entry grid share."""

from django.utils import timezone

from ctg.models import Quartier
from evaluation.models import Indicateur, Mesure, ModaliteIndicateur, Saisie
from evaluation.transitions import appliquer_saisie
from tests.navigation import formulaire

URL = "/dijon-2024/evaluation/2026/saisie/"
CELLULE = URL + "cellule/"


def pk(code):
    return Indicateur.objects.get(code=code).pk


def mesure(code, annee=2026):
    return Mesure.objects.filter(indicateur__code=code, annee=annee).first()


def page(client, url=URL):
    return formulaire(client.get(url))


def envoi(data, code, **champs):
    """What the page sends of the cells of a line, with these controls changed."""
    prefixe = f"i{pk(code)}-"
    ligne = {nom: valeur for nom, valeur in data.items() if nom.removeprefix("vu-").startswith(prefixe)}
    return ligne | {f"{prefixe}{nom}": valeur for nom, valeur in champs.items()}


def enregistrer(client, code, **champs):
    return client.post(CELLULE, envoi(page(client), code, **champs))


def cellule(reponse, code, groupe="valeur"):
    return reponse.json()["cellules"][f"i{pk(code)}-{groupe}"]


def ventiler(code="PE-1-01", quartiers=("Fontaine d’Ouche", "Grésilles")):
    """The parts of an indicator: {quartier: part}."""
    return {
        nom: ModaliteIndicateur.objects.create(
            indicateur_id=pk(code), ordre=rang, libelle=nom, quartier=Quartier.objects.get(nom=nom)
        )
        for rang, nom in enumerate(quartiers)
    }


def transition(action, code, qui, **autres):
    saisie = Saisie.objects.get(fiche__code=code, campagne__annee=2026)
    return appliquer_saisie(action, saisie.pk, user=qui, now=timezone.now(), **autres)
