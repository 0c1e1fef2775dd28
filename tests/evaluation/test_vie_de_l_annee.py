"""What a bilan says beyond the figures of its year: meetings, what became of decisions, who came and who left."""

import datetime
import io
from dataclasses import replace
from decimal import Decimal as D

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from openpyxl import load_workbook

from ctg.models import Avenant
from evaluation.bilan import Mouvement
from evaluation.changements import collect_changements
from evaluation.documents import contexte
from evaluation.edition import Edition
from evaluation.enums import Sortie
from evaluation.models import DecisionFiche
from evaluation.reports import collect_bilan
from evaluation.tableau_xlsx import render_tableau_xlsx
from fiches.models import FicheProjet
from fiches.succession import succeder
from gouvernance.models import Decision, Reunion, SuiteDecision
from gouvernance.services import enregistrer_decision, enregistrer_reunion
from structures.models import Inscription

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def decider(dijon):
    """decider("2024-05-06", "Texte", etat="faite") is a decision of a new meeting of the COPIL."""
    Decision.objects.filter(remplace__isnull=False).delete()
    Decision.objects.all().delete()
    Reunion.objects.all().delete()
    copil = dijon.instances_gouvernance.get(slug="copil")

    def ajouter(date, texte="Ouvrir une crèche", **champs):
        jour = datetime.date.fromisoformat(date)
        reunion = Reunion(convention=dijon, instance_gouvernance=copil, date=jour, intitule="Point d’étape")
        return enregistrer_decision(Decision(reunion=enregistrer_reunion(reunion), texte=texte, **champs))

    return ajouter


def bilan(dijon, annee=2025):
    return collect_bilan(dijon, annee, now=timezone.localtime(NOW))


def test_the_meetings_of_the_year_in_their_order(dijon, decider):
    for date in ("2025-11-03", "2025-02-04", "2024-12-31", "2026-01-01"):
        decider(date)

    assert [(r.date.isoformat(), r.intitule, r.nb_decisions) for r in bilan(dijon).reunions] == [
        ("2025-02-04", "Point d’étape", 1),
        ("2025-11-03", "Point d’étape", 1),
    ]


@pytest.mark.parametrize(
    ("date", "etat", "est_dite"),
    [
        ("2025-12-31", "faite", True),
        ("2024-01-01", "faite", True),
        ("2023-12-31", "faite", False),
        ("2023-12-31", "abandonnee", False),
        ("2023-12-31", "en_cours", True),
        ("2026-01-01", "a_faire", False),
    ],
)
def test_which_decisions_are_followed(dijon, decider, date, etat, est_dite):
    decider(date, etat=etat)

    assert len(bilan(dijon).suites) == est_dite


def test_what_is_said_of_a_decision(dijon, decider):
    decision = decider(
        "2025-02-04", "Ouvrir **deux** crèches", etat="en_cours", echeance=datetime.date(2026, 3, 1)
    )
    for code in ("PE-2", "PE-1"):
        DecisionFiche.objects.create(decision=decision, fiche=FicheProjet.objects.get(code=code), annee=2025)
    [suite] = bilan(dijon).suites

    assert (suite.numero, suite.etat, suite.is_en_retard, suite.fiches) == (
        decision.numero,
        "en cours",
        True,
        ("PE-1", "PE-2"),
    )


def test_a_decision_that_another_replaces_says_which(dijon, decider):
    ancienne = decider("2025-02-04", echeance=datetime.date(2025, 3, 1))
    nouvelle = decider("2025-06-04", remplace=ancienne)

    suites = {suite.numero: suite for suite in bilan(dijon).suites}
    assert suites[ancienne.numero].etat == f"remplacée par {nouvelle.numero}"
    assert not suites[ancienne.numero].is_en_retard


def test_a_decision_to_come_replaces_nothing_yet(dijon, decider):
    ancienne = decider("2025-11-03", etat="en_cours")
    decider("2026-03-26", remplace=ancienne)  # the document is of 2 March

    [suite] = [s for s in bilan(dijon).suites if s.numero == ancienne.numero]
    assert suite.etat == "en cours"


def test_the_last_word_on_a_decision_is_printed(dijon, decider, compte):
    decision = decider("2025-11-03")
    for texte in ("Commencé", "Le règlement est *adopté*"):
        SuiteDecision.objects.create(decision=decision, texte=texte, auteur=compte("cooperation"))

    contenu = bilan(dijon)

    assert [(note.numero, note.texte) for note in contenu.notes] == [
        (decision.numero, "Le règlement est *adopté*")
    ]
    html = render_to_string("evaluation/bilan_pdf.html", contexte(Edition(contenu)))
    assert "Le règlement est adopté (" in html
    assert "Commencé" not in html
    public = Edition(contenu, sortie=Sortie.PUBLIC)
    assert "Le règlement" not in render_to_string("evaluation/bilan_pdf.html", contexte(public))


def test_fiches_that_came_were_changed_or_left(dijon):
    pe1 = FicheProjet.objects.get(code="PE-1")
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2025, 7, 1))
    succeder(pe1.pk, avenant, {"intitule": "Autre intitulé"})
    FicheProjet.objects.filter(code="PE-2").update(
        date_fin=datetime.date(2025, 9, 1)
    )  # no history: the test's own
    FicheProjet.objects.filter(code="PE-3").update(
        date_effet=datetime.date(2025, 3, 1)
    )  # no history: the test's own
    titre = {f.code: f.titre for f in FicheProjet.objects.filter(code__in=["PE-2", "PE-3"])}

    assert [m for m in bilan(dijon).mouvements if m.quoi == "fiche"] == [
        Mouvement("fiche", "entrée", "PE-3", titre["PE-3"]),
        Mouvement("fiche", "changée par avenant", "PE-1", "Autre intitulé"),
        Mouvement("fiche", "sortie", "PE-2", titre["PE-2"]),
    ]
    assert bilan(dijon, 2024).mouvements == ()  # the first year of the convention


def test_structures_that_came_or_left(dijon):
    partie, venue = Inscription.objects.order_by("annexe", "ordre")[:2]
    Inscription.objects.filter(pk=partie.pk).update(
        date_fin=datetime.date(2025, 12, 31)
    )  # no history: the test's own
    Inscription.objects.filter(pk=venue.pk).update(
        date_effet=datetime.date(2025, 1, 1)
    )  # no history: the test's own

    assert bilan(dijon).mouvements == (
        Mouvement("structure", "entrée", f"annexe {venue.annexe}", venue.nom),
        Mouvement("structure", "sortie", f"annexe {partie.annexe}", partie.nom),
    )


@pytest.mark.parametrize(
    ("sens", "avant", "apres", "attendu"),
    [
        ("à la hausse", 10, 12, "progres"),
        ("à la hausse", 12, 10, "recul"),
        ("à la baisse", 12, 10, "progres"),
        ("à la baisse", 10, 12, "recul"),
        ("à la hausse", 10, 10, "stable"),
        ("à la hausse", None, 10, "incomparable"),
        ("à la hausse", 10, None, "incomparable"),
        ("sans sens souhaité", 10, 12, "rien"),
        ("dans une fourchette", 10, 12, "rien"),
    ],
)
def test_how_an_indicator_went(dijon, sens, avant, apres, attendu):
    contenu = bilan(dijon)
    fiche = contenu.fiches[0]
    ligne = fiche.indicateurs[0]

    def valeur(nombre):
        return replace(ligne.valeur, nombre=None if nombre is None else D(nombre))

    ligne = replace(ligne, sens=sens, precedente=valeur(avant), valeur=valeur(apres))
    lus = collect_changements(replace(contenu, fiches=(replace(fiche, indicateurs=(ligne,)),)))

    assert {
        "progres": lus.nb_progres,
        "stable": lus.nb_stables,
        "incomparable": lus.nb_incomparables,
        "recul": len(lus.reculs),
    } == {"progres": 0, "stable": 0, "incomparable": 0, "recul": 0} | (
        {} if attendu == "rien" else {attendu: 1}
    )


def test_the_report_and_the_table_say_them(dijon, decider):
    decision = decider("2025-02-04", "Ouvrir **deux** crèches")
    edition = Edition(bilan(dijon))
    html = render_to_string("evaluation/bilan_pdf.html", contexte(edition))
    feuille = load_workbook(io.BytesIO(render_tableau_xlsx(edition)))["Décisions"]

    for mots in ("Réunions de 2025", "Ce qui a changé depuis 2024", "Ouvrir <strong>deux</strong> crèches"):
        assert mots in html
    assert [cell.value for cell in feuille[5]][:4] == [
        decision.numero,
        datetime.datetime(2025, 2, 4),  # noqa: DTZ001 -- a cell has no zone
        "Comité de pilotage",
        "Ouvrir deux crèches",
    ]


def test_free_words_of_the_committees_are_not_public(dijon, decider):
    decider("2025-02-04", "Le dossier de Mme Martin")
    html = render_to_string("evaluation/bilan_pdf.html", contexte(Edition(bilan(dijon), Sortie.PUBLIC)))

    assert "Réunions de 2025" in html
    assert "Mme Martin" not in html
    assert "Point d’étape" not in html
