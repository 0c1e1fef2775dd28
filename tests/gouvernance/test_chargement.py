"""What minutes hold is not loaded over: the command says which meeting, what to do, and changes nothing."""

import csv

import pytest
from django.core.management import CommandError, call_command

from gouvernance.models import Decision, Reunion
from tests.conftest import FIXTURES

REUNION, DECISION = "2025-01", "2025-01-D02"


@pytest.fixture
def source(tmp_path):
    """source(reunions={…}) is the demonstration's tables with other cells for one meeting, or one decision."""

    def ecrire(**changes):
        dossier = tmp_path / "tables"
        dossier.mkdir(exist_ok=True)
        for table in ("convention", "reunions", "decisions"):
            origine = next(
                p for p in (FIXTURES / "demo", FIXTURES / "dijon") if (p / f"{table}.csv").exists()
            )
            with (origine / f"{table}.csv").open(encoding="utf-8-sig", newline="") as flux:
                lignes = list(csv.DictReader(flux))
            for ligne in lignes:
                if ligne.get("numero") in {REUNION, DECISION}:
                    ligne.update(changes.get(table, {}))
            if table == "decisions" and "ajout" in changes:
                lignes.append(dict.fromkeys(lignes[0], "") | changes["ajout"])
            with (dossier / f"{table}.csv").open("w", encoding="utf-8", newline="") as flux:
                plume = csv.DictWriter(flux, lignes[0])
                plume.writeheader()
                plume.writerows(lignes)
        return dossier

    return ecrire


@pytest.fixture
def reunion(dijon, mener):
    return mener(Reunion.objects.get(convention=dijon, annee=2025, rang=1), "diffuse")


@pytest.mark.parametrize("forcer", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {"reunions": {"lieu": "Ailleurs"}},
        {"reunions": {"compte_rendu": "Autrement dit"}},
        {"decisions": {"texte": "Autre chose"}},
        {"decisions": {"echeance": "2027-01-01"}},
        {"ajout": {"numero": "2025-01-D09", "texte": "Encore", "etat": "a_faire"}},
    ],
)
def test_distributed_minutes_are_not_loaded_over(reunion, source, changes, forcer):
    avant = list(Decision.objects.order_by("pk").values())

    with pytest.raises(CommandError) as refus:
        call_command("charger_convention", source(**changes), forcer=forcer)

    message = str(refus.value)
    assert "réunion 2025-01. Le compte rendu est diffusé" in message
    assert "retirez-en cette ligne" in message
    assert "Rien n’a été chargé. 1 faute(s)" in message
    assert list(Decision.objects.order_by("pk").values()) == avant
    assert Reunion.objects.filter(
        pk=reunion.pk, lieu=reunion.lieu, compte_rendu=reunion.compte_rendu
    ).exists()


def test_what_the_minutes_do_not_hold_is_loaded(reunion, source):
    call_command(
        "charger_convention", source(decisions={"etat": "en_cours"}, reunions={"source": "Registre papier"})
    )

    assert Decision.objects.get(reunion=reunion, rang=2).etat == "en_cours"
    assert Reunion.objects.get(pk=reunion.pk).source == "Registre papier"


def test_a_draft_is_loaded_over(source, dijon):
    call_command("charger_convention", source(reunions={"lieu": "Ailleurs"}))

    assert Reunion.objects.get(convention=dijon, annee=2025, rang=1).lieu == "Ailleurs"
