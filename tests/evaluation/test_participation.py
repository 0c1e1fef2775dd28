"""Participation of the inhabitants: what an event holds, who writes it, who reads its figures, what is counted."""

import csv
import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.models import Quartier
from ctg.perimetres import droits
from evaluation.contenus import lire_contenu
from evaluation.enums import StatutBilan as B
from evaluation.models import EvenementParticipation, PublicPresent
from evaluation.participation.reports import SANS_QUARTIER, collect_participation
from evaluation.participation.services import enregistrer_evenement, retirer_evenement
from evaluation.sortie_publique import rendre_public
from fiches.models import Axe, FicheProjet
from gouvernance.models import Decision
from tests.evaluation.outils import dans, fiche, qui
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
URL = "/dijon-2024/participation/"
ENVOI = {"intitule": "Atelier", "date_debut": "2025-05-06", "niveau": "consultation"}


def axe(code):
    return Axe.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def quartier(nom="Fontaine d’Ouche"):
    return Quartier.objects.select_related("decoupage").get(decoupage__is_reference=True, nom=nom)


def un_temps(dijon, nom="cooperation", **champs):
    """Of PE-1, unless it is said otherwise."""
    liens = {
        "publics": champs.pop("publics", ()),
        "quartiers": champs.pop("quartiers", ()),
        "fiches": champs.pop("fiches", [fiche("PE-1")]),
        "axes": champs.pop("axes", ()),
    }
    defauts = {"intitule": "Atelier", "date_debut": datetime.date(2025, 5, 6), "niveau": "consultation"}
    evenement = champs.pop("evenement", None) or EvenementParticipation(convention=dijon, **defauts | champs)
    return enregistrer_evenement(evenement, **liens, user=qui(nom), today=timezone.localdate())


@pytest.mark.parametrize(
    ("nom", "permis"),
    [
        ("cooperation", {"PE-1", "ENF-1", "axe PE", "axe ENF", "Fontaine d’Ouche", "Grésilles", "pilotage"}),
        ("petite-enfance", {"PE-1", "axe PE"}),
        ("enfance", {"ENF-1", "axe ENF"}),
        ("referent", {"PE-1"}),
        ("quartier", {"Fontaine d’Ouche"}),
        ("caf", set()),
        ("signataire", set()),
        ("copil", set()),
        ("lecteur", set()),
        ("admin", set()),
    ],
)
def test_who_writes_what(dijon, nom, permis):
    demandes = {
        "PE-1": {"fiches": [fiche("PE-1")]},
        "ENF-1": {"fiches": [fiche("ENF-1")]},
        "axe PE": {"fiches": [], "axes": [axe("PE.1")]},
        "axe ENF": {"fiches": [], "axes": [axe("ENF")]},
        "Fontaine d’Ouche": {"fiches": [], "quartiers": [quartier()]},
        "Grésilles": {"fiches": [], "quartiers": [quartier("Grésilles")]},
        "pilotage": {"fiches": [], "is_gouvernance": True},
    }
    for objet, champs in demandes.items():
        if objet in permis:
            assert un_temps(dijon, nom, **champs).pk
        else:
            with pytest.raises(PermissionDenied):
                un_temps(dijon, nom, **champs)


def test_nobody_takes_the_event_of_another(dijon):
    """Neither to one's own axe, nor away from it."""
    evenement = un_temps(dijon, fiches=[fiche("ENF-1")])
    with pytest.raises(PermissionDenied):
        un_temps(dijon, "petite-enfance", evenement=evenement, fiches=[fiche("PE-1")])
    with pytest.raises(PermissionDenied):
        un_temps(dijon, "enfance", evenement=evenement, fiches=[fiche("PE-1")])
    with pytest.raises(PermissionDenied):
        retirer_evenement(evenement, user=qui("petite-enfance"))
    assert un_temps(dijon, "enfance", evenement=evenement, fiches=[fiche("ENF-1"), fiche("PE-1")]).pk


def test_it_is_noted_changed_and_taken_away_by_the_pages(client_de, dijon):
    client, pe1 = client_de("referent"), fiche("PE-1")
    page = client.get(f"{URL}ajouter/?fiche=PE-1").content.decode()
    assert f'value="{pe1.pk}" ' in page
    assert "checked" in page

    envoi = ENVOI | {
        "fiches": [pe1.pk],
        "quartiers": [quartier().pk],
        "publics": ["parents", "jeunes"],
        "nb_personnes": "1 024",
        "paroles": "Plus de places",
    }
    client.post(f"{URL}ajouter/", envoi)
    evenement = EvenementParticipation.objects.get()
    assert evenement.nb_personnes == 1024
    assert {p.public for p in evenement.publics.all()} == {"parents", "jeunes"}
    assert [q.nom for q in evenement.quartiers.all()] == ["Fontaine d’Ouche"]
    page = client.get(f"{URL}{evenement.pk}/").content.decode()
    assert "1\u202f024" in page
    assert "Plus de places" in page
    assert "Atelier" in client.get("/dijon-2024/fiches/PE-1/").content.decode()

    adresse = f"{URL}{evenement.pk}/modifier/"
    client.post(adresse, formulaire(client.get(adresse)) | {"publics": ["jeunes"], "nb_personnes": ""})
    evenement.refresh_from_db()
    assert evenement.nb_personnes is None
    assert [p.public for p in evenement.publics.all()] == ["jeunes"]
    historique = client.get(f"{URL}{evenement.pk}/historique/").content.decode()
    assert "Nombre de personnes" in historique
    assert "parents" in historique

    client.post(f"{URL}{evenement.pk}/retirer/")
    assert not EvenementParticipation.objects.exists()
    assert EvenementParticipation.historique.filter(history_type="-").exists()


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"intitule": ""}, "obligatoire"),
        ({"date_debut": ""}, "obligatoire"),
        ({"date_debut": "0025-05-06"}, "pas plausible"),
        ({"date_fin": "2025-05-01"}, "Le dernier jour précède le premier"),
        ({"niveau": "aucune"}, "Sélectionnez un choix valide"),
        ({"nb_personnes": "-3"}, "Au moins 0."),
        ({"nb_personnes": "1e5"}, "n’est pas un nombre"),
        ({"nb_personnes": "12,5"}, "n’est pas un nombre entier"),
        ({"publics": ["martiens"]}, "Sélectionnez un choix valide"),
        ({"fiches": []}, "Dites ce que ce temps concerne"),
        ({"paroles": "x" * 20_001}, "20001 caractères"),
    ],
)
def test_bad_input_is_said_and_given_back(client_de, dijon, champs, faute):
    envoi = ENVOI | {"fiches": [fiche("PE-1").pk], "changements": "Une permanence"} | champs

    page = client_de("cooperation").post(f"{URL}ajouter/", envoi).content.decode()

    assert faute in page
    assert "Une permanence" in page
    assert not EvenementParticipation.objects.exists()


def test_what_has_not_happened_yet_is_refused(dijon):
    with pytest.raises(ValidationError, match="au calendrier"):
        un_temps(dijon, date_debut=dans(1))
    assert un_temps(dijon, date_debut=dans(0)).pk


def test_the_decision_that_followed_did_follow_and_is_of_this_convention(dijon):
    decision = Decision.objects.select_related("reunion").order_by("reunion__date").first()
    assert un_temps(dijon, date_debut=decision.reunion.date, decision=decision).pk
    with pytest.raises(ValidationError, match="prise avant"):
        un_temps(dijon, date_debut=decision.reunion.date + datetime.timedelta(days=1), decision=decision)


def test_two_people_who_change_different_fields_both_succeed(client_de, dijon):
    evenement = un_temps(dijon, publics=["parents"])
    client, adresse = client_de("cooperation"), f"{URL}{evenement.pk}/modifier/"
    mien = formulaire(client.get(adresse))
    autre = formulaire(client.get(adresse))
    client.post(adresse, autre | {"changements": "Une permanence le samedi"})
    client.post(adresse, mien | {"publics": ["parents", "jeunes"]})

    evenement.refresh_from_db()
    assert evenement.changements == "Une permanence le samedi"
    assert {p.public for p in evenement.publics.all()} == {"parents", "jeunes"}


def test_the_copil_reads_the_events_and_no_number_of_people(client_de, dijon):
    evenement = un_temps(dijon, nb_personnes=31_415, changements="Une permanence")

    for nom, lit in (("caf", True), ("copil", False), ("signataire", False)):
        client = client_de(nom)
        for adresse in (URL, f"{URL}{evenement.pk}/", f"{URL}?export=csv&tri=personnes&col=personnes"):
            page = client.get(adresse).content.decode("utf-8-sig")
            assert "Atelier" in page
            assert ("31\u202f415" in page or "31415" in page) is lit, (nom, adresse)
        assert client.get(f"{URL}ajouter/").status_code == 403
        fiche_lue = client.get("/dijon-2024/fiches/PE-1/").content.decode()
        assert "Une permanence" in fiche_lue
        assert ("31\u202f415" in fiche_lue) is lit
    assert client_de("lecteur").get(URL).status_code == 403
    assert "Une permanence" not in client_de("lecteur").get("/dijon-2024/fiches/PE-1/").content.decode()


def test_a_decision_that_one_does_not_read_is_not_told(client_de, dijon):
    decision = Decision.objects.select_related("reunion").order_by("-reunion__date").first()
    reunion = decision.reunion
    type(reunion).objects.filter(pk=reunion.pk).update(etat_compte_rendu="brouillon")
    evenement = un_temps(dijon, date_debut=reunion.date, decision=decision)

    for nom, lit in (("cooperation", True), ("copil", False)):
        client = client_de(nom)
        assert (decision.numero in client.get(f"{URL}{evenement.pk}/").content.decode()) is lit
        assert (decision.numero in client.get(f"{URL}?export=csv").content.decode()) is lit


@pytest.fixture
def registre(dijon):
    un_temps(dijon, intitule="Été à l’école", nb_personnes=0, publics=["parents"], quartiers=[quartier()])
    un_temps(
        dijon,
        intitule="Marche",
        niveau="co_construction",
        date_debut=datetime.date(2024, 12, 20),
        date_fin=datetime.date(2025, 1, 10),
        nb_personnes=12,
        fiches=[fiche("ENF-1")],
        quartiers=[quartier(), quartier("Grésilles")],
        changements="Rien",
    )
    un_temps(dijon, intitule="Lecture du bilan", fiches=[], axes=[axe("JEU.1")], is_gouvernance=True)


@pytest.mark.parametrize(
    ("demande", "noms"),
    [
        ("q=ete ECOLE", {"Été à l’école"}),
        ("annee=2024", {"Marche"}),
        ("annee=2025", {"Été à l’école", "Marche", "Lecture du bilan"}),
        ("niveau=co_construction", {"Marche"}),
        ("public=parents", {"Été à l’école"}),
        ("gouvernance=on", {"Lecture du bilan"}),
        ("quartier={gresilles}", {"Marche"}),
        ("axe={jeu}", {"Lecture du bilan"}),
        ("axe={enf}", {"Marche"}),
        ("fiche={pe1}", {"Été à l’école"}),
        ("tri=personnes", {"Été à l’école", "Marche", "Lecture du bilan"}),
    ],
)
def test_the_register_is_narrowed(client_de, registre, demande, noms):
    demande = demande.format(
        gresilles=quartier("Grésilles").pk, jeu=axe("JEU").pk, enf=axe("ENF").pk, pe1=fiche("PE-1").pk
    )
    page = client_de("cooperation").get(f"{URL}?{demande}")
    assert {evenement.intitule for evenement in page.context["object_list"]} == noms


def test_it_is_counted_and_said_in_words(dijon, registre):
    resume = collect_participation(dijon)

    assert resume.par_niveau == (
        ("information", 0),
        ("consultation", 2),
        ("concertation", 0),
        ("co-construction", 1),
    )
    assert resume.par_quartier == (("Fontaine d’Ouche", 2), ("Grésilles", 1), (SANS_QUARTIER, 1))
    assert resume.par_annee == (("2024", 1), ("2025", 2))
    # Zero is a value, and the third is not known.
    assert (resume.nb_personnes, resume.nb_comptes, resume.nb) == (12, 2, 3)
    assert (resume.nb_changements, resume.nb_decisions, resume.nb_gouvernance) == (1, 0, 1)
    assert "12 personnes y ont pris part, comptées sur 2 de ces 3 temps" in " ".join(resume.phrases)
    assert collect_participation(dijon, annee=2024).nb == 1


def test_nothing_and_nobody_counted_are_said(dijon):
    assert collect_participation(dijon).phrases == (
        "Aucun temps de participation des habitants n’est enregistré.",
    )
    un_temps(dijon)
    assert collect_participation(dijon).nb_personnes is None
    assert "n’est connu pour aucun" in " ".join(collect_participation(dijon).phrases)


def test_what_is_shown_is_given_as_a_table(client_de, registre):
    reponse = client_de("cooperation").get(f"{URL}?niveau=co_construction&export=csv")
    [titres, ligne] = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    dite = dict(zip(titres, ligne, strict=True))
    assert (dite["Temps de participation"], dite["Nombre de personnes"], dite["Sur quoi"]) == (
        "Marche",
        "12",
        "ENF-1",
    )
    assert dite["Quartiers"] == "Grésilles, Fontaine d’Ouche"


def test_the_bilan_of_the_year_quotes_it_and_its_public_output_does_not(dijon, registre, amener):
    contenu = lire_contenu(amener(B.FIGEE).contenu)

    assert [ligne.intitule for ligne in contenu.participation] == [
        "Marche",
        "Été à l’école",
        "Lecture du bilan",
    ]
    assert [ligne.nb_personnes for ligne in contenu.participation] == [12, 0, None]
    assert rendre_public(contenu, ()).participation is None


def test_the_database_refuses_what_the_service_refuses(dijon):
    evenement = un_temps(dijon)
    siens = EvenementParticipation.objects.filter(pk=evenement.pk)
    for champs in (
        {"intitule": ""},
        {"niveau": "aucune"},
        {"date_fin": datetime.date(2025, 5, 1)},
        {"date_debut": datetime.date(1200, 1, 1)},
        {"paroles": "x" * 20_001},
        {"nb_personnes": -1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            siens.update(**champs)
    for public in ("martiens", "parents"):
        PublicPresent.objects.get_or_create(evenement=evenement, public="parents")
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicPresent.objects.create(evenement=evenement, public=public)


def test_a_fiche_of_another_convention_is_refused(dijon):
    from ctg.models import Convention

    autre = Convention.objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Une autre")
    ailleurs = FicheProjet(convention=autre, axe=axe("PE"), code="X-1", numero=1)
    ailleurs.save()
    with pytest.raises(ValidationError, match="de cette convention"):
        un_temps(dijon, fiches=[fiche("PE-1"), ailleurs])


def test_an_event_of_nothing_is_said_in_the_form(client_de):
    client = client_de("quartier")
    page = client.get("/dijon-2024/participation/ajouter/")
    champs = {"intitule": "Un goûter", "date_debut": "2026-10-10", "niveau": "consultation"}

    response = client.post("/dijon-2024/participation/ajouter/", formulaire(page) | champs)

    assert response.status_code == 200
    assert "Dites ce que ce temps concerne" in response.content.decode()
    assert "Un goûter" in response.content.decode()


def test_an_event_of_another_s_quartier_is_said_in_the_form(client_de, compte, dijon):
    client = client_de("quartier")
    page = client.get("/dijon-2024/participation/ajouter/")
    champs = {"intitule": "Un goûter", "date_debut": "2026-10-10", "niveau": "consultation"}
    siens = droits(compte("quartier"), dijon.pk).dans("quartiers")
    autre = Quartier.objects.de_reference(dijon.territoire).exclude(pk__in=siens).first()

    response = client.post(
        "/dijon-2024/participation/ajouter/", formulaire(page) | champs | {"quartiers": autre.pk}
    )

    assert response.status_code == 200
    assert "choisissez-en un des vôtres" in response.content.decode()
    assert 'value="2026-10-10"' in response.content.decode()
    assert not EvenementParticipation.objects.filter(intitule="Un goûter").exists()
