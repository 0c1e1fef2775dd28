"""Every page answers for every account: never a 500, and the figures only to those who may read them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Indicateur
from fiches.models import Axe, FicheProjet, Moyen
from structures.models import Structure
from tests.conftest import COMPTES_PAR_NOM

C = "dijon-2024"
LIBRES = [
    "/dijon-2024/",
    "/dijon-2024/arbre/",
    "/dijon-2024/arbre/?au=2025-03-01",
    "/dijon-2024/demarches/",
    "/dijon-2024/fiches/",
    "/dijon-2024/fiches/PE-1/",
    "/dijon-2024/fiches/AVS-1/",
    "/dijon-2024/fiches/JEU-3/",
    "/dijon-2024/structures/",
    "/dijon-2024/structures/carte/",
    "/dijon-2024/structures/carte/?q=archipel&annexe=2+bis",
    "/dijon-2024/quartiers/",
    "/dijon-2024/fiches/quartiers/",
    "/dijon-2024/gouvernance/",
    "/dijon-2024/gouvernance/instances/copil/",
    "/dijon-2024/gouvernance/instances/journees-reseau/",
    "/dijon-2024/gouvernance/instances/copil/?annee=2025",
    "/dijon-2024/gouvernance/decisions/",
    "/dijon-2024/gouvernance/calendrier/",
    "/dijon-2024/gouvernance/calendrier/?vue=mois&mois=2026-02",
    "/dijon-2024/gouvernance/calendrier/?vue=liste&annee=toutes",
    "/dijon-2024/gouvernance/calendrier/annuelles/",
    "/dijon-2024/gouvernance/coordination/",
    "/compte/agenda/",
    "/dijon-2024/documents/",
    "/dijon-2024/veille/",
    "/dijon-2024/veille/series/enfants-moins-3/",
    "/aide/",
]
CHIFFRES = [
    "/dijon-2024/moyens/",
    "/dijon-2024/evaluation/2025/",
    "/dijon-2024/evaluation/2027/",
    "/dijon-2024/evaluation/2025/tableau/",
    "/dijon-2024/evaluation/2025/tableau/xlsx/",
]
EQUIPE = {
    "admin",
    "cooperation",
    "petite-enfance",
    "enfance",
    "jeunesse",
    "avs",
    "referent",
    "quartier",
    "caf",
}
MODIFIENT_PE_1 = {"cooperation", "petite-enfance"}
SAISISSENT_PE_1 = {"cooperation", "petite-enfance", "referent"}


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
@pytest.mark.parametrize("url", LIBRES)
def test_open_pages_answer_for_every_account(client_de, nom, url):
    assert client_de(nom).get(url).status_code == 200


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
@pytest.mark.parametrize("url", CHIFFRES)
def test_figures_are_the_team_s(client_de, nom, url):
    response = client_de(nom).get(url)

    assert response.status_code == (200 if nom in EQUIPE else 403)
    if nom not in EQUIPE:
        assert "une fois l’aval donné" in response.content.decode()


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_edition_of_a_fiche_by_role(client_de, nom):
    response = client_de(nom).get(f"/{C}/fiches/PE-1/modifier/")

    ailleurs = {"enfance", "jeunesse", "avs"}
    assert response.status_code == (200 if nom in MODIFIENT_PE_1 else 404 if nom in ailleurs else 403)


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_entry_by_role(client_de, nom):
    response = client_de(nom).get(f"/{C}/evaluation/2025/saisie/PE-1/")

    assert response.status_code == (200 if nom in SAISISSENT_PE_1 else 403)


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_every_structure_page_answers(client_de, nom):
    structure = Structure.objects.order_by("pk").first()

    assert client_de(nom).get(reverse("structures:detail", args=[C, structure.pk])).status_code == 200


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_admin_is_the_administrators(client_de, nom):
    response = client_de(nom).get("/admin/", follow=True)

    assert response.status_code == (200 if nom == "admin" else 403)
    if nom != "admin":
        assert "Réservé aux administrateurs" in response.content.decode()


def test_every_structure_and_fiche_has_its_page(client_de, dijon):
    client = client_de("cooperation")

    for structure in Structure.objects.of_convention(dijon):
        assert client.get(reverse("structures:detail", args=[C, structure.pk])).status_code == 200
    for fiche in dijon.fiches.all():
        assert client.get(fiche.get_absolute_url()).status_code == 200
        assert client.get(reverse("evaluation:saisie", args=[C, 2025, fiche.code])).status_code == 200
        assert client.get(reverse("fiches:update", args=[C, fiche.code])).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/autre-2024/",
        "/dijon-2024/fiches/XX-9/",
        "/dijon-2024/structures/999999/",
        "/dijon-2024/gouvernance/instances/rien/",
        "/dijon-2024/gouvernance/reunions/99999999999999999999/",
        "/dijon-2024/gouvernance/decisions/99999999999999999999/modifier/",
        "/dijon-2024/evaluation/2019/",
        "/dijon-2024/evaluation/99999999999/",
        "/dijon-2024/evaluation/2019/bilan/pdf/",
        "/dijon-2024/evaluation/2027/saisie/PE-1/",
        "/aide/rien/",
    ],
)
def test_what_does_not_exist_is_a_404(client_de, url):
    assert client_de("cooperation").get(url).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/dijon-2024/arbre/?au=2025-13-45",
        "/dijon-2024/arbre/?au=%00",
        "/dijon-2024/moyens/?annee=abc",
        "/dijon-2024/moyens/?annee=%D9%A2%D9%A0%D9%A2%D9%A5",
        "/dijon-2024/structures/?tri=__class__&type=99999999999999999999",
        "/dijon-2024/structures/?q=%00%F0%9F%98%80",
        "/dijon-2024/structures/carte/?type=99999999999999999999&quartier=x&q=%00",
        "/dijon-2024/gouvernance/decisions/?tri=pk&annee=%D9%A2&etat=x&responsable=99999999999999999999",
        "/dijon-2024/gouvernance/decisions/?q=%00&en_retard=rien&instance='",
        "/dijon-2024/gouvernance/instances/copil/?annee=99999999999999999999",
        "/dijon-2024/gouvernance/reunions/ajouter/?instance=%00",
        "/dijon-2024/fiches/?axe=abc&statut=rien&q='\"<script>",
    ],
)
def test_bad_addresses_are_read_without_a_500(client_de, url):
    assert client_de("cooperation").get(url).status_code == 200


@pytest.mark.parametrize("url", [*LIBRES, *CHIFFRES, "/dijon-2024/fiches/PE-1/modifier/", "/admin/"])
def test_without_login_one_is_asked_to_log_in(client, db, url):
    response = client.get(url, follow=True)

    assert response.redirect_chain[-1][0].startswith("/compte/connexion/?next=/")


def test_healthz_answers_without_login(client, db):
    assert client.get("/healthz").status_code == 200


def test_home_sends_to_the_only_convention(client_de):
    assert client_de("copil").get("/")["Location"] == "/dijon-2024/"


@pytest.mark.parametrize(
    "url",
    [
        "/dijon-2024/",
        "/dijon-2024/arbre/",
        "/dijon-2024/demarches/",
        "/dijon-2024/moyens/",
        "/dijon-2024/evaluation/2025/",
        "/dijon-2024/evaluation/2025/tableau/",
    ],
)
def test_pages_of_the_plan_ask_as_many_queries_for_3_fiches_as_for_300(client_de, dijon, url):
    client = client_de("cooperation")
    axe, ville = Axe.objects.get(code="PE"), dijon.signataires.first()
    client.get(url)
    nombres = []
    for premier, dernier in ((0, 3), (3, 300)):
        for n in range(premier, dernier):
            fiche = FicheProjet.objects.create(convention=dijon, axe=axe, code=f"X-{n}", numero=100 + n)
            Moyen.objects.create(
                fiche=fiche, signataire=ville, annee=2025, nature="etp", prevu=1, source="essai"
            )
            Indicateur.objects.create(
                fiche=fiche, code=f"X-{n}-1", ordre=1, intitule="x", nature="entier", type_indicateur="moyens"
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        nombres.append(len(queries))

    assert nombres[0] == nombres[1]
