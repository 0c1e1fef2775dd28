"""Two bilans side by side."""

import dataclasses
import datetime
from decimal import Decimal as D

import pytest
from django.utils import timezone

from evaluation.bilan import EffetsAxe, LigneEffet, LigneEtape, LigneMoyen, LigneParticipation
from evaluation.comparaison import CHANGE, EGAL, NOUVEAU, PARTI, comparer, comparer_l_ensemble
from evaluation.enums import StatutBilan as B
from evaluation.reports import collect_bilan
from tests.evaluation.conftest import ANNEE, changer

pytestmark = pytest.mark.django_db


@pytest.fixture
def annees(dijon):
    now = timezone.localtime()
    return collect_bilan(dijon, 2024, now=now), collect_bilan(dijon, 2025, now=now)


def test_what_changed_from_a_year_to_the_next(annees):
    pe1 = next(f for f in comparer(*annees) if f.code == "PE-1")
    ligne = next(i for i in pe1.indicateurs if i.code == "PE-1-01")
    statut, taux = pe1.lignes[:2]

    assert (ligne.difference, ligne.unite, ligne.etat) == (D(75), "familles", CHANGE)
    assert ligne.avant.startswith("1\u202f310")
    assert (statut.avant, statut.apres) == ("en préparation", "en cours")
    assert (taux.difference, taux.unite) == (D(35), "points")


def test_a_bilan_and_itself_do_not_differ(annees):
    assert all(f.nb_changements == 0 for f in comparer(annees[1], annees[1]))


def test_what_appears_and_what_goes(annees):
    a, b = annees
    a = dataclasses.replace(a, fiches=a.fiches[1:])
    b = dataclasses.replace(b, fiches=b.fiches[:-1])

    fiches = {f.code: f for f in comparer(a, b)}

    assert fiches["PE-1"].etat == NOUVEAU
    assert {i.etat for i in fiches["PE-1"].indicateurs} == {NOUVEAU}
    assert fiches["AVS-2"].etat == PARTI
    assert list(fiches)[-1] == "AVS-2"
    assert {i.etat for i in fiches["PE-3"].indicateurs} <= {CHANGE, EGAL}


def test_the_page_shows_what_changed_and_the_rest_on_demand(amener, figer_v, client_de):
    amener(B.FIGEE)
    changer()
    figer_v()
    client, url = client_de("cooperation"), "/dijon-2024/evaluation/comparer/"

    page = client.get(f"{url}?a={ANNEE}-1&b={ANNEE}-2").content.decode()
    assert "Une phrase de plus." in page  # the description alone has changed
    assert "PE-1-01" not in page
    assert "PE-1-01" in client.get(f"{url}?a={ANNEE}-1&b={ANNEE}-2&tout=1").content.decode()
    page = client.get(f"{url}?a={ANNEE}-1&b={ANNEE}-1").content.decode()
    assert "Rien ne change dans les fiches entre ces deux bilans." in page
    assert client.get(url).status_code == 200
    assert {client.get(f"{url}?a={faux}").status_code for faux in (f"{ANNEE}-9", "x", "2024-1", "²-1")} == {
        404
    }


def _avec(contenu, code, **champs):
    fiches = tuple(dataclasses.replace(f, **champs) if f.code == code else f for f in contenu.fiches)
    return dataclasses.replace(contenu, fiches=fiches)


def test_whatever_differs_between_two_versions_is_said(annees):
    """Every field of a fiche, changed alone: « rien ne change » is never said of it."""
    _, contenu = annees
    fiche = next(f for f in contenu.fiches if f.code == "PE-1")
    for field in dataclasses.fields(fiche):
        if field.name in {
            "code",
            "titre",
            "axe_rang",
        }:  # the first is how it is found; the others are how it is shown
            continue
        valeur = getattr(fiche, field.name)
        if isinstance(valeur, tuple):
            autre = valeur[:-1] if valeur else (("Autre", "Autre"),)
            if not valeur and field.name in {"etapes", "effets", "moyens", "axes"}:
                continue
        elif isinstance(valeur, bool):
            autre = not valeur
        elif isinstance(valeur, int):
            autre = valeur + 1
        else:
            autre = f"{valeur or ''} autrement"
        changee = next(
            f for f in comparer(contenu, _avec(contenu, "PE-1", **{field.name: autre})) if f.code == "PE-1"
        )
        assert changee.nb_changements >= 1, field.name


def test_means_and_steps_are_compared_one_by_one(annees):
    _, contenu = annees
    etape = LigneEtape("Ouvrir le guichet", datetime.date(2025, 6, 1), is_faite=False, is_en_retard=True)
    moyen = LigneMoyen("Caf", "fonctionnement", False, D(12000), None, D(9500))
    avant = _avec(contenu, "PE-1", etapes=(etape,), moyens=(moyen,))
    apres = _avec(
        contenu,
        "PE-1",
        etapes=(dataclasses.replace(etape, is_faite=True, is_en_retard=False),),
        moyens=(dataclasses.replace(moyen, realise=D("11000.50")),),
    )

    pe1 = next(f for f in comparer(avant, apres) if f.code == "PE-1")
    changees = {ligne.nom: (ligne.avant, ligne.apres) for ligne in pe1.lignes if ligne.is_change}

    assert changees == {
        "Étape\u00a0: Ouvrir le guichet": (
            "en retard, échéance le 1er\u00a0juin\u00a02025",
            "faite, échéance le 1er\u00a0juin\u00a02025",
        ),
        "Moyen\u00a0: fonctionnement, Caf": (
            "prévu 12\u202f000\u00a0€, réalisé 9\u202f500\u00a0€",
            "prévu 12\u202f000\u00a0€, réalisé 11\u202f000,50\u00a0€",
        ),
    }


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_of_bilans_asks_the_same_number_of_queries(
    amener, figer_v, client_de, item_count, django_assert_max_num_queries
):
    amener(B.FIGEE)
    for _ in range(item_count - 1):
        changer()
        figer_v()
    client = client_de("cooperation")
    client.get("/dijon-2024/evaluation/bilans/")

    with django_assert_max_num_queries(14):
        client.get("/dijon-2024/evaluation/bilans/")


def test_what_is_said_of_no_fiche_is_compared_too(annees):
    _, b = annees
    effet = LigneEffet(
        "Plus de pères", "positif", is_attendu=True, origine="direct", parties_prenantes="", preuve=""
    )
    autre = dataclasses.replace(effet, sens="négatif")
    temps = LigneParticipation(
        date_debut=datetime.date(2025, 3, 1),
        date_fin=None,
        intitule="Atelier",
        niveau="consultation",
        publics=("parents",),
        quartiers=(),
        axes=(),
        fiches=(),
        is_gouvernance=False,
        nb_personnes=None,
        paroles="",
        changements="",
        decision="",
    )
    avant = dataclasses.replace(
        b,
        effets=(effet,),
        effets_axes=(EffetsAxe("PE", "Petite enfance", 1, (effet,)),),
        participation=(temps,),
    )
    apres = dataclasses.replace(
        b, effets=(autre,), effets_axes=(), participation=(dataclasses.replace(temps, nb_personnes=12),)
    )

    etats = {ligne.nom.split("\u00a0")[0]: ligne for ligne in comparer_l_ensemble(avant, apres)}

    assert {nom: ligne.etat for nom, ligne in etats.items()} == {
        "Effets observés de toute la convention": CHANGE,
        "Effets observés de l’axe PE Petite enfance": PARTI,
        "Participation": CHANGE,
    }
    assert "12 personnes" in etats["Participation"].apres
    assert all(ligne.etat == EGAL for ligne in comparer_l_ensemble(avant, avant))
