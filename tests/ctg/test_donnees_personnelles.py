"""What is held on one person is exported, and no model is forgotten."""

import io
import json
import re

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from ctg import donnees_personnelles
from ctg.donnees_personnelles import champs_declares
from ctg.models import (
    Mandat,
    Personne,
    Utilisateur,
)
from evaluation.models import Mesure
from tests.ctg.depart import EMAIL
from tests.navigation import formulaire

# Export --------------------------------------------------------------------------------------------------


def test_all_that_is_held_on_one_person_is_exported(traces, compte_zoe, tmp_path):
    fichier = tmp_path / "zoe.json"
    call_command("exporter_personne", EMAIL, sortie=fichier, stdout=io.StringIO())

    assert fichier.stat().st_mode & 0o777 == 0o600
    contenu = json.loads(fichier.read_text())
    [personne] = contenu["personnes"]
    assert (personne["prénom"], personne["nom"], personne["convention"]) == (
        "Zoé",
        "Martin",
        str(traces.convention),
    )
    assert contenu["comptes"][0]["adresse électronique"] == EMAIL
    assert contenu["mandats"][0]["rôle"] == "référent de fiche"
    assert contenu["périmètres (fiches)"][0]["fiche"].startswith("PE-1")
    assert contenu["fonctions"][0]["organisme"] == "Ville de Dijon"
    assert contenu["sessions"][0]["ip"] == "192.0.2.7"
    assert contenu["brouillons"][0]["données"] == {"a": ["à moi"]}
    assert contenu["mesures saisies"]
    assert contenu["personnes : historique"][0]["sorte de modification"] == "ajout"
    textes = {(t["où"].partition(" PE-1")[0], t["champ"]) for t in contenu["textes qui nomment la personne"]}
    assert ("fiche projet", "description") in textes
    texte = fichier.read_text()
    assert "clé-secrète" not in texte
    assert compte_zoe.password not in texte
    assert {d.nom for d in donnees_personnelles.donnees()} <= set(contenu)


def test_what_one_wrote_is_exported(client, compte, tmp_path):
    client.force_login(compte("cooperation"))
    url = "/dijon-2024/fiches/PE-1/modifier/"
    client.post(url, formulaire(client.get(url)) | {"constat": "Un constat"})
    call_command(
        "exporter_personne", compte("cooperation").email, sortie=tmp_path / "c.json", stdout=io.StringIO()
    )

    [*_, derniere] = json.loads((tmp_path / "c.json").read_text())["modifications faites"]

    assert derniere["objet"].startswith("fiche projet PE-1")
    assert (derniere["sorte"], derniere["porte"]) == ("modification", "page")


def test_an_export_never_writes_over_a_file(zoe, tmp_path):
    fichier = tmp_path / "zoe.json"
    fichier.write_text("autre chose")
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("exporter_personne", EMAIL, sortie=fichier)
    with pytest.raises(CommandError, match="impossible d’écrire"):
        call_command("exporter_personne", EMAIL, sortie=tmp_path / "nulle-part" / "z.json")
    with pytest.raises(CommandError, match="Personne n’a"):
        call_command("exporter_personne", "x@exemple.fr", sortie=tmp_path / "x.json")

    assert fichier.read_text() == "autre chose"


# No model is forgotten -----------------------------------------------------------------------------------

NOMS_DE_CHAMPS = re.compile(
    r"prenom|first_name|last_name|mail|courriel|telephone|phone|^ip$|adresse_ip|signature"
)


def champs_de_personne(modele) -> set[str]:
    """Columns that point at a person, or look like one's name, address or number."""
    liens = {Utilisateur, Personne, Mandat}
    return {
        f.name
        for f in [*modele._meta.concrete_fields, *modele._meta.many_to_many]
        if (f.is_relation and f.related_model in liens)
        or isinstance(f, (models.EmailField, models.GenericIPAddressField))
        or (NOMS_DE_CHAMPS.search(f.name) and not f.is_relation)
    }


def oublies(modeles) -> set[str]:
    declares = champs_declares()
    return {
        f"{modele._meta.label}.{champ}"
        for modele in modeles
        for champ in champs_de_personne(modele) - declares.get(modele, set())
    }


def test_every_column_of_a_person_is_declared():
    """Declare it in the `vie_privee.py` of its app: how it is exported, and what an anonymisation does of it."""
    assert oublies(apps.get_models(include_auto_created=True)) == set()


def test_a_new_column_would_be_missed(monkeypatch):
    sans_mesures = [d for d in donnees_personnelles.donnees() if d.modele is not Mesure]
    monkeypatch.setattr(donnees_personnelles, "_donnees", sans_mesures)
    vus = apps.get_models(include_auto_created=True)
    assert oublies(vus) == {
        f"evaluation.{modele}.{champ}"
        for modele in ("Mesure", "HistoricalMesure")
        for champ in ("saisie_par", "pour_le_compte_de")
    }

    monkeypatch.setitem(
        donnees_personnelles._sans_personne, Mesure, frozenset({"saisie_par", "pour_le_compte_de"})
    )
    assert oublies(vus) == set()


def test_what_is_declared_exists():
    absents = {
        f"{modele._meta.label}.{champ}"
        for modele, champs in champs_declares().items()
        for champ in champs
        if champ not in {f.name for f in modele._meta.get_fields()}
    }

    assert absents == set()


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="déjà déclarées"):
        donnees_personnelles.register(donnees_personnelles.donnees()[0])
