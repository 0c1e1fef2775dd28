"""The demonstration's story is made by the transitions, once."""

import datetime

from django.core.management import call_command
from django.utils import timezone

from ctg.models import DONNEES_DEMONSTRATION
from evaluation.models import Bilan, Campagne, Effet, EvenementParticipation, RevueMiParcours, Saisie
from evaluation.recit_demo import raconter, raconter_bilans, raconter_evaluation
from evaluation.recit_reunions import raconter_reunions
from evaluation.reports import collect_bilan
from fiches.models import FicheProjet
from gouvernance.models import Reunion

MAINTENANT = datetime.datetime(2026, 11, 25, 9, tzinfo=datetime.UTC)


def test_the_story_closes_two_years_and_opens_one(dijon):
    Campagne.objects.all().delete()

    assert raconter(dijon, now=MAINTENANT) == 3

    etats = Campagne.objects.order_by("annee").values_list("annee", "statut")
    assert list(etats) == [(2024, "close"), (2025, "close"), (2026, "ouverte")]
    non_validees = Saisie.objects.filter(campagne__annee=2025).exclude(statut="validee")
    assert [saisie.fiche.code for saisie in non_validees] == ["JEU-2"]
    assert {s.statut for s in Saisie.objects.filter(campagne__annee=2026)} == {
        "a_saisir",
        "en_cours",
        "soumise",
        "a_corriger",
    }
    assert FicheProjet.objects.get(code="PE-1").statut == "en_cours"
    assert Effet.objects.filter(annee=2025, sens="negatif", source=DONNEES_DEMONSTRATION).count() == 2
    contenu = collect_bilan(dijon, 2025, now=MAINTENANT)
    assert contenu.jours_de_saisie["PE-1"]["PE-1-01"] == datetime.date(2026, 1, 26)


def test_the_story_is_told_once(dijon):
    Campagne.objects.all().delete()
    raconter(dijon, now=MAINTENANT)

    assert raconter(dijon, now=MAINTENANT) == 0


def test_what_the_story_wrote_is_no_conflict_for_the_fixtures(dijon, capsys):
    Campagne.objects.all().delete()
    raconter(dijon, now=MAINTENANT)

    call_command("charger_convention", "fixtures/demo")

    assert "0 enregistrements créés, 0 modifiés" in (dit := capsys.readouterr().out)
    assert "0 conflits" in dit


def test_the_closed_years_are_published_once(dijon, client_de, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Campagne.objects.all().delete()
    raconter(dijon, now=MAINTENANT)

    assert raconter_bilans(dijon, now=MAINTENANT) == 2
    assert raconter_bilans(dijon, now=MAINTENANT) == 0

    assert list(
        Bilan.objects.order_by("annee").values_list("annee", "statut", "documents__sortie").distinct()
    ) == [
        (2024, "publiee", "complet"),
        (2024, "publiee", "public"),
        (2025, "publiee", "complet"),
        (2025, "publiee", "public"),
    ]
    pdf = client_de("copil").get("/dijon-2024/evaluation/2025/bilan/pdf/")
    assert pdf.getvalue().startswith(b"%PDF")


def test_minutes_went_round_and_the_next_meeting_has_its_agenda(dijon, compte, dessin_rapide):
    def suivre():
        return raconter_reunions(
            dijon, charge=compte("cooperation"), caf=compte("caf"), today=MAINTENANT.date()
        )

    assert suivre() == 5
    etats = {reunion.numero: reunion.etat_compte_rendu for reunion in Reunion.objects.all()}
    assert etats == {
        "2025-01": "diffuse",
        "2025-02": "diffuse",
        "2025-03": "diffuse",
        "2026-01": "transmis",
        "2026-02": "brouillon",
    }
    assert Reunion.objects.get(annee=2026, rang=2).points.count() == 3
    assert suivre() == 0


def test_effects_of_axes_participation_and_the_review_are_told_once_and_marked(dijon):
    assert raconter_evaluation(dijon, now=MAINTENANT) == 7  # with the protocole and its questions
    assert raconter_evaluation(dijon, now=MAINTENANT) == 0

    effets = Effet.objects.filter(axe__isnull=False)
    assert effets.filter(sens="negatif", is_attendu=False).count() == 1
    revue = RevueMiParcours.objects.get()
    ecrits = [*effets, *EvenementParticipation.objects.all(), revue, *revue.propositions.all()]
    ecrits.append(revue.appreciations.exclude(pertinence="").get())
    assert len(ecrits) == 2 + 3 + 1 + 2 + 1
    assert {objet.source for objet in ecrits} == {DONNEES_DEMONSTRATION}


def test_a_closed_year_gets_no_effect_of_the_story(dijon):
    Campagne.objects.filter(annee=2026).update(statut="close", date_cloture=timezone.now())

    assert raconter_evaluation(dijon, now=MAINTENANT) == 5
