"""Dijon's text: the counts, the named traps, and every line of annexes 2 and 2 bis."""

import os
import re
from pathlib import Path

import pytest

from ctg.models import Decoupage, Demarche, Document, Organisme, Quartier, ThematiqueDemarche
from ctg.recherche import normalise
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from gouvernance.models import Enonce, InstanceGouvernance, PosteCooperation
from structures.models import Agrement, Inscription, Structure

pytestmark = pytest.mark.django_db


def test_counts():
    assert Inscription.objects.filter(annexe="2").count() == 44
    assert Inscription.objects.filter(annexe="2 bis").count() == 14
    assert PosteCooperation.objects.count() == 3
    assert Document.objects.filter(nature="reference").count() == 10
    assert Document.objects.filter(nature="deliberation").count() == 1
    assert Demarche.objects.count() == 5
    assert Quartier.objects.count() == 9
    assert Axe.objects.filter(rang=1).count() == 4
    assert Axe.objects.filter(rang=2).count() == 19
    assert FicheProjet.objects.count() == 15
    assert ObjectifOperationnel.objects.filter(nature="objectif").count() == 46
    assert ObjectifOperationnel.objects.exclude(nature="objectif").count() == 9


@pytest.mark.parametrize(
    ("rubrique", "types"),
    [
        ("COMMUNE DIJON gestionnaire", {"eaje": 14, "rpe": 5, "alsh": 3}),
        ("Autres Gestionnaires", {"eaje": 14, "alsh": 4, "alsh-adolescents": 2, "ludotheque": 2}),
        ("COMMUNE DE DIJON", {"ccas": 1, "centre-social": 9, "mediatheques": 1}),
        ("AUTRE GESTIONNAIRE", {"laep": 1, "eaje": 2}),
    ],
)
def test_structures_by_heading(rubrique, types):
    lignes = Inscription.objects.filter(rubrique=rubrique).values_list(
        "structure__type_structure__code", flat=True
    )

    assert {code: list(lignes).count(code) for code in set(lignes)} == types


@pytest.mark.parametrize(
    ("code", "nb"),
    [
        ("PE.1", 1),
        ("PE.2", 4),
        ("PE.3", 4),
        ("PE.4", 3),
        ("PE.5", 6),
        ("ENF.1", 5),
        ("ENF.2", 6),
        ("ENF.3", 3),
    ]
    + [("ENF.4", 3), ("ENF.5", 4), ("JEU.1", 2), ("JEU.2", 3), ("JEU.3", 2), ("AVS.1", 0), ("AVS.6", 0)],
)
def test_objectives_by_axe(code, nb):
    assert ObjectifOperationnel.objects.filter(axe__code=code, nature="objectif").count() == nb


def test_sub_items():
    par_axe = ObjectifOperationnel.objects.exclude(nature="objectif").values_list("axe__code", "nature")

    assert sorted(par_axe) == [
        ("JEU.2", "declinaison"),
        *[("PE.1", "consideration")] * 4,
        *[("PE.4", "declinaison")] * 4,
    ]


def test_coordination_and_governance():
    services = Axe.objects.filter(rang=1).order_by("ordre").values_list("service__nom", flat=True)
    copil = InstanceGouvernance.objects.get(slug="copil")

    assert list(services) == [
        "Direction de la petite enfance",
        "Direction de l’enfance et de l’éducation",
        "Cellule jeunesse",
        "Service démocratie locale",
    ]
    assert {n: Enonce.objects.filter(nature=n).count() for n in ("objectif_lie", "principe", "action")} == {
        "objectif_lie": 7,
        "principe": 4,
        "action": 3,
    }
    assert copil.missions.count() == 5
    assert copil.frequence_min == InstanceGouvernance.objects.get(slug="comite-de-suivi").frequence_min == 1
    assert copil.membres.filter(qualite="copresident").count() == 3
    assert sorted(copil.membres.exclude(label=None).values_list("label__nom", flat=True)) == [
        "CTG",
        "CTG",
        "Cité éducative",
        "Cité éducative",
    ]
    assert not copil.membres.filter(organisme__nom="Éducation nationale").exists()


def test_thematics_of_the_departmental_scheme():
    assert list(ThematiqueDemarche.objects.order_by("ordre").values_list("nb_actions", flat=True)) == [
        17,
        15,
        11,
    ]


def test_announced_numbers_stand_beside_the_lists():
    assert Axe.objects.get(code="PE").nb_axes_annonce == 4
    assert Axe.objects.filter(parent__code="PE").count() == 5
    assert {d.code: d.nb_secteurs_annonce for d in Decoupage.objects.all()} == {
        "quartiers": 9,
        "secteurs-dee": 4,
        "secteurs-pe": 5,
    }


def test_only_the_given_dates_are_known(dijon):
    assert (dijon.date_deliberation.isoformat(), dijon.precision_deliberation) == ("2024-09-23", "jour")
    assert (dijon.date_debut.year, dijon.precision_debut) == (2024, "annee")
    assert (dijon.date_fin.year, dijon.precision_fin) == (2027, "annee")
    assert dijon.date_signature is dijon.date_mi_parcours is None


def test_named_traps():
    pouponnieres = Structure.objects.filter(nom__icontains="pouponnière")
    assert set(pouponnieres.values_list("code_postal", "commune", "sous_type")) == {
        ("21240", "Talant", "petite-creche"),
        ("21240", "Talant", "grande-creche"),
    }
    assert not Structure.objects.filter(inscriptions__annexe="2 bis", gestionnaire__isnull=False).exists()
    assert not Structure.objects.filter(
        type_structure__code="ludotheque", gestionnaire__isnull=False
    ).exists()
    assert Structure.objects.filter(type_structure__code="alsh", adresse="").count() == 4
    assert Structure.objects.get(type_structure__code="ccas").a_verifier
    assert Structure.objects.filter(nom="Micro- crèche la Colombière").exists()
    assert {
        n: Agrement.objects.filter(nature=n).count()
        for n in ("centre-social", "projet-familles", "projet-jeunesse")
    } == {
        "centre-social": 9,
        "projet-familles": 9,
        "projet-jeunesse": 6,
    }
    fiche = FicheProjet.objects.get(code="AVS-1")
    assert (fiche.intitule, fiche.titre) == ("", "Fiche n°\u00a01 — intitulé à compléter")
    assert sorted(fiche.axes.values_list("code", flat=True)) == [f"AVS.{n}" for n in range(1, 6)]
    assert Axe.objects.get(code="AVS.6").mention.startswith("déduit de")
    assert "proposé, non fusionné" in Organisme.objects.get(nom="MEP BOURROCHES VALENDONS").a_verifier
    assert Document.objects.filter(a_verifier__contains="W1J3R6").count() == 2


def test_every_record_has_its_source():
    for modele in (
        Structure,
        Inscription,
        Axe,
        ObjectifOperationnel,
        Document,
        Demarche,
        Enonce,
        PosteCooperation,
    ):
        assert not modele.objects.filter(source="").exists(), modele


# Lines of annexes 2 and 2 bis that are headings, or the continuation of a link kept whole elsewhere.
TITRES = {
    "ANNEXE 2 – Liste des équipements et services soutenus par la collectivité",
    "locale",
    "COMMUNE DIJON gestionnaire",
    "TYPE DE STRUCTURE NOM ET ADRESSE DE LA STRUCTURE",
    "EAJE",
    "RPE",
    "ALSH",
    "ADOLESCENTS",
    "LUDOTHEQUE",
    "Autres Gestionnaires",
    "ANNEXE 2 bis – Liste des Équipements et services soutenus par la",
    "collectivité locale non éligibles au bonus territoire",
    "COMMUNE DE DIJON",
    "AUTRE GESTIONNAIRE",
    "Type de Structure Adresse de la Structure",
    "Centre social et projet familles et",
    "Centre social et projet familles",
    "jeunesse",
    "Pilotage du projet de territoire",
    "Cartographie des structures petite enfance de la Ville de Dijon :",
    "Cartographie interactive des équipements de la Ville de Dijon :",
}


def _compact(texte):
    return normalise(texte).replace(" ", "")


@pytest.mark.skipif(not os.environ.get("ANNEXES_TEXTE"), reason="ANNEXES_TEXTE names no file")
def test_every_line_of_annexes_2_and_2_bis_is_accounted_for(dijon):
    texte = Path(os.environ["ANNEXES_TEXTE"]).read_text(encoding="utf-8")
    extrait = texte[texte.index("ANNEXE 2 –") : texte.index("ANNEXE 3 –")]
    connus = [
        f"{i.designation} {i.nom} {i.adresse} {i.gestionnaire} {i.structure.adresse} {i.structure.adresse_complete}"
        for i in dijon.inscriptions.select_related("structure")
    ]
    # A line of the table may hold the name and the address together.
    connus += [f"{i.nom} {i.adresse}" for i in dijon.inscriptions.all()]
    connus += [poste.intitule for poste in dijon.postes.all()]
    connus += [t.texte for t in dijon.textes.filter(annexe="2 bis")]
    base = [_compact(re.sub(r"\s", "", connu)) for connu in connus]
    titres = {_compact(titre) for titre in TITRES}

    perdues = [
        ligne.strip()
        for ligne in extrait.splitlines()
        if (cle := _compact(ligne)) and cle not in titres and not any(cle in connu for connu in base)
    ]

    assert perdues == []


@pytest.mark.skipif(not os.environ.get("ANNEXES_TEXTE"), reason="ANNEXES_TEXTE names no file")
def test_each_name_address_and_manager_as_signed_stands_in_the_text(dijon):
    texte = _compact(Path(os.environ["ANNEXES_TEXTE"]).read_text(encoding="utf-8"))

    for inscription in dijon.inscriptions.all():
        for valeur in (
            inscription.nom,
            inscription.adresse,
            inscription.gestionnaire,
            inscription.designation,
        ):
            assert _compact(valeur) in texte, valeur
