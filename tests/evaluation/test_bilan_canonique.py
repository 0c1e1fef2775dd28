"""The canonical content: exact round trip, its schema, the same bytes for the same triple, in whatever process."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from decimal import Decimal as D

import pytest
from django.conf import settings
from django.utils import timezone

from ctg.models import Personne
from evaluation import canonique
from evaluation.acte import Acte
from evaluation.bilan import Contenu
from evaluation.documents import FORMATS
from evaluation.ecriture import ecrire_valeur
from evaluation.edition import Edition
from evaluation.enums import StatutBilan as B
from evaluation.models import (
    Effet,
    Indicateur,
    Mesure,
    ModaliteIndicateur,
    Saisie,
    ValeurVentilee,
)
from evaluation.reports import collect_bilan
from evaluation.schema import schema
from evaluation.transitions import appliquer_saisie
from evaluation.verification import bilans as fautes

pytestmark = pytest.mark.django_db


@pytest.fixture
def riche(dijon, compte):
    """A content in which every kind of thing is said."""
    mesure = Mesure.objects.get(indicateur__code="PE-1-01", annee=2025)
    Indicateur.objects.filter(pk=mesure.indicateur_id).update(ventilation="age")
    for ordre, (libelle, valeur) in enumerate((("0–2 ans", 3), ("3–5 ans", 1380)), start=1):
        part = ModaliteIndicateur.objects.create(
            indicateur_id=mesure.indicateur_id, ordre=ordre, libelle=libelle
        )
        ValeurVentilee.objects.create(mesure=mesure, modalite=part, valeur=valeur)
    mesure.saisie_par = compte("cooperation")
    mesure.pour_le_compte_de = Personne.objects.get(utilisateur=compte("referent"))
    mesure.save()
    commun = {"convention": dijon, "annee": 2025, "sens": "positif", "is_attendu": False, "origine": "direct"}
    Effet.objects.create(
        fiche=mesure.indicateur.fiche, constat="Des pères viennent", preuve="Registre", **commun
    )
    Effet.objects.create(constat="Les services se parlent", **commun)
    return collect_bilan(dijon, 2025, now=timezone.localtime())


def indicateur(contenu, code):
    return next(i for f in contenu.fiches for i in f.indicateurs if i.code == code)


def test_what_a_year_says_beyond_its_figures(riche):
    pe1 = next(f for f in riche.fiches if f.code == "PE-1")
    valeur = indicateur(riche, "PE-1-01").valeur

    assert [(p.libelle, p.valeur) for p in valeur.parts] == [("0–2 ans", D(3)), ("3–5 ans", D(1380))]
    assert valeur.ecart_parts == D(2)
    assert (valeur.saisi_par, valeur.pour_le_compte_de) == ("Compte cooperation", "Compte referent")
    assert [e.constat for e in pe1.effets] == ["Des pères viennent"]
    assert [e.constat for e in riche.effets] == ["Les services se parlent"]


def test_an_entry_that_is_not_validated_says_so_and_is_counted_apart(dijon, compte):
    saisie = Saisie.objects.get(campagne__annee=2025, fiche__code="PE-1")
    saisie.statut, saisie.soumise_par, saisie.date_soumission = "soumise", compte("referent"), timezone.now()
    saisie.save()
    avant = collect_bilan(dijon, 2025, now=timezone.localtime())
    appliquer_saisie("valider", saisie.pk, user=compte("cooperation"), now=timezone.now())

    apres = collect_bilan(dijon, 2025, now=timezone.localtime())

    etats = [next(f for f in c.fiches if f.code == "PE-1").saisie for c in (avant, apres)]
    assert etats == ["soumise", "validée"]
    assert (
        avant.completude.nb_renseignees == apres.completude.nb_renseignees == avant.completude.nb_non_validees
    )
    assert apres.completude.nb_non_validees < avant.completude.nb_non_validees
    assert ("PE-1", "soumise") in avant.non_validees
    for contenu, attendu in ((avant, "familles (non validée)"), (apres, "familles")):
        ligne = indicateur(contenu, "PE-1-01")
        assert ecrire_valeur(ligne.valeur, ligne).endswith(attendu)


def test_round_trip_is_exact(riche):
    texte = canonique.ecrire(riche)

    assert canonique.lire(Contenu, texte) == riche
    assert canonique.ecrire(canonique.lire(Contenu, texte)) == texte
    assert re.search(r'": |, "|\.0"', texte.split('"rubriques"')[0]) is None
    assert list(json.loads(texte)) == sorted(json.loads(texte))


@pytest.mark.parametrize(
    ("avant", "apres"),
    [("1310.0000", "1310"), ("0.50", "0.5"), ("-0", "0"), ("1E+3", "1000"), ("12.3400", "12.34")],
)
def test_one_number_has_one_form(avant, apres):
    assert canonique.donnees(D(avant)) == apres


@pytest.mark.parametrize("texte", ["{}", "[]", '{"schema":1}', "null"])
def test_something_else_is_not_read(texte):
    with pytest.raises((ValueError, TypeError, KeyError)):
        canonique.lire(Contenu, texte)


def test_the_schema_is_the_code_s():
    ecrit = (settings.BASE_DIR / "docs" / "bilan.schema.json").read_text(encoding="utf-8")

    assert ecrit == schema(), "manage.py ecrire_schema"


def valider(valeur, forme, racine):  # noqa: PLR0911 -- a case each
    """The part of JSON Schema that ours uses."""
    if "$ref" in forme:
        return valider(valeur, racine["$defs"][forme["$ref"].rpartition("/")[2]], racine)
    if "anyOf" in forme:
        return any(valider(valeur, choix, racine) for choix in forme["anyOf"])
    sorte = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    if type(valeur) is not sorte[forme["type"]]:
        return False
    if forme["type"] == "object":
        return set(valeur) == set(forme["required"]) and all(
            valider(valeur[nom], champ, racine) for nom, champ in forme["properties"].items()
        )
    if forme["type"] == "array" and "prefixItems" in forme:
        return len(valeur) == forme["minItems"] and all(
            valider(v, f, racine) for v, f in zip(valeur, forme["prefixItems"], strict=True)
        )
    if forme["type"] == "array":
        return all(valider(v, forme["items"], racine) for v in valeur)
    return "pattern" not in forme or re.search(forme["pattern"], valeur) is not None


def test_a_frozen_bilan_and_its_acte_are_of_the_schema(amener):
    racine, bilan = json.loads(schema()), amener(B.PUBLIEE)
    contenu = json.loads(bilan.contenu)

    assert contenu["schema"] == racine["version"] == bilan.schema
    assert valider(contenu, racine, racine)
    assert valider(json.loads(bilan.acte.contenu), racine["$defs"]["Acte"], racine)
    assert not valider(contenu | {"annee": "2025"}, racine, racine)
    assert not valider({k: v for k, v in contenu.items() if k != "fiches"}, racine, racine)
    assert canonique.lire(Acte, bilan.acte.contenu).empreinte == bilan.empreinte
    assert list(fautes()) == []


RENDRE = """
import hashlib, sys, django
django.setup()
from evaluation import canonique
from evaluation.bilan import Contenu
from evaluation.documents import FORMATS
from evaluation.ecriture import ecrire_valeur
from evaluation.edition import Edition
contenu = canonique.lire(Contenu, open(sys.argv[1], encoding="utf-8").read())
for sortie in ("complet", "public"):
    edition = Edition(contenu, sortie=sortie, etat="avalisee", version=1, empreinte="ab" * 32)
    for extension, document in FORMATS.items():
        print(sortie, extension, hashlib.sha256(document.render(edition)).hexdigest())
"""


def test_the_same_triple_gives_the_same_bytes_in_two_processes(riche, tmp_path):
    petit = dataclasses.replace(riche, fiches=riche.fiches[:2])
    fichier = tmp_path / "contenu.json"
    fichier.write_text(canonique.ecrire(petit), encoding="utf-8")
    sorties = []
    for graine, zone in (("1", "Europe/Paris"), ("2", "Pacific/Auckland")):
        env = {**os.environ, "PYTHONHASHSEED": graine, "TZ": zone, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        lancement = [sys.executable, "-c", RENDRE, str(fichier)]
        sorties.append(
            subprocess.run(
                lancement, env=env, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
            ).stdout
        )

    assert sorties[0] == sorties[1]
    assert len(sorties[0].splitlines()) == 6


def test_the_same_triple_gives_the_same_bytes_twice(riche):
    edition = Edition(riche, etat="figee", version=1, empreinte="ab" * 32)

    for extension in ("xlsx", "json"):
        assert FORMATS[extension].render(edition) == FORMATS[extension].render(edition)
