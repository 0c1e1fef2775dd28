"""The rows of a fiche's form: named in a conflict, told apart when two say the same, refused when forged; bounds."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from ctg.textes import TEXTE_MAX
from evaluation.models import Avancement
from fiches.models import Etape, FicheProjet
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"
SAISIE = "/dijon-2024/evaluation/2025/saisie/PE-1/"


@pytest.fixture
def deux(compte):
    def ouvrir(nom):
        client = Client()
        client.force_login(compte(nom))
        return client, formulaire(client.get(MODIFIER))

    return ouvrir("cooperation"), ouvrir("petite-enfance")


def fiche():
    return FicheProjet.objects.get(code="PE-1")


def test_a_conflict_names_its_row(deux):
    (une, data), (autre, data_autre) = deux
    autre.post(
        MODIFIER,
        data_autre
        | {
            "etapes-0-intitule": "Ouvrir le relais",
            "moyens-0-realise": "1",
            "implications-1-role": "associe",
        },
    )

    response = une.post(
        MODIFIER,
        data
        | {
            "etapes-0-intitule": "Fermer le relais",
            "moyens-0-realise": "2",
            "implications-1-role": "financeur",
        },
    )

    moyen = fiche().moyens.order_by("annee", "signataire", "nature", "pk").first()
    assert [c.libelle for c in response.context["fusion"].conflits] == [
        "Étape « Ouvrir le relais » : étape",
        f"Moyen « {moyen.signataire}, {moyen.annee}, {moyen.get_nature_display()} » : réalisé",
        "Acteur « Caf de la Côte-d’Or, associé » : rôle",
    ]


def test_a_row_removed_by_the_other_is_named_and_its_text_shown(deux):
    (une, data), (autre, data_autre) = deux
    ancien = data["etapes-0-intitule"]
    autre.post(MODIFIER, data_autre | {"etapes-0-DELETE": "on"})

    response = une.post(
        MODIFIER, data | {"etapes-0-intitule": "Encore utile", "etapes-0-echeance": "2027-03-01"}
    )

    [conflit] = response.context["fusion"].conflits
    assert conflit.libelle == "Étape « Encore utile »"
    assert conflit.leur.affichage == "la ligne est supprimée"
    assert "étape : Encore utile" in conflit.mien.affichage
    assert "échéance : 1er\xa0mars\xa02027" in conflit.mien.affichage
    assert ancien in conflit.base.affichage


def test_a_row_added_by_an_old_page_a_second_time_is_the_same_row(deux):
    """The page of before, taken from the browser's memory, is sent again with another change."""
    (une, data), _ = deux
    nb = fiche().etapes.count()
    data |= {f"etapes-{nb}-intitule": "Une seule fois"}
    une.post(MODIFIER, data)

    une.post(MODIFIER, data | {"publics": "Les familles"})

    assert fiche().etapes.filter(intitule="Une seule fois").count() == 1
    assert fiche().publics == "Les familles"


def test_an_old_page_does_not_put_its_text_over_another_s(deux):
    (une, data), (autre, _) = deux
    une.post(MODIFIER, data | {"constat": "De P"})
    autre.post(MODIFIER, formulaire(autre.get(MODIFIER)) | {"constat": "De Q"})

    response = une.post(MODIFIER, data | {"constat": "De P", "publics": "Les familles"})

    assert fiche().constat == "De Q"
    assert [c.libelle for c in response.context["fusion"].conflits] == ["Constat"]


@pytest.mark.parametrize("name", ["TOTAL_FORMS", "INITIAL_FORMS"])
def test_a_negative_count_of_rows_is_refused(deux, name):
    (une, data), _ = deux

    page = une.post(MODIFIER, data | {"constat": "Forgé", f"etapes-{name}": "-1"}).content.decode()

    assert fiche().constat != "Forgé"
    assert "Cette page est arrivée abîmée" in page


@pytest.mark.parametrize(
    ("partie", "champs"),
    [("moyens", ("signataire", "annee", "nature")), ("implications", ("organisme", "structure", "role"))],
)
def test_two_rows_that_say_the_same_are_named(deux, partie, champs):
    (une, data), _ = deux
    initiales = int(data[f"{partie}-INITIAL_FORMS"])
    double = {f"{partie}-{initiales}-{name}": data.get(f"{partie}-0-{name}", "") for name in champs}

    page = une.post(MODIFIER, data | double).content.decode()

    assert f"La ligne {initiales + 1} dit la même chose que la ligne 1 : gardez-en une." in page
    assert f"ligne {initiales + 1} : La ligne 1 dit la même chose" in page


def test_a_spare_row_asks_for_nothing(deux):
    (une, data), _ = deux
    page = une.get(MODIFIER).content.decode()
    libres = 'class="rangee rangee-libre"'

    assert page.count(libres) == 6
    entamee = data | {f"etapes-{fiche().etapes.count()}-echeance": "2027-01-01"}
    assert une.post(MODIFIER, entamee).content.decode().count(libres) == 5


# Bounds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jour", ["0001-01-01", "1999-12-31", "2101-01-01"])
def test_a_date_out_of_our_time_is_refused(deux, jour):
    (une, data), _ = deux

    page = une.post(MODIFIER, data | {"etapes-0-echeance": jour}).content.decode()

    assert "écrivez une année entre 2000 et 2100" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Etape.objects.filter(fiche=fiche()).update(echeance=datetime.date.fromisoformat(jour))


def test_a_date_of_effect_is_bounded_by_every_door():
    une = fiche()
    une.date_fin = datetime.date(9999, 1, 1)

    with pytest.raises(ValidationError, match="2100") as refus:
        une.full_clean(exclude=("axes", "quartiers"))
    assert list(refus.value.message_dict) == ["date_fin"]


def test_a_text_has_a_limit_which_is_said(client_de):
    client = client_de("cooperation")
    for url, champ in ((MODIFIER, "constat"), (SAISIE, "avancement-realisations")):
        data = formulaire(client.get(url))
        page = client.post(url, data | {champ: "x" * (TEXTE_MAX + 1)}).content.decode()
        assert "Ce texte a 20001 caractères, et le plus est 20000" in page
        assert "x" * (TEXTE_MAX + 1) in page
        assert client.post(url, data | {champ: "x" * TEXTE_MAX}).status_code == 302
    for modele, champ in ((FicheProjet, "constat"), (Avancement, "realisations")):
        with pytest.raises(IntegrityError), transaction.atomic():
            modele.objects.update(**{champ: "x" * (TEXTE_MAX + 1)})


def test_no_text_area_cuts_what_is_pasted(client_de):
    assert 'data-max="20000"' in (page := client_de("cooperation").get(MODIFIER).content.decode())
    assert "<textarea" in page
    assert not [part for part in page.split("<textarea")[1:] if "maxlength" in part.partition(">")[0]]
