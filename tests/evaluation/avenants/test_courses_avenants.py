"""Two people apply one avenant, or write a line while it is being frozen: real threads, real commits."""

import datetime

from django.utils import timezone

from ctg.models import Avenant, Convention
from evaluation.avenants.application import appliquer
from evaluation.avenants.contenu import ContenuAvenant
from evaluation.avenants.enums import NatureChangement as N
from evaluation.avenants.services import Proposition, ajouter_changement, arreter, preparer_projet, signer
from evaluation.canonique import lire
from evaluation.models import ProjetAvenant
from fiches.models import Axe, FicheProjet
from tests.fiches.test_courses import en_meme_temps


def _projet():
    dijon = Convention.objects.get(slug="dijon-2024")
    return preparer_projet(
        dijon,
        objet="La nuit",
        date_effet=datetime.date(2026, 9, 1),
        changements=[
            Proposition(N.AXE_AJOUTER, Axe.objects.get(convention=dijon, code="PE"), {"intitule": "La nuit"}),
            Proposition(N.FICHE_AJOUTER, None, {"intitule": "La crèche de nuit"}, sous=0),
        ],
    )


def test_two_who_apply_it_apply_it_once(donnees_partagees):
    projet = _projet()
    arreter(projet.pk)
    signer(projet.pk, date_signature=datetime.date(2026, 7, 1))

    fautes = en_meme_temps([lambda: appliquer(projet.pk, user=None, now=timezone.now())] * 2)

    assert [faute.messages for faute in fautes] == [["Seul un avenant signé s’applique."]]
    assert Avenant.objects.count() == 1
    assert FicheProjet.objects.filter(intitule="La crèche de nuit").count() == 1
    assert Axe.objects.filter(intitule="La nuit").count() == 1


def test_a_line_is_in_what_is_frozen_or_is_refused(donnees_partagees):
    projet = _projet()
    fiche = FicheProjet.objects.get(code="PE-1", date_fin=None)

    fautes = en_meme_temps(
        [
            lambda: arreter(projet.pk),
            lambda: ajouter_changement(projet, N.FICHE_CLORE, cible=fiche, motif="Finie"),
        ]
    )

    contenu = lire(ContenuAvenant, ProjetAvenant.objects.get(pk=projet.pk).contenu)
    assert len(contenu.lignes) == projet.changements.count() == 3 - len(fautes)
