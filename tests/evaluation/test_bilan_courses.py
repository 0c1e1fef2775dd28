"""Races around the freezing of a bilan, with real threads and real commits."""

import time

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ctg import declencheurs
from ctg.models import Convention, Utilisateur
from evaluation.bilan import Contenu
from evaluation.campagnes import preparer_correction
from evaluation.canonique import lire
from evaluation.figement import figer
from evaluation.models import Bilan, Campagne, Indicateur, Mesure
from evaluation.services import Ecriture
from evaluation.transitions import TransitionError, appliquer_campagne
from evaluation.transitions_bilan import appliquer_bilan
from evaluation.verrous import VerrouError
from tests.conftest import COMPTES_PAR_NOM
from tests.fiches.test_courses import en_meme_temps

ANNEE = 2025


@pytest.fixture
def donnees(donnees_partagees):
    """The floor is taken away at the end: the database is emptied."""
    declencheurs.installer()
    yield
    declencheurs.retirer()


def compte(nom):
    return Utilisateur.objects.get(email=COMPTES_PAR_NOM[nom])


def convention():
    return Convention.objects.select_related("territoire").get(slug="dijon-2024")


def clore():
    campagne = Campagne.objects.get(convention=convention(), annee=ANNEE)
    appliquer_campagne("clore", campagne.pk, user=compte("cooperation"), now=timezone.now())


def figer_maintenant():
    return figer(convention(), ANNEE, user=compte("cooperation"), now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_no_frozen_value_is_later_than_the_closing(donnees):
    """Entries go on while the campaign is closed, then frozen: what is frozen is what was there at the closing."""
    indicateur = Indicateur.objects.select_related("fiche__convention", "fiche__axe").get(code="PE-1-01")
    ecrites, user = [], compte("cooperation")

    def saisir():
        for valeur in range(1, 26):
            try:
                with transaction.atomic():
                    Ecriture(indicateur.fiche, ANNEE, user=user, now=timezone.now()).mesure(
                        indicateur, {"valeur": valeur}
                    )
                ecrites.append(valeur)
            except VerrouError:
                return

    def clore_et_figer():
        time.sleep(0.15)
        clore()
        figer_maintenant()

    fautes = en_meme_temps([saisir, clore_et_figer])

    assert fautes == []
    contenu = lire(Contenu, Bilan.objects.get(annee=ANNEE).contenu)
    figee = next(i for f in contenu.fiches for i in f.indicateurs if i.code == "PE-1-01").valeur.nombre
    mesure = Mesure.objects.get(indicateur=indicateur, annee=ANNEE)
    assert figee == mesure.valeur
    assert not ecrites or ecrites[-1] == figee
    assert mesure.updated_at is None or mesure.updated_at <= Campagne.objects.get(annee=ANNEE).date_cloture


@pytest.mark.django_db(transaction=True)
def test_two_freezings_at_once_make_one_version(donnees):
    clore()
    refus = []

    def essayer():
        try:
            figer_maintenant()
        except TransitionError as faute:
            refus.append(str(faute))

    assert en_meme_temps([essayer] * 4) == []
    assert Bilan.objects.filter(annee=ANNEE).count() == 1
    assert [r[:24] for r in refus] == ["Rien n’a changé depuis l"] * 3


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_freezing_at_once_do_not_cross(donnees):
    """Either the correction is there and nothing is frozen, or the version is frozen before it."""
    clore()
    campagne = Campagne.objects.get(convention=convention(), annee=ANNEE)
    fiche = campagne.saisies.select_related("fiche").first().fiche
    refus = []

    def corriger():
        preparer_correction(
            campagne,
            motif="m",
            date_limite=timezone.localdate(),
            fiches={fiche: {}},
            user=compte("cooperation"),
            now=timezone.now(),
        )

    def essayer():
        try:
            figer_maintenant()
        except TransitionError as faute:
            refus.append(str(faute))

    assert en_meme_temps([corriger, essayer]) == []
    assert Bilan.objects.filter(annee=ANNEE).count() + len(refus) == 1


@pytest.mark.django_db(transaction=True)
def test_two_avals_of_one_organisme_at_once_are_one(donnees):
    clore()
    bilan = figer_maintenant()
    for action, dit in (("dispenser-debat", {"motif": "m"}), ("transmettre", {})):
        appliquer_bilan(action, bilan.pk, user=compte("cooperation"), now=timezone.now(), donnees=dit)
    refus = []

    def avaliser(nom):
        try:
            appliquer_bilan(
                "avaliser",
                bilan.pk,
                user=compte(nom),
                now=timezone.now(),
                donnees={"empreinte": bilan.empreinte},
            )
        except (TransitionError, ValidationError) as faute:
            refus.append(faute)

    assert en_meme_temps([lambda: avaliser("caf"), lambda: avaliser("signataire")]) == []
    assert bilan.avals.count() == len(refus) == 1
    assert Bilan.objects.get(pk=bilan.pk).statut == "avalisee"
