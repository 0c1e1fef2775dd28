"""The registry beside the indicators that are linked to it: what it says, on how many of how many, and that it writes nothing."""

import pytest
from django.db import IntegrityError, transaction

from ctg.models import Decoupage, Quartier, Territoire
from evaluation.models import Indicateur, LienRegistre, Mesure
from evaluation.registre import collect_registre
from evaluation.views.registre import LienRegistreForm
from structures.models import Activite, Structure, TypeStructure
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicateur():
    """A whole number of PE-1."""
    return Indicateur.objects.select_related("fiche__convention").get(code="PE-1-01")


@pytest.fixture
def relais(dijon):
    """Three structures of one type, two of which gave a figure of 2025; one of another type did too."""
    Activite.objects.all().delete()
    genre = TypeStructure.objects.create(code="essai", nom="Essai", ordre=99)
    trois = list(Structure.objects.of_convention(dijon).order_by("pk")[:4])
    for structure in trois[:3]:
        structure.type_structure = genre
        structure._change_reason = ""
        structure.save()
    Activite.objects.create(structure=trois[0], annee=2025, enfants=30, taux_occupation="80.25")
    Activite.objects.create(structure=trois[1], annee=2025, enfants=0, taux_occupation="70")
    Activite.objects.create(structure=trois[3], annee=2025, enfants=500)
    Activite.objects.create(structure=trois[0], annee=2024, enfants=7)
    return genre


def lier(indicateur, **champs):
    lien = LienRegistre(indicateur=indicateur, **champs)
    lien.full_clean()
    lien.save()
    return lien


def test_it_sums_what_is_known_and_says_on_how_many(indicateur, relais, dijon):
    lier(indicateur, grandeur="enfants", type_structure=relais)

    chiffre = collect_registre([indicateur], dijon, 2025)[indicateur.pk]

    assert (chiffre.valeur, chiffre.nb, chiffre.sur) == (
        30,
        2,
        3,
    )  # zero is known, what is missing is not zero
    # The registry has counted children; an indicator in another unit is looked at twice.
    assert (chiffre.dit, chiffre.autre_unite) == ("30\u00a0enfants (2 sur 3 structures)", "familles")
    assert chiffre.a_saisir == "30"


def test_nobody_gave_it(indicateur, relais, dijon):
    lier(indicateur, grandeur="heures", type_structure=relais)

    chiffre = collect_registre([indicateur], dijon, 2025)[indicateur.pk]

    assert (chiffre.valeur, chiffre.a_saisir) == (None, "")
    assert "non renseigné" in chiffre.dit


def test_a_rate_is_a_mean(relais, dijon):
    pourcentage = Indicateur.objects.select_related("fiche__convention").filter(nature="pourcentage").first()
    lier(pourcentage, grandeur="taux_occupation", type_structure=relais)

    assert str(collect_registre([pourcentage], dijon, 2025)[pourcentage.pk].valeur) == "75.13"


@pytest.mark.parametrize("nature", ["texte", "oui_non", "montant"])
def test_a_figure_of_another_nature_is_refused(indicateur, nature):
    indicateur.nature = nature
    assert (
        "grandeur"
        in LienRegistreForm({"grandeur": "enfants"}, instance=LienRegistre(indicateur=indicateur)).errors
    )


def test_a_quartier_of_elsewhere_is_refused(indicateur):
    ailleurs = Decoupage.objects.create(
        territoire=Territoire.objects.create(nom="Ailleurs"), nom="Ailleurs", is_reference=True
    )
    quartier = Quartier.objects.create(decoupage=ailleurs, nom="Loin", ordre=1)
    donnees = {"grandeur": "enfants", "quartier": quartier.pk}
    assert "quartier" in LienRegistreForm(donnees, instance=LienRegistre(indicateur=indicateur)).errors


def test_the_database_knows_the_figures(indicateur):
    with pytest.raises(IntegrityError, match="lien_registre_grandeur_connue"), transaction.atomic():
        LienRegistre.objects.create(indicateur=indicateur, grandeur="repas")


def test_one_links_sees_and_takes_back(client_de, indicateur, relais):
    client = client_de("cooperation")
    url = f"/dijon-2024/indicateurs/{indicateur.pk}/registre/"
    valeurs = list(Mesure.objects.order_by("pk").values_list("pk", "valeur"))

    envoi = formulaire(client.get(url)) | {"grandeur": "enfants", "type_structure": relais.pk}
    envoi.pop("retirer", None)
    client.post(url, envoi)

    for page in (url, "/dijon-2024/evaluation/2025/saisie/PE-1/", "/dijon-2024/evaluation/2025/saisie/"):
        assert "2 sur 3 structures" in client.get(page).content.decode(), page
    assert (
        "enfants accueillis · Essai"
        in client.get(f"/dijon-2024/indicateurs/{indicateur.pk}/").content.decode()
    )
    assert list(Mesure.objects.order_by("pk").values_list("pk", "valeur")) == valeurs

    client.post(url, {"retirer": "1"})
    assert not LienRegistre.objects.exists()
    assert LienRegistre.historique.filter(history_type="-", indicateur=indicateur).exists()


def test_no_link_no_query_on_structures(dijon, indicateur, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert collect_registre([indicateur], dijon, 2025) == {}
