"""The yearly activity: bounds, entry, totals that say what they stand on, import and export."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ctg.formats import CSVProtege, XLSXTypes
from structures.models import Activite, Structure
from structures.resources import ActiviteResource
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
REGISTRE = "/dijon-2024/structures/"
ACTIVITE = f"{REGISTRE}activite/"


@pytest.fixture(autouse=True)
def _sans_demonstration():
    Activite.objects.all().delete()


@pytest.fixture
def structure():
    return Structure.objects.get(code="a2-01")


@pytest.fixture
def url(structure):
    return f"{REGISTRE}{structure.pk}/activite/2025/"


def envoyer(client, url, **champs):
    return client.post(url, formulaire(client.get(url)) | champs)


@pytest.mark.parametrize(
    ("champs", "nom"),
    [
        ({}, "activite_dit_quelque_chose"),
        ({"places": 1501}, "activite_places_plausibles"),
        ({"heures": -1}, "activite_heures_plausibles"),
        ({"heures": 5_000_001}, "activite_heures_plausibles"),
        ({"enfants": 20_001}, "activite_enfants_plausibles"),
        ({"taux_occupation": 201}, "activite_taux_plausible"),
        ({"annee": 1999, "places": 1}, "activite_annee_plausible"),
    ],
)
def test_the_database_refuses_impossible_figures(structure, champs, nom):
    with pytest.raises(IntegrityError, match=nom), transaction.atomic():
        Activite.objects.create(**{"structure": structure, "annee": 2025, **champs})


def test_one_row_a_year(structure):
    Activite.objects.create(structure=structure, annee=2025, places=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activite.objects.create(structure=structure, annee=2025, places=1)


def test_figures_are_entered_changed_and_taken_back(client_de, structure, url):
    client = client_de("cooperation")
    envoyer(client, url, places="25", heures="41 250,5", taux_occupation="0", source="Déclaration 2025")

    activite = structure.activites.get()
    assert (activite.places, activite.heures, activite.enfants) == (25, Decimal("41250.5"), None)
    assert activite.taux_occupation == 0
    page = client.get(f"{REGISTRE}{structure.pk}/").content.decode()
    assert "41\u202f250,5" in page
    assert "0\u202f%" in page

    envoyer(client, url, enfants="44")
    assert structure.activites.get().enfants == 44

    response = client.post(
        url,
        formulaire(client.get(url)) | dict.fromkeys(("places", "heures", "enfants", "taux_occupation"), ""),
        follow=True,
    )
    assert "plus rien n’est renseigné" in response.content.decode()
    assert not structure.activites.exists()
    assert Activite.historique.filter(structure=structure).latest().history_type == "-"


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({}, "au moins un chiffre"),
        ({"places": "12,5"}, "nombre entier"),
        ({"places": "1.234"}, "deux façons"),
        ({"heures": "beaucoup"}, "n’est pas un nombre"),
        ({"enfants": "-1"}, "Au moins 0"),
        ({"taux_occupation": "250"}, "de 0 à 200"),
    ],
)
def test_what_is_refused_is_given_back(client_de, structure, url, champs, message):
    response = envoyer(client_de("cooperation"), url, **{"source": "gardée", **champs})

    assert message in response.content.decode()
    assert formulaire(response)["source"] == "gardée"
    assert not structure.activites.exists()


def test_a_year_that_has_not_begun_is_not_found(client_de, structure):
    for annee in (1999, 2099):
        assert client_de("cooperation").get(f"{REGISTRE}{structure.pk}/activite/{annee}/").status_code == 404


def test_two_people_on_one_year(client_de, structure, url):
    Activite.objects.create(structure=structure, annee=2025, places=20)
    client = client_de("cooperation")
    ouvert = formulaire(client.get(url))
    activite = structure.activites.get()
    activite.enfants = 40
    activite.save()

    client.post(url, ouvert | {"places": "21"})

    activite.refresh_from_db()
    assert (activite.places, activite.enfants) == (21, 40)


def test_two_known_years_are_drawn(client_de, structure):
    Activite.objects.create(structure=structure, annee=2024, enfants=40, taux_occupation=110)
    assert not client_de("caf").get(f"{REGISTRE}{structure.pk}/").context["activite"].dessins
    Activite.objects.create(structure=structure, annee=2025, enfants=44)

    response = client_de("caf").get(f"{REGISTRE}{structure.pk}/")

    [(titre, barres)] = response.context["activite"].dessins
    assert titre == "Enfants accueillis"
    # The years of the convention that have begun: 2026 is not known, which is no bar.
    assert [barre.dit for barre in barres.barres][:2] == ["40", "44"]
    assert {barre.dit for barre in barres.barres[2:]} <= {"non renseigné"}
    assert "Enfants accueillis" in response.content.decode()


def test_figures_are_not_shown_to_who_reads_none(client_de, structure):
    Activite.objects.create(structure=structure, annee=2025, places=777)
    page = f"{REGISTRE}{structure.pk}/"

    assert "777" in client_de("caf").get(page).content.decode()
    for nom in ("copil", "lecteur", "signataire"):
        assert "777" not in client_de(nom).get(page).content.decode()
        assert client_de(nom).get(ACTIVITE).status_code == 403


def test_totals_say_on_how_many_structures_they_stand(client_de):
    eaje = list(Structure.objects.filter(type_structure__code="eaje").order_by("code"))
    Activite.objects.create(structure=eaje[0], annee=2025, places=20, taux_occupation=50)
    Activite.objects.create(structure=eaje[1], annee=2025, places=0, taux_occupation=100)
    Activite.objects.create(structure=eaje[2], annee=2025, enfants=9)
    Activite.objects.create(structure=eaje[0], annee=2024, places=999)

    response = client_de("cooperation").get(ACTIVITE, {"annee": "2025"})

    [par_type] = [
        li
        for code, _, lignes in response.context["tableaux"]
        for li in lignes
        if (code, li.nom) == ("type", "EAJE")
    ]
    assert (par_type.nb, par_type.nb_renseignees) == (30, 3)
    assert (par_type.places.valeur, par_type.places.nb) == (20, 2)
    assert (par_type.enfants.valeur, par_type.enfants.nb) == (9, 1)
    assert (par_type.heures.valeur, par_type.heures.nb) == (None, 0)
    assert (par_type.taux.valeur, par_type.taux.nb) == (75, 2)
    ensemble = response.context["ensemble"]
    assert (ensemble.nb, ensemble.nb_renseignees) == (58, 3)
    page = response.content.decode()
    assert "2 sur 30" in page
    assert "3</strong> structures sur 58" in page
    quartiers = [
        li for code, _, lignes in response.context["tableaux"] if code == "quartier" for li in lignes
    ]
    assert sum(li.nb for li in quartiers) == 58
    assert sum(li.places.nb for li in quartiers) == 2


def test_the_last_known_year_is_shown_and_another_one_may_be_asked(client_de, structure):
    Activite.objects.create(structure=structure, annee=2024, places=20)
    client = client_de("cooperation")

    assert client.get(ACTIVITE).context["annee"] == 2024
    assert client.get(ACTIVITE, {"annee": "2025"}).context["annee"] == 2025
    assert "Aucune activité" in client.get(ACTIVITE, {"annee": "2025"}).content.decode()
    for fausse in ("1999", "abcd", "²025", "9" * 30):
        response = client.get(ACTIVITE, {"annee": fausse})
        assert response.context["annee"] == 2024
        assert "pas de la convention" in response.content.decode()


def test_a_structure_counts_in_the_years_when_it_was_inscribed(client_de, dijon, structure):
    from ctg.models import Avenant
    from structures.inscriptions import retirer

    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet="2025-06-01")
    avenant.refresh_from_db()
    retirer(structure.inscriptions.get().pk, avenant)
    client = client_de("cooperation")

    assert client.get(ACTIVITE, {"annee": "2025"}).context["ensemble"].nb == 58
    assert client.get(ACTIVITE, {"annee": "2026"}).context["ensemble"].nb == 57


def test_what_the_filters_show_is_exported(client_de, structure):
    Activite.objects.create(structure=structure, annee=2025, heures=Decimal("1234.5"))

    response = client_de("cooperation").get(
        ACTIVITE, {"annee": "2025", "q": "multi-accueil balzac", "export": "csv"}
    )

    titres, *lignes = response.content.decode("utf-8-sig").splitlines()
    assert titres.startswith("Code de la structure;Nom;Année;Type;Quartier;Places;Heures réalisées")
    assert len(lignes) == 1
    assert lignes[0].startswith("a2-01;Multi-accueil Balzac;2025;EAJE;Chevreul-Parc;;1234,5;")


@pytest.mark.parametrize("format_class", [CSVProtege, XLSXTypes])
def test_what_is_exported_imports_back_unchanged(structure, format_class):
    Activite.objects.create(
        structure=structure, annee=2025, heures=Decimal("1234.5"), taux_occupation=0, source="=1+1"
    )
    Activite.objects.create(structure=structure, annee=2024, enfants=12)
    fichier = format_class()
    dataset = fichier.create_dataset(fichier.export_data(ActiviteResource().export()))

    result = ActiviteResource().import_data(dataset)

    assert not result.has_errors()
    assert not result.has_validation_errors()
    assert result.totals["skip"] == len(dataset) == 2


def importer(lignes):
    texte = "structure;annee;places;heures\n" + "\n".join(lignes)
    return ActiviteResource().import_data(CSVProtege().create_dataset(texte.encode()))


def test_an_import_adds_and_changes(structure):
    Activite.objects.create(structure=structure, annee=2025, places=20)

    importer(["Dijon/a2-01;2025;21;", "Dijon/a2-02;2025;;41 250,5"])

    assert structure.activites.get().places == 21
    ajoutee = Activite.objects.get(structure__code="a2-02")
    assert (ajoutee.places, ajoutee.heures) == (None, Decimal("41250.5"))


@pytest.mark.parametrize(
    "mauvaise",
    [
        "Dijon/a2-99;2025;21;",
        "a2-01;2025;21;",
        "Ailleurs/a2-01;2025;21;",
        "Dijon/a2-01;25;21;",
        "Dijon/a2-01;2025;21,5;",
        "Dijon/a2-01;2025;1 501;",
        "Dijon/a2-01;2025;;",
        "Dijon/a2-01;;21;",
        "Dijon/a2-02;2025;1;",
    ],
)
def test_one_bad_row_and_none_is_imported(mauvaise):
    from ctg.resources import FichierError

    try:
        result = importer(["Dijon/a2-02;2025;20;", mauvaise])
    except FichierError:
        pass
    else:
        assert result.has_errors() or result.has_validation_errors()

    assert not Activite.objects.exists()
