"""Whose aval the minutes wait for is a setting: of those of the bilan, of others, of nobody."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ctg.models import Mandat, Organisme
from gouvernance.circuit import collect_a_traiter, collect_circuit
from gouvernance.transitions import TransitionError, appliquer

NOW = timezone.now()
TODAY = timezone.localdate()


@pytest.fixture
def ville():
    return Organisme.objects.get(nom="Ville de Dijon")


@pytest.fixture
def la_ville_avalise(compte, dijon, ville):
    """The account « lecteur » speaks for the Ville de Dijon."""
    Mandat.objects.create(
        utilisateur=compte("lecteur"), role="representant", convention=dijon, organisme=ville
    )


@pytest.fixture
def regler(dijon, tenue):
    """regler("choisis", ville) is the setting of the convention, as the meeting will read it."""

    def ecrire(choix, *organismes):
        dijon.aval_comptes_rendus = choix
        dijon.full_clean()
        dijon.save()
        dijon.organismes_aval_comptes_rendus.set(organismes)
        tenue.convention.refresh_from_db()

    return ecrire


def test_the_chosen_ones_give_it_and_the_caf_keeps_that_of_the_bilan(
    regler, tenue, compte, dijon, ville, la_ville_avalise
):
    caf = dijon.get_organismes_aval()
    regler("choisis", ville)
    appliquer("transmettre", tenue.pk, user=compte("cooperation"), now=NOW)

    with pytest.raises(PermissionDenied):
        appliquer("avaliser", tenue.pk, user=compte("caf"), now=NOW)
    assert appliquer("avaliser", tenue.pk, user=compte("lecteur"), now=NOW).etat_compte_rendu == "avalise"
    assert dijon.get_organismes_aval() == caf


def test_minutes_that_wait_for_nobody_are_distributed_from_the_draft(regler, tenue, compte):
    regler("aucun")
    user = compte("cooperation")

    with pytest.raises(TransitionError, match="ne demande pas d’aval"):
        appliquer("transmettre", tenue.pk, user=user, now=NOW)
    assert [action for action, _ in collect_circuit(user, tenue, au=TODAY).possibles] == ["diffuser"]
    assert appliquer("diffuser", tenue.pk, user=user, now=NOW).etat_compte_rendu == "diffuse"


def test_without_an_aval_the_text_still_has_to_be_ready(regler, reunir, compte):
    regler("aucun")
    vide = reunir("2026-03-03")

    with pytest.raises(TransitionError, match="est vide"):
        appliquer("diffuser", vide.pk, user=compte("cooperation"), now=NOW)
    assert "est vide" in collect_circuit(compte("cooperation"), vide, au=TODAY).attente


@pytest.mark.parametrize("choix", ["aucun", "choisis"])
def test_minutes_asked_of_whom_is_not_asked_any_more_are_not_stuck(regler, tenue, compte, dijon, choix):
    user = compte("cooperation")
    appliquer("transmettre", tenue.pk, user=user, now=NOW)
    with pytest.raises(TransitionError, match="Impossible"):
        appliquer("diffuser", tenue.pk, user=user, now=NOW)

    regler(choix)

    assert [a.pas for a in collect_a_traiter(user, dijon) if a.reunion == tenue] == ["diffuser"]
    assert [a.pas for a in collect_a_traiter(compte("caf"), dijon) if a.reunion == tenue] == []
    tenue.refresh_from_db()
    assert "Plus aucun aval" in collect_circuit(compte("caf"), tenue, au=TODAY).attente
    assert appliquer("diffuser", tenue.pk, user=user, now=NOW).etat_compte_rendu == "diffuse"


def test_chosen_but_nobody_chosen_is_not_sent(regler, tenue, compte):
    regler("choisis")

    with pytest.raises(TransitionError, match="Aucun organisme ne donne l’aval"):
        appliquer("transmettre", tenue.pk, user=compte("cooperation"), now=NOW)


def test_a_mandate_of_whom_gives_it_on_minutes_alone_is_not_granted_by_the_charge(regler, dijon, ville):
    regler("choisis", ville)

    assert ville.pk in dijon.get_organismes_qui_avalisent()
    assert ville.pk not in dijon.get_organismes_aval()
