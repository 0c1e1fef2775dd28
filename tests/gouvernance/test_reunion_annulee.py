"""A meeting that does not take place takes nothing; a due date is not before the meeting that sets it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from gouvernance.models import Decision, Invite, Membre, PointOrdreDuJour, Presence
from gouvernance.services import (
    deplacer_point,
    enregistrer_decision,
    enregistrer_point,
    enregistrer_reunion,
    noter_invites,
    noter_presences,
)
from gouvernance.transitions import annuler
from tests.navigation import formulaire


@pytest.fixture
def annulee(reunir, inscrire, decider, compte):
    """Cancelled, with the two points and the decision that were written before."""
    reunion = reunir("2027-02-01")
    inscrire(reunion, "Un")
    inscrire(reunion, "Deux")
    decider(reunion)
    return annuler(reunion.pk, user=compte("cooperation"), now=timezone.now(), motif="Grève")


def noter(reunion):
    siege = Membre.objects.filter(instance_gouvernance=reunion.instance_gouvernance).first()
    noter_presences(reunion, [Presence(reunion=reunion, membre=siege, etat="present")])


def changer_le_texte(reunion):
    decision = reunion.decisions.get()
    decision.texte = "Autre chose"
    enregistrer_decision(decision)


@pytest.mark.parametrize(
    "ecrire",
    [
        lambda r: enregistrer_point(PointOrdreDuJour(reunion=r, intitule="Trois")),
        lambda r: deplacer_point(r.points.order_by("ordre").first(), monter=False),
        lambda r: enregistrer_decision(Decision(reunion=r, texte="Encore")),
        changer_le_texte,
        noter,
        lambda r: noter_invites(r, [Invite(reunion=r, nom="Ada Roux")]),
    ],
)
def test_a_cancelled_meeting_takes_nothing(annulee, ecrire):
    with pytest.raises(ValidationError, match="Cette réunion est annulée"):
        ecrire(annulee)


def test_how_far_its_former_decision_is_goes_on(annulee):
    decision = annulee.decisions.get()
    decision.etat = "abandonnee"

    assert enregistrer_decision(decision).etat == "abandonnee"


@pytest.mark.parametrize("page", ["decider", "points/ajouter", "presences", "conduite"])
def test_its_pages_say_so_and_offer_nothing(annulee, client_de, page):
    client, url = client_de("cooperation"), annulee.get_absolute_url()

    suite = client.get(f"{url}{page}/", follow=True)

    assert suite.request["PATH_INFO"] == url
    assert "Cette réunion est annulée" in suite.content.decode()
    assert f"{url}{page}/" not in suite.content.decode()


def test_a_due_date_before_the_meeting_is_refused(reunir, decider, client_de):
    reunion = reunir("2027-02-01")
    veille, jour = datetime.date(2027, 1, 31), datetime.date(2027, 2, 1)
    with pytest.raises(ValidationError, match="L’échéance précède la réunion") as refus:
        decider(reunion, echeance=veille)
    assert set(refus.value.message_dict) == {"echeance"}
    decider(reunion, echeance=jour)

    client, url = client_de("cooperation"), f"{reunion.get_absolute_url()}decider/"
    page = client.post(url, formulaire(client.get(url)) | {"texte": "Longuement", "echeance": "2027-01-31"})
    assert "L’échéance précède la réunion du 1er février 2027" in page.content.decode().replace("\u00a0", " ")
    assert reunion.decisions.count() == 1


def test_a_meeting_does_not_move_after_what_it_decided_is_due(reunir, decider):
    reunion = reunir("2027-02-01")
    decision = decider(reunion, echeance=datetime.date(2027, 3, 1))
    reunion.date = datetime.date(2027, 3, 2)
    with pytest.raises(ValidationError, match=f"La décision {decision.numero} est à faire pour"):
        enregistrer_reunion(reunion)

    reunion.date = datetime.date(2027, 3, 1)
    assert enregistrer_reunion(reunion).date == reunion.date
