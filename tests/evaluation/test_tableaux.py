"""Tables of indicators: parts, who enters them, and the lock of what was submitted."""

import shutil

import pytest

from ctg.chargement.services import charger
from ctg.chargement.tableau import ChargementError
from ctg.models import Personne
from evaluation.models import Cible, Mesure, ValeurVentilee
from tests.conftest import FIXTURES
from tests.evaluation.indicateurs import i


@pytest.fixture
def dossier(tmp_path):
    """A copy of Dijon's convention and of the demonstration's indicators; remplace(table, before, after) edits it."""
    copie = tmp_path / "source"
    copie.mkdir()
    for nom in ("convention", "indicateurs", "cibles", "modalites", "mesures", "parts"):
        shutil.copy(FIXTURES / "demo" / f"{nom}.csv", copie)

    def remplace(table, avant, apres):
        path = copie / f"{table}.csv"
        lu = path.read_text(encoding="utf-8")
        assert avant in lu
        path.write_text(lu.replace(avant, apres, 1), encoding="utf-8")

    return copie, remplace


def test_the_demonstration_has_parts_that_are_missing_and_that_do_not_reconcile(dijon):
    sommes = {}
    for part in ValeurVentilee.objects.select_related("mesure__indicateur"):
        cle = (part.mesure.indicateur.code, part.mesure.annee)
        sommes.setdefault(cle, []).append(part.valeur)

    attendues = {
        ("PE-2-02", 2024): (4, 41),
        ("PE-2-02", 2025): (3, 42),
        ("ENF-1-02", 2024): (9, 6240),
        ("ENF-1-02", 2025): (7, 4881),
        ("JEU-1-01", 2024): (2, 2010),
        ("JEU-1-01", 2025): (2, 2185),
    }
    assert {cle: (len(valeurs), sum(valeurs)) for cle, valeurs in sommes.items()} == attendues
    assert Mesure.objects.get(indicateur__code="JEU-1-01", annee=2025).valeur == 2188
    assert {m.quartier is not None for m in i("ENF-1-02").modalites.all()} == {True}
    assert {m.structure is not None for m in i("PE-2-02").modalites.all()} == {True}


def test_the_lock_holds_for_a_load_and_gives_way_when_forced(dossier, soumise):
    copie, remplace = dossier
    remplace("cibles", "PE-1-01,2025,1400", "PE-1-01,2025,1450")

    with pytest.raises(ChargementError, match=r"Verrouillé depuis le .* écrivez le motif"):
        charger(copie)
    assert Cible.objects.get(indicateur__code="PE-1-01", annee=2025).valeur == 1400

    charger(copie, forcer=True)
    cible = Cible.objects.get(indicateur__code="PE-1-01", annee=2025)
    assert cible.valeur == 1450
    assert cible.historique.first().history_change_reason.startswith("Chargement forcé (cibles.csv, ligne")


@pytest.mark.parametrize("cellule", ["zoe@demo.invalid", "zoé martin"])
def test_who_enters_is_named_by_address_or_by_name(dossier, dijon, cellule):
    copie, remplace = dossier
    zoe = Personne.objects.create(convention=dijon, prenom="Zoé", nom="Martin", email="zoe@demo.invalid")
    remplace("indicateurs", "producteur,", "producteur,responsable,")
    lignes = (copie / "indicateurs.csv").read_text(encoding="utf-8").splitlines()
    remplies = [
        ligne.replace("Direction de la petite enfance,", "Direction de la petite enfance,,")
        for ligne in lignes
    ]
    texte = "\n".join([remplies[0], remplies[1].replace("enfance,,", f"enfance,{cellule},")])
    (copie / "indicateurs.csv").write_text(texte + "\n", encoding="utf-8")

    charger(copie)

    assert i("PE-1-01").responsable == zoe


@pytest.mark.parametrize(
    ("table", "avant", "apres", "remede"),
    [
        ("parts", "PE-2-02/2024", "PE-2-02/an 1", "comme PE-1-01/2024"),
        ("parts", "PE-2-02/Multi-accueil Balzac", "PE-2-02/Rien", "comme PE-1-01/Femmes"),
        ("modalites", "PE-2-02", "PE-2-99", "aucun indicateur ne porte ce code"),
        ("indicateurs", ",structure,somme,", ",rien,somme,", "écrivez l’un de : aucune"),
    ],
)
def test_a_cell_that_names_nothing_is_refused_with_its_remedy(db, dossier, table, avant, apres, remede):
    copie, remplace = dossier
    remplace(table, avant, apres)

    with pytest.raises(ChargementError, match=remede):
        charger(copie)
