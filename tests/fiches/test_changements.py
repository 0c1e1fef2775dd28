"""The latest changes on the dashboard: what people changed of the fiches, for who reads histories."""

import pytest

from ctg.models import Convention, Utilisateur
from ctg.models.historique import Porte, acte
from fiches.changements import derniers_changements
from fiches.models import FicheProjet

PAGE = "/dijon-2024/"


def changer(code: str, nom: str, porte=Porte.PAGE, **champs) -> None:
    fiche = FicheProjet.objects.get(code=code)
    fiche._history_user = Utilisateur.objects.get(email=f"{nom}@demo.invalid")
    for champ, valeur in champs.items():
        setattr(fiche, champ, valeur)
    with acte(porte):
        fiche.save()


@pytest.fixture
def changements(db):
    return lambda: [
        (c.fiche.code, c.qui, c.rubriques)
        for c in derniers_changements(Convention.objects.get(slug="dijon-2024"), nombre=6)
    ]


def test_rubrics_of_one_day_stand_together_and_the_latest_comes_first(changements):
    qui = str(Utilisateur.objects.get(email="cooperation@demo.invalid"))
    changer("PE-1", "cooperation", constat="Autre constat", publics="Autres publics")
    changer("PE-2", "cooperation", description="Autre description")
    changer("PE-1", "cooperation", constat="Encore un autre")

    assert changements()[:2] == [("PE-1", qui, ("constat", "publics")), ("PE-2", qui, ("description",))]


@pytest.mark.parametrize(
    ("porte", "champs"),
    [
        (Porte.PAGE, {}),  # only its version moves
        (Porte.PAGE, {"notes_internes": "Entre nous"}),
        (Porte.COMMANDE, {"constat": "Chargé"}),
    ],
)
def test_what_says_nothing_or_is_not_everybodys_is_not_there(changements, porte, champs):
    avant = changements()

    changer("PE-1", "cooperation", porte, **champs)

    assert changements() == avant


def test_who_reads_no_history_sees_no_change(client_de):
    changer("PE-1", "cooperation", constat="Autre constat")

    assert "Derniers changements" in client_de("caf").get(PAGE).content.decode()
    assert "Derniers changements" not in client_de("copil").get(PAGE).content.decode()
