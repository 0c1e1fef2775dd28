"""What the tests of a campaign share."""

import datetime
import io

from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from ctg.models import Utilisateur
from evaluation.documents import FORMATS
from evaluation.edition import Edition
from evaluation.models import Campagne, Saisie
from evaluation.services import Ecriture
from evaluation.transitions import appliquer_campagne, appliquer_saisie
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM

NOW = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)  # of the documents
HOSTILE = (
    '=1+1 😀 → ≥ العربية 中 <img src="http://127.0.0.1:9/x.png"> {{ bilan }} \x0b\u202e\ufffe ' + "é" * 10_000
)


def qui(nom):
    """Loaded anew: rights are read once per account object."""
    return Utilisateur.objects.get(email=COMPTES_PAR_NOM[nom])


def campagne(annee=2025):
    return Campagne.objects.select_related("convention").get(
        convention__slug="dijon-2024", annee=annee, nature="annuelle"
    )


def saisie(code="PE-1", annee=2025):
    return Saisie.objects.select_related("campagne", "fiche").get(
        fiche__code=code, campagne__annee=annee, campagne__nature="annuelle"
    )


def fiche(code="PE-1"):
    return FicheProjet.objects.select_related("convention", "axe").get(code=code, date_fin=None)


def faire(action, nom, code="PE-1", annee=2025, **kwargs):
    return appliquer_saisie(
        action, saisie(code, annee).pk, user=qui(nom), now=kwargs.pop("now", timezone.now()), **kwargs
    )


def commencer(code="PE-1", annee=2025, nom="referent"):
    """Something is entered: the entry is « en cours »."""
    ecriture = Ecriture(fiche(code), annee, user=qui(nom), now=timezone.now())
    assert ecriture.avancement({"realisations": "Fait."})


def mettre(statut, code="PE-1", annee=2025):
    """Lead an entry to a state by its transitions."""
    if statut == "a_saisir":
        return
    commencer(code, annee)
    if statut == "en_cours":
        return
    faire("soumettre", "referent", code, annee)
    if statut == "a_corriger":
        faire("renvoyer", "petite-enfance", code, annee, champs={"realisations": "Précisez."})
    elif statut == "validee":
        faire("valider", "petite-enfance", code, annee)


def clore(annee=2025):
    return appliquer_campagne("clore", campagne(annee).pk, user=qui("cooperation"), now=timezone.now())


def dans(jours):
    return timezone.localdate() + datetime.timedelta(days=jours)


def travailler():
    """What `db_worker` does of each task, in the transaction of the test."""
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="essai",
        excluded_queue_names=[],
    )
    for tache in list(DBTaskResult.objects.ready()):
        tache.claim("essai")
        worker.run_task(tache)


def lignes_du_tableau(bilan):
    """{code of the indicator: {heading: cell}}."""
    feuille = load_workbook(io.BytesIO(FORMATS["xlsx"].render(Edition(bilan))))["Tableau récapitulatif"]
    entetes = [cell.value for cell in feuille[4]]
    lignes = (dict(zip(entetes, row, strict=True)) for row in feuille.iter_rows(min_row=5))
    return {ligne["Code indicateur"].value: ligne for ligne in lignes}
