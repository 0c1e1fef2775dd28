"""The end of a fiche: it is closed; it is deleted only when nothing depends on it."""

import datetime

import pytest

from fiches.models import Axe, FicheProjet

URL = "/dijon-2024/fiches/PE-1/supprimer/"
DEMAIN = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()  # noqa: DTZ011


def test_what_depends_on_a_fiche_forbids_its_deletion_and_is_said(client_de):
    client = client_de("cooperation")
    page = client.get(URL).content.decode()

    assert "Cette fiche ne se supprime pas" in page
    assert "4\u00a0indicateurs" in page
    assert 'value="supprimer"' not in page
    assert "il vaut mieux la clore" in client.post(URL, {"action": "supprimer"}).content.decode()
    assert FicheProjet.objects.filter(code="PE-1").exists()


def test_a_fiche_without_dependants_is_deleted_after_a_question(client_de, dijon):
    fiche = FicheProjet.objects.create(
        convention=dijon, axe=Axe.objects.get(code="PE"), code="PE-9", numero=9
    )
    fiche.etapes.create(intitule="Une étape", ordre=1)
    pk, client, url = fiche.pk, client_de("cooperation"), "/dijon-2024/fiches/PE-9/supprimer/"

    assert "1\u00a0étape" in client.get(url).content.decode()
    client.post(url, {"action": "supprimer"})

    assert not FicheProjet.objects.filter(pk=pk).exists()
    assert FicheProjet.historique.filter(id=pk).latest().history_type == "-"


def test_a_closing_to_come_is_said_as_such_and_taken_once(client_de):
    client, demande = client_de("cooperation"), {"action": "clore", "date_fin": "2027-06-01", "motif": "Fin"}
    premiere = client.post(URL, demande, follow=True).content.decode()
    seconde = client.post(URL, demande, follow=True).content.decode()

    assert "La fiche PE-1 se clôt au 1er\u00a0juin\u00a02027." in premiere
    assert "Ce formulaire était déjà enregistré" in seconde
    assert "Cette fiche se clôt le 1er\u00a0juin\u00a02027." in client.get(URL).content.decode()
    assert FicheProjet.historique.filter(code="PE-1", date_fin="2027-06-01").count() == 1


def test_a_closed_fiche_leaves_the_list_and_stays_readable_at_its_date(client_de):
    client = client_de("cooperation")
    client.post(URL, {"action": "clore", "date_fin": "2026-01-01", "motif": "Décision du COPIL"})

    assert FicheProjet.objects.get(code="PE-1").date_fin == datetime.date(2026, 1, 1)
    assert "/fiches/PE-1/" not in client.get("/dijon-2024/fiches/").content.decode()
    assert client.get("/dijon-2024/fiches/PE-1/?au=2025-06-01").status_code == 200
    page = client.get("/dijon-2024/fiches/PE-1/").content.decode()
    assert "Cette fiche est close depuis le 1er\u00a0janvier\u00a02026" in page
    assert "Modifier</a>" not in page
    assert client.get("/dijon-2024/fiches/PE-1/historique/").status_code == 200
    assert client.get("/dijon-2024/fiches/PE-1/modifier/").status_code == 403


def test_a_fiche_closed_by_mistake_is_reopened_with_a_reason(client_de):
    client = client_de("cooperation")
    client.post(URL, {"action": "clore", "date_fin": "2026-01-01", "motif": "Décision du COPIL"})

    assert "Écrivez le motif" in client.post(URL, {"action": "rouvrir", "motif": " "}).content.decode()
    client.post(URL, {"action": "rouvrir", "motif": "Mauvaise fiche"})

    assert FicheProjet.objects.get(code="PE-1").date_fin is None
    assert "Rouverte : Mauvaise fiche" in client.get("/dijon-2024/fiches/PE-1/historique/").content.decode()


@pytest.mark.parametrize("jour", ["2020-01-01", "2031-01-01"])
def test_a_fiche_ends_within_its_convention(client_de, jour):
    page = client_de("cooperation").post(URL, {"action": "clore", "date_fin": jour, "motif": "x"})

    assert "La convention" in page.content.decode()
    assert FicheProjet.objects.get(code="PE-1").date_fin is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"date_fin": "", "motif": "x"}, "la date de clôture"),
        ({"date_fin": "2026-02-31", "motif": "x"}, "la date de clôture"),
        ({"date_fin": DEMAIN, "motif": "  "}, "Écrivez le motif"),
    ],
)
def test_a_closing_without_date_or_reason_is_refused(client_de, data, message):
    assert message in client_de("cooperation").post(URL, {"action": "clore"} | data).content.decode()
    assert FicheProjet.objects.get(code="PE-1").date_fin is None


@pytest.mark.parametrize("nom", ["petite-enfance", "caf", "admin", "copil"])
def test_only_the_charge_de_cooperation_ends_a_fiche(client_de, nom):
    client = client_de(nom)

    assert client.get(URL).status_code == client.post(URL, {"action": "supprimer"}).status_code == 403


def test_a_refused_closing_keeps_what_was_typed(client_de):
    client = client_de("cooperation")
    page = client.post(URL, {"action": "clore", "date_fin": "2099-01-01", "motif": "Un long motif"})
    assert 'value="2099-01-01"' in page.content.decode()
    assert page.content.decode().count('value="Un long motif"') == 1
