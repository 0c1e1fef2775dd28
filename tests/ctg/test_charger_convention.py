"""Loading a convention in the browser: looked at first, all or nothing, once."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from openpyxl import load_workbook

from ctg.chargement.classeur import ecrire_classeur
from ctg.chargement.export import exporter
from ctg.chargement.services import charger
from ctg.models import Brouillon, Convention
from fiches.models import FicheProjet
from tests.conftest import VAL_CLAIR
from tests.ctg.test_export import LE_JOUR

pytestmark = pytest.mark.django_db
DEPOSER, APERCU = "/conventions/charger/", "/conventions/charger/apercu/"


@pytest.fixture
def classeur(db):
    """The workbook of a convention that is not here."""
    with transaction.atomic():
        convention = charger(VAL_CLAIR).convention
        contenu = ecrire_classeur(convention.intitule, exporter(convention), date=LE_JOUR)
        transaction.set_rollback(True)
    return contenu


def modifier(contenu: bytes, feuille: str, cellule: str, valeur) -> bytes:
    classeur = load_workbook(BytesIO(contenu))
    classeur[feuille][cellule] = valeur
    classeur.save(buffer := BytesIO())
    return buffer.getvalue()


def deposer(client, contenu: bytes):
    return client.post(DEPOSER, {"fichier": SimpleUploadedFile("val-clair.xlsx", contenu)}, follow=True)


def confirmer(client, page):
    return client.post(APERCU, {"confirmer": page.context["apercu"].empreinte}, follow=True)


def test_what_is_filled_is_looked_at_then_loaded(client_de, classeur):
    client = client_de("admin")

    page = deposer(client, classeur)

    assert "Convention territoriale globale du Val-Clair" in page.content.decode()
    comptes = {
        tableau.nom: (ajouts, changes) for tableau, ajouts, changes in page.context["apercu"].par_tableau
    }
    assert comptes["fiches"] == (5, 0)
    assert comptes["signataires"] == (7, 0)
    assert not Convention.objects.filter(slug="val-clair-2025").exists()  # nothing is written yet

    fin = confirmer(client, page)

    convention = Convention.objects.get(slug="val-clair-2025")
    assert convention.fiches.count() == 5
    assert fin.redirect_chain[-1][0] == "/val-clair-2025/personnes/"
    trace = convention.historique.order_by("pk").first()
    assert (trace.porte, trace.history_user.email) == ("import", "admin@demo.invalid")
    assert not Brouillon.objects.exists()


def test_confirmed_twice_it_is_loaded_once(client_de, classeur):
    client = client_de("admin")
    page = deposer(client, classeur)
    confirmer(client, page)

    seconde = confirmer(client, page)

    assert "Aucun classeur n’attend" in seconde.content.decode()
    assert Convention.objects.filter(slug="val-clair-2025").count() == 1


def test_a_bad_row_forbids_the_whole_and_says_where(client_de, classeur):
    client = client_de("admin")

    page = deposer(client, modifier(classeur, "axes", "C3", "premier"))

    assert "feuille « axes », ligne 3, colonne « ordre », valeur « premier »" in page.content.decode()
    assert 'name="confirmer"' not in page.content.decode()
    client.post(APERCU, {"confirmer": page.context["apercu"].empreinte})
    assert not Convention.objects.filter(slug="val-clair-2025").exists()


def test_what_changed_since_it_was_looked_at_is_asked_again(client_de, classeur):
    client = client_de("admin")
    page = deposer(client, classeur)
    charger(VAL_CLAIR)

    seconde = confirmer(client, page)

    assert "Quelque chose a changé depuis l’aperçu" in seconde.content.decode()


def test_what_somebody_changed_is_kept_and_said(client_de, classeur):
    client = client_de("admin")
    charger(VAL_CLAIR)
    FicheProjet.objects.filter(code="A-1", convention__slug="val-clair-2025").update(constat="Mon texte")

    page = deposer(client, modifier(classeur, "fiches", "E3", "Des horaires plus larges"))

    contenu = page.content.decode()
    assert "Gardé tel que dans l’application (1)" in contenu
    assert "Mon texte" in contenu
    confirmer(client, page)
    fiches = dict(
        FicheProjet.objects.filter(convention__slug="val-clair-2025").values_list("code", "constat")
    )
    assert fiches["A-1"] == "Mon texte"
    assert (
        FicheProjet.objects.get(code="A-2", convention__slug="val-clair-2025").intitule
        == "Des horaires plus larges"
    )


def test_given_up_nothing_waits(client_de, classeur):
    client = client_de("admin")
    deposer(client, classeur)

    page = client.post(APERCU, {"abandonner": "1"}, follow=True)

    assert "rien n’a été chargé" in page.content.decode()
    assert not Brouillon.objects.exists()


@pytest.mark.parametrize("contenu", [b"", b"nom;sigle\nA;B\n", b"PK\x03\x04"])
def test_another_file_is_refused_with_a_sentence(client_de, contenu):
    page = deposer(client_de("admin"), contenu)

    assert page.redirect_chain == []
    assert "Ce classeur ne peut pas être lu" in page.content.decode()


def test_an_unknown_sheet_is_said(client_de, classeur):
    livre = load_workbook(BytesIO(classeur))
    livre["axes"].title = "orientations"
    livre.save(buffer := BytesIO())

    page = deposer(client_de("admin"), buffer.getvalue())

    assert "feuille « orientations » : ce tableau n’est pas connu." in page.content.decode()


def test_the_settings_give_the_workbook_to_who_may_have_it(client_de):
    page = client_de("cooperation").get("/dijon-2024/parametres/").content.decode()
    assert "/dijon-2024/convention.xlsx" in page
    assert DEPOSER not in page
    page = client_de("admin").get("/dijon-2024/parametres/").content.decode()
    assert DEPOSER in page


def test_the_workbook_names_nobody(client_de):
    livre = load_workbook(BytesIO(client_de("cooperation").get("/dijon-2024/convention.xlsx").content))
    textes = {str(cell.value) for feuille in livre for rang in feuille.iter_rows() for cell in rang}

    assert not [texte for texte in textes if "@" in texte]
