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
    assert "indicateur « PE-1-01" in page
    assert 'value="supprimer"' not in page
    assert "il vaut mieux la clore" in client.post(URL, {"action": "supprimer"}).content.decode()
    assert FicheProjet.objects.filter(code="PE-1").exists()


def test_a_fiche_without_dependants_is_deleted_after_a_question(client_de, dijon):
    fiche = FicheProjet.objects.create(
        convention=dijon, axe=Axe.objects.get(code="PE"), code="PE-9", numero=9
    )
    fiche.etapes.create(intitule="Une étape", ordre=1)
    pk, client, url = fiche.pk, client_de("cooperation"), "/dijon-2024/fiches/PE-9/supprimer/"

    assert "1 étape" in client.get(url).content.decode()
    client.post(url, {"action": "supprimer"})

    assert not FicheProjet.objects.filter(pk=pk).exists()
    assert FicheProjet.historique.filter(id=pk).latest().history_type == "-"


def test_a_closed_fiche_leaves_the_list_and_stays_readable_at_its_date(client_de):
    client = client_de("cooperation")
    client.post(URL, {"action": "clore", "date_fin": "2026-01-01", "motif": "Décision du COPIL"})

    assert FicheProjet.objects.get(code="PE-1").date_fin == datetime.date(2026, 1, 1)
    assert "/fiches/PE-1/" not in client.get("/dijon-2024/fiches/").content.decode()
    assert client.get("/dijon-2024/fiches/PE-1/?au=2025-06-01").status_code == 200
    assert client.get("/dijon-2024/fiches/PE-1/").status_code == 404


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
