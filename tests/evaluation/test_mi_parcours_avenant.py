"""From what the COPIL retained to a projet d’avenant: a line each, once, and nothing of what it put aside."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.avenants.services import abandonner
from evaluation.mi_parcours import services
from evaluation.mi_parcours.avenant import preparer_avenant
from evaluation.models import ProjetAvenant, RevueMiParcours
from tests.evaluation.outils import fiche, qui
from tests.evaluation.test_mi_parcours import URL, axe, ouvrir, proposer, un_point, une_decision

pytestmark = pytest.mark.django_db
EFFET = datetime.date(2027, 1, 1)


def decidee(dijon, *propositions):
    """`propositions`: (fields, what the COPIL did of it)."""
    revue, user = ouvrir(dijon), qui("cooperation")
    proposees = [(proposer(revue, **champs), issue) for champs, issue in propositions]
    revue = services.presenter(revue, un_point(dijon), user=user, now=timezone.now())
    decision = une_decision(revue.point.reunion)
    for proposition, issue in proposees:
        services.trancher(proposition, issue, decision, user=user)
    return services.decider(revue, user=user, now=timezone.now())


def preparer(revue, nom="cooperation"):
    return preparer_avenant(revue, objet="Mi-parcours", date_effet=EFFET, user=qui(nom))


def test_each_retained_proposition_is_a_line(dijon):
    revue = decidee(
        dijon,
        (
            {"nature": "reorienter", "texte": "Des enjeux neufs", "axe": axe("PE.2"), "motif": "**Vu**"},
            "retenue",
        ),
        ({"nature": "reorienter", "axe": None, "fiche": fiche("PE-1"), "intitule": "Un guichet"}, "retenue"),
        ({"nature": "ajouter", "ajout": "axe", "intitule": "La santé", "axe": axe("PE")}, "retenue"),
        ({"nature": "ajouter", "ajout": "fiche", "intitule": "Soutenir", "axe": axe("JEU")}, "retenue"),
        ({"nature": "clore", "axe": None, "fiche": fiche("PE-4")}, "retenue"),
        ({"nature": "maintenir", "axe": axe("ENF.1")}, "retenue"),
        ({"nature": "clore", "axe": None, "fiche": fiche("ENF-1")}, "ecartee"),
        ({"nature": "clore", "axe": None, "fiche": fiche("ENF-2")}, "ajournee"),
    )
    projet = preparer(revue)

    lignes = [(c.nature, str(c.cible.code), c.valeurs) for c in projet.changements.order_by("ordre")]
    assert lignes == [
        ("axe_modifier", "PE.2", {"intitule": axe("PE.2").intitule, "enjeux": "Des enjeux neufs"}),
        ("fiche_modifier", "PE-1", {"intitule": "Un guichet"}),
        ("axe_ajouter", "PE", {"intitule": "La santé"}),
        ("fiche_ajouter", "JEU", {"intitule": "Soutenir"}),
        ("fiche_clore", "PE-4", {}),
    ]
    assert projet.changements.order_by("ordre")[0].motif == "Vu"
    assert (projet.date_effet, projet.decision) == (EFFET, revue.propositions.first().decision)
    assert "ENF-1" not in projet.expose
    revue.refresh_from_db()
    assert revue.projet == projet


def test_it_is_prepared_once_until_it_is_given_up(dijon):
    revue = decidee(dijon, ({}, "retenue"))
    projet = preparer(revue)
    with pytest.raises(ValidationError, match="déjà préparé"):
        preparer(revue)
    abandonner(projet.pk, motif="Autrement")
    assert preparer(revue) != projet


def test_nothing_retained_makes_no_avenant(dijon):
    for issue, nature in (("ecartee", "clore"), ("retenue", "maintenir")):
        revue = decidee(dijon, ({"nature": nature}, issue))
        with pytest.raises(ValidationError, match="Aucune proposition retenue"):
            preparer(revue)


def test_not_before_the_review_is_decided(dijon):
    revue = ouvrir(dijon)
    with pytest.raises(ValidationError, match="une fois la revue décidée"):
        preparer(revue)
    with pytest.raises(IntegrityError), transaction.atomic():
        RevueMiParcours.objects.filter(pk=revue.pk).update(
            projet=ProjetAvenant.objects.create(convention=dijon, numero=9, objet="x", date_effet=EFFET)
        )


@pytest.mark.parametrize("nom", ["petite-enfance", "referent", "caf", "copil", "lecteur", "admin"])
def test_only_the_charge_prepares_it(dijon, nom):
    revue = decidee(dijon, ({}, "retenue"))
    with pytest.raises(PermissionDenied):
        preparer(revue, nom)
    assert not ProjetAvenant.objects.exists()


def test_by_the_pages(client_de, dijon):
    decidee(dijon, ({}, "retenue"))
    client = client_de("cooperation")
    assert "Préparer l’avenant" in client.get(f"{URL}1/").content.decode()
    adresse = f"{URL}1/avenant/"
    for champs, faute in (
        ({"objet": "", "date_effet": "2027-01-01"}, "obligatoire"),
        ({"objet": "x", "date_effet": "hier"}, "date valide"),
        ({"objet": "x", "date_effet": "0027-01-01"}, "pas plausible"),
    ):
        assert faute in client.post(adresse, champs).content.decode()
    page = client.post(adresse, {"objet": "x", "date_effet": "2040-01-01"}, follow=True).content.decode()
    assert "doit prendre effet dans ces années" in page
    assert not ProjetAvenant.objects.exists()

    reponse = client.post(adresse, {"objet": "Suites du mi-parcours", "date_effet": "2027-01-01"})
    projet = ProjetAvenant.objects.get()
    assert reponse["Location"] == projet.get_absolute_url()
    page = client.get(f"{URL}1/").content.decode()
    assert "Suites du mi-parcours" in page
    assert "Préparer l’avenant" not in page
    # The COPIL reads a projet once its content is « arrêté ».
    assert "Suites du mi-parcours" not in client_de("copil").get(f"{URL}1/").content.decode()
