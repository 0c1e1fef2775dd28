"""What changed of the tree between two days: on its page, in print."""

import datetime
import io

import pytest
from pypdf import PdfReader

from ctg.models import Avenant, Porte
from ctg.models.historique import acte
from fiches.comparaison import AJOUT, CHANGEMENT, FIN, comparer_arbres
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from fiches.succession import succeder

pytestmark = pytest.mark.django_db
URL = "/dijon-2024/arbre/"
AVANT, JOUR, APRES = (datetime.date(2026, mois, 1) for mois in (1, 6, 7))


@pytest.fixture
def avenant(dijon):
    """PE-1 has another title and another axe; JEU.3 ends, an axe and its objective come."""
    signe = Avenant.objects.create(convention=dijon, numero=1, date_effet=JOUR)
    enf = Axe.objects.get(code="ENF.1")
    with acte(Porte.PAGE):
        succeder(
            FicheProjet.objects.get(code="PE-1").pk, signe, {"intitule": "Un guichet unique", "axes": [enf]}
        )
    Axe.objects.filter(code="JEU.3").update(date_fin=JOUR)
    parent = Axe.objects.get(code="JEU")
    axe = Axe(
        convention=dijon,
        parent=parent,
        code="JEU.4",
        numero=4,
        ordre=4,
        intitule="Loger",
        date_effet=JOUR,
        source="x",
    )
    axe.save()
    ObjectifOperationnel(
        axe=axe, code="JEU.4.1", ordre=1, intitule="Ouvrir des chambres", date_effet=JOUR, source="x"
    ).save()
    return signe


@pytest.fixture
def enjeux_changes(dijon):
    """An axe whose words an avenant changed: a row of its own, with the same code."""
    ancien = Axe.objects.get(code="PE.2")
    suite = Axe.objects.get(pk=ancien.pk)
    Axe.objects.filter(pk=ancien.pk).update(date_fin=JOUR)
    suite.pk, suite._state.adding = None, True
    suite.enjeux, suite.date_effet, suite.date_fin, suite.succede_a = "D’autres enjeux", JOUR, None, ancien
    suite.save()
    return ancien


def test_what_came_ended_and_was_rewritten(dijon, avenant):
    changements = comparer_arbres(dijon, depuis=AVANT, au=APRES)

    assert [(c.quoi, c.genre, c.code) for c in changements] == [
        (AJOUT, "axe stratégique", "JEU.4"),
        (FIN, "axe stratégique", "JEU.3"),
        (AJOUT, "objectif opérationnel", "JEU.4.1"),
        (CHANGEMENT, "fiche projet", "PE-1"),
    ]
    assert [(d.libelle, d.avant, d.apres) for d in changements[-1].champs] == [
        (
            "intitulé",
            "Accompagner l’enfant et sa famille à son arrivée et tout au long de son parcours",
            "Un guichet unique",
        ),
        ("axes portés", "PE.1", "ENF.1"),
    ]


def test_an_axe_that_is_succeeded_is_changed_and_neither_ended_nor_added(dijon, enjeux_changes):
    [changement] = comparer_arbres(dijon, depuis=AVANT, au=APRES)

    assert (changement.quoi, changement.code) == (CHANGEMENT, "PE.2")
    assert [(d.libelle, d.apres) for d in changement.champs] == [("enjeux", "D’autres enjeux")]


def test_two_days_of_the_same_texts_have_no_difference(dijon, avenant, enjeux_changes):
    assert comparer_arbres(dijon, depuis=AVANT, au=JOUR - datetime.timedelta(days=1)) == ()
    assert comparer_arbres(dijon, depuis=JOUR, au=APRES) == ()


def test_the_page_compares_in_the_order_of_the_days(client_de, avenant):
    client = client_de("lecteur")

    for adresse in (f"{URL}?au=2026-07-01&depuis=2026-01-01", f"{URL}?au=2026-01-01&depuis=2026-07-01"):
        page = client.get(adresse)
        assert "Du 1er\u00a0janvier\u00a02026 au 1er\u00a0juillet\u00a02026" in page.content.decode()
        assert [c.quoi for c in page.context["changements"]] == [AJOUT, FIN, AJOUT, CHANGEMENT]
    assert client.get(URL).context["changements"] is None
    assert "Rien n’a été ajouté" in client.get(f"{URL}?au=2026-01-01&depuis=2025-07-01").content.decode()


def test_the_comparison_is_printed(client_de, avenant):
    client, adresse = client_de("lecteur"), f"{URL}comparaison/pdf/"

    response = client.get(f"{adresse}?au=2026-07-01&depuis=2026-01-01")

    texte = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    texte = " ".join(texte.split())
    assert "arbre-compare-dijon-2024-2026-01-01-2026-07-01.pdf" in response["Content-Disposition"]
    for mots in ("Un guichet unique", "JEU.4", "DONNÉES DE DÉMONSTRATION"):
        assert mots in texte


@pytest.mark.parametrize(
    ("jours", "dit"),
    [
        ("", "Choisissez d’abord la date"),
        ("?depuis=2025-02-30", "Le fichier n’est pas fait."),
        ("?au=x&depuis=2025-01-01", "Le fichier n’est pas fait."),
    ],
)
def test_without_two_days_nothing_is_printed(client_de, jours, dit):
    page = client_de("lecteur").get(f"{URL}comparaison/pdf/{jours}", follow=True)

    assert page.redirect_chain == [(URL, 302)]
    assert dit in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_changes(
    dijon, avenant, enjeux_changes, django_assert_num_queries
):
    with django_assert_num_queries(
        12
    ):  # levels; rows, and rows on two days, of three kinds; axes carried, twice
        comparer_arbres(dijon, depuis=AVANT, au=APRES)
