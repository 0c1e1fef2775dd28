"""The sky of a fiche or of an axe: each sign of the table, and what hides it."""

import datetime
from dataclasses import replace
from decimal import Decimal as D

import pytest
from django.utils import timezone

from evaluation.bilan import LigneEtape, Valeur
from evaluation.enums import Temps
from evaluation.meteo import meteo, meteos_par_axe
from evaluation.reports import collect_bilan
from evaluation.sortie_publique import rendre_public

CONNUE = Valeur(2025, "renseignee", D(1), "", "definitive", "", None, None, "", True, (), None, "", "")
ETAPE = LigneEtape("Étape", datetime.date(2025, 1, 1), is_faite=False, is_en_retard=False)
RETARD = replace(ETAPE, is_en_retard=True)


@pytest.fixture
def contenu(dijon):
    return collect_bilan(dijon, 2025, now=timezone.localtime())


@pytest.fixture
def fiche(contenu):
    """fiche(atteintes=(60, None), inconnues=1, retards=1, etapes=4, statut="suspendue")."""

    def faire(*, atteintes=(), inconnues=0, retards=0, etapes=0, statut="en cours"):
        modele = contenu.fiches[0]
        ligne = modele.indicateurs[0]
        connus = [
            replace(ligne, valeur=CONNUE, atteinte=None if atteinte is None else D(atteinte))
            for atteinte in atteintes
        ]
        manquants = [replace(ligne, valeur=None, atteinte=None)] * inconnues
        return replace(
            modele,
            statut=statut,
            indicateurs=(*connus, *manquants),
            etapes=(*[RETARD] * retards, *[ETAPE] * (etapes - retards)),
        )

    return faire


@pytest.mark.parametrize(
    ("signes", "temps"),
    [
        ({"atteintes": (24.9,)}, Temps.ORAGE),
        ({"atteintes": (25,)}, Temps.PLUIE),
        ({"atteintes": (49.9,)}, Temps.PLUIE),
        ({"atteintes": (50,)}, Temps.ECLAIRCIES),
        ({"atteintes": (74.9,)}, Temps.ECLAIRCIES),
        ({"atteintes": (75,)}, Temps.SOLEIL),
        ({"atteintes": (-300, 100)}, Temps.ECLAIRCIES),  # bounded: a mean of 50
        ({"atteintes": (400, 0)}, Temps.ECLAIRCIES),
        ({"atteintes": (None,)}, Temps.INCONNU),
        ({"atteintes": (100,), "retards": 3, "etapes": 5}, Temps.ORAGE),
        ({"atteintes": (100,), "retards": 2, "etapes": 4}, Temps.PLUIE),
        ({"atteintes": (100,), "retards": 1, "etapes": 4}, Temps.ECLAIRCIES),
        ({"atteintes": (100,), "retards": 0, "etapes": 4}, Temps.SOLEIL),
        ({"retards": 0, "etapes": 4}, Temps.SOLEIL),
        ({"atteintes": (100,), "inconnues": 1}, Temps.ECLAIRCIES),
        ({"atteintes": (100,), "inconnues": 2}, Temps.INCONNU),
        ({"inconnues": 2, "retards": 4, "etapes": 4}, Temps.INCONNU),
        ({}, Temps.INCONNU),
        ({"atteintes": (100,), "statut": "suspendue"}, Temps.ORAGE),
        ({"inconnues": 3, "statut": "abandonnée"}, Temps.ORAGE),
    ],
)
def test_each_sign_of_the_table(fiche, signes, temps):
    assert meteo([fiche(**signes)]).temps == temps


def test_an_axe_is_judged_on_all_its_fiches(fiche):
    beau, arretee = fiche(atteintes=(100,)), fiche(atteintes=(100,), statut="suspendue")
    assert meteo([beau, beau]).temps == Temps.SOLEIL
    assert meteo([beau, beau, arretee]).temps == Temps.PLUIE
    assert meteo([beau, arretee, arretee]).temps == Temps.ORAGE
    assert meteo([beau, fiche(atteintes=(60,), statut="suspendue")]).temps == Temps.PLUIE


def test_the_reasons_say_what_was_looked_at(fiche):
    dites = meteo(
        [fiche(atteintes=(60.4, None), inconnues=1, retards=1, etapes=2, statut="suspendue")]
    ).raisons
    assert dites == (
        "1 fiche suspendue ou abandonnée",
        "cibles atteintes à 60\u202f% en moyenne (1 indicateur)",
        "1 étape en retard sur 2",
        "2 valeurs sur 3",
    )


def test_every_axe_has_its_sky(contenu):
    assert [synthese.code for synthese, _ in meteos_par_axe(contenu)] == ["PE", "ENF", "JEU", "AVS"]
    assert all(ciel.raisons for _, ciel in meteos_par_axe(contenu))


def test_the_public_has_the_same_sky_and_not_the_mean_that_hides_a_figure(contenu):
    public = rendre_public(contenu, ())
    assert sum(len(fiche.etapes) for fiche in public.fiches) == 0  # what the sky is made of is not there

    attendus = [(ciel.temps, ciel.raisons) for _, ciel in meteos_par_axe(contenu)]
    assert [(ciel.temps, ciel.raisons) for _, ciel in meteos_par_axe(contenu, public)] == attendus

    fiche = next(f for f in public.fiches if any(li.atteinte is not None for li in f.indicateurs))
    cachee = replace(fiche, indicateurs=tuple(replace(li, atteinte=None) for li in fiche.indicateurs))
    sans = replace(public, fiches=tuple(cachee if f.code == fiche.code else f for f in public.fiches))
    [ciel] = [c for s, c in meteos_par_axe(contenu, sans) if s.code == fiche.axe_code]
    assert any(raison.startswith("cibles atteintes à non publié en moyenne") for raison in ciel.raisons)
    assert ciel.temps == next(c.temps for s, c in meteos_par_axe(contenu) if s.code == fiche.axe_code)


def test_the_dashboard_says_it_in_words(client_de, amener):
    amener("publiee")
    for nom in ("cooperation", "copil"):
        page = client_de(nom).get("/dijon-2024/").content.decode()
        assert "Comment se lit la météo" in page
        assert "valeurs sur" in page
