"""The tables of the watch: what is exported of the demonstration loads back without changing anything."""

import csv

import pytest

from ctg.chargement.export import exporter
from ctg.chargement.services import charger
from ctg.chargement.tableau import ChargementError
from evaluation.models import NoteVeille, Observation, Seuil
from tests.conftest import FIXTURES

pytestmark = pytest.mark.django_db


def lignes(chemin):
    with chemin.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_the_demonstration_gives_back_its_own_tables(dijon):
    ecrits = {
        ecrit.tableau.nom: ecrit for ecrit in exporter(dijon) if ecrit.tableau.nom.startswith("veille_")
    }

    assert set(ecrits) == {
        f"veille_{nom}" for nom in ("territoires", "noms", "series", "observations", "seuils", "notes")
    }
    for nom, ecrit in ecrits.items():
        titres, *attendues = lignes(FIXTURES / "demo" / f"{nom}.csv")
        rangs = [list(ecrit.tableau.colonnes).index(titre) for titre in titres]
        rendues = {tuple(ligne[rang] for rang in rangs) for ligne in ecrit.lignes}
        assert rendues == {tuple(sans_zeros(cellule) for cellule in ligne) for ligne in attendues}, nom


def sans_zeros(cellule):
    return cellule.removesuffix(",0")


def test_loading_the_demonstration_again_changes_nothing(dijon, tmp_path):
    for chemin in [FIXTURES / "demo" / "convention.csv", *(FIXTURES / "demo").glob("veille_*.csv")]:
        (tmp_path / chemin.name).write_bytes(chemin.read_bytes())

    resultat = charger(tmp_path)

    assert (resultat.nb_crees, resultat.nb_modifies, resultat.conflits) == (0, 0, [])
    assert (Observation.objects.count(), Seuil.objects.count(), NoteVeille.objects.count()) == (253, 1, 3)


@pytest.mark.parametrize(
    ("tableau", "ligne", "dit"),
    [
        (
            "veille_observations",
            "enfants-moins-3,2024,quartiers/Ailleurs,diffusee,1",
            "comme quartiers/Grésilles",
        ),
        ("veille_observations", "enfants-moins-3,hier,ville,diffusee,1", "une année, comme 2024"),
        ("veille_observations", "enfants-moins-3,2023-2024,ville,diffusee,1", "comme 2024"),
        ("veille_observations", "enfants-moins-3,2019,ville,diffusee,", "Une valeur diffusée est un nombre"),
        ("veille_observations", "pas-la,2024,ville,diffusee,1", "aucun enregistrement"),
    ],
)
def test_a_bad_row_is_refused(dijon, tmp_path, tableau, ligne, dit):
    (tmp_path / "convention.csv").write_bytes((FIXTURES / "demo" / "convention.csv").read_bytes())
    (tmp_path / f"{tableau}.csv").write_text(
        f"serie,periode,territoire,situation,valeur\n{ligne}\n", encoding="utf-8"
    )

    with pytest.raises(ChargementError, match=dit):
        charger(tmp_path)
