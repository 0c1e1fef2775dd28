"""An avenant changes the text of a fiche, or its planned means: nothing else moves, and the past reads as it was."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from ctg.models import Avenant, Organisme, Service
from ctg.perimetres import droits
from evaluation.models import Avancement, Campagne, Indicateur, LigneSaisie, Mesure, Saisie
from evaluation.reports import collect_bilan
from evaluation.transitions import appliquer_campagne
from fiches.models import Axe, Etape, FicheProjet, Implication, Moyen, PerimetreFiche
from fiches.services import supprimer_fiche
from fiches.succession import succeder, textes_au
from fiches.verification import textes_remplaces as fautes
from gouvernance.acteurs import collect_acteurs
from tests.conftest import FIXTURES
from tests.navigation import formulaire

PE1 = "/dijon-2024/fiches/PE-1/modifier/"


def fiche(code="PE-1"):
    return FicheProjet.objects.get(code=code, date_fin=None)


@pytest.fixture
def avenant(dijon):
    return Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2026, 1, 1))


def tout_ce_qui_tient(fiche):
    """What hangs on a fiche, by model."""
    return {
        modele: set(modele.objects.filter(**{lien: fiche}).values_list("pk", flat=True))
        for modele, lien in (
            (Etape, "fiche"),
            (Moyen, "fiche"),
            (Implication, "fiche"),
            (Indicateur, "fiche"),
            (Saisie, "fiche"),
            (Avancement, "fiche"),
            (Mesure, "indicateur__fiche"),
            (LigneSaisie, "saisie__fiche"),
            (PerimetreFiche, "fiche"),
        )
    }


def test_an_avenant_closes_the_text_and_the_fiche_goes_on(avenant, compte, dijon):
    avant = fiche()
    tient, axes = tout_ce_qui_tient(avant), set(avant.axes.all())
    assert all(tient.values())
    vyv = Organisme.objects.get(nom="VYV")

    suite = succeder(avant.pk, avenant, {"intitule": "Le nouveau titre", "pilote": vyv})

    ancienne = suite.succede_a
    assert (suite.pk, suite.code, suite.date_effet, suite.date_fin) == (
        avant.pk,
        "PE-1",
        avenant.date_effet,
        None,
    )
    assert (suite.intitule, suite.pilote, suite.constat) == ("Le nouveau titre", vyv, avant.constat)
    assert (ancienne.code, ancienne.date_effet, ancienne.date_fin, ancienne.intitule, ancienne.pilote) == (
        "PE-1",
        None,
        avenant.date_effet,
        avant.intitule,
        avant.pilote,
    )
    assert set(suite.axes.all()) == set(ancienne.axes.all()) == axes
    assert tout_ce_qui_tient(suite) == tient
    assert not any(tout_ce_qui_tient(ancienne).values())
    assert ancienne.actuelle == suite
    assert suite.pk in droits(compte("referent"), dijon.pk).dans("fiches")
    assert suite.historique.latest().history_change_reason == "Avenant n° 1"


def test_nothing_is_hung_on_a_replaced_text_and_what_would_be_is_found(avenant):
    ancienne = succeder(fiche().pk, avenant, {"intitule": "Un autre titre"}).succede_a
    assert list(fautes()) == []
    for partie in (
        Etape(fiche=ancienne, ordre=1, intitule="Égarée"),
        Implication(fiche=ancienne, organisme=Organisme.objects.first(), role="associe"),
        Moyen(fiche=ancienne, annee=2026, nature="fonctionnement"),
    ):
        with pytest.raises(ValidationError, match="Un avenant a remplacé ce texte"):
            partie.clean()
    ancienne.etapes.create(ordre=1, intitule="Égarée")

    assert [faute.replace("\u00a0", " ") for faute in fautes()] == [
        "PE-1 : étape sur un texte qu’un avenant a remplacé"
    ]


@pytest.mark.parametrize("rang", ["avant", "après"])
def test_the_dates_of_an_avenant_move_together_or_not_at_all(avenant, rang):
    suite = succeder(fiche().pk, avenant, {"intitule": "Un autre titre"})
    objet = suite if rang == "après" else suite.succede_a
    setattr(objet, "date_effet" if rang == "après" else "date_fin", datetime.date(2025, 11, 1))

    for verifier in (objet.full_clean, objet.save):
        with pytest.raises(ValidationError, match="la date de l’avenant"):
            verifier()


def test_the_pilot_among_the_actors_is_that_of_the_text_of_the_year(avenant, dijon, client_de):
    vyv, avant = Organisme.objects.get(nom="VYV"), fiche().pilote
    succeder(fiche().pk, avenant, {"pilote": vyv})

    def pilotes(annee):
        contenu = collect_bilan(dijon, annee, now=timezone.localtime())
        ligne = next(f for f in contenu.fiches if f.code == "PE-1")
        matrice = collect_acteurs(dijon, annee)
        [colonne] = [c.pk for c in matrice.colonnes if c.code == "PE-1"]
        vus = [a.nom for a in matrice.acteurs if "pilote" in a.liens.get(colonne, ())]
        return ligne.pilote, [nom for nom, role in ligne.acteurs if role == "pilote"], vus

    assert pilotes(2026) == ("VYV", ["VYV"], ["VYV"])
    assert pilotes(2025) == (avant.nom, [avant.nom], [avant.nom])


def test_an_avenant_typed_by_mistake_is_annulled(avenant, dijon, client_de):
    avant, axes = FicheProjet.objects.get(code="PE-1"), set(fiche().axes.all())
    axe = Axe.objects.filter(convention=dijon, rang=2).exclude(fiches_porteuses=fiche()).first()
    vyv = Organisme.objects.get(nom="VYV")
    succeder(avant.pk, avenant, {"intitule": "Une erreur", "pilote": vyv, "axes": [axe]})
    client, url = client_de("cooperation"), "/dijon-2024/fiches/PE-1/avenant/"

    assert "Écrivez le motif" in client.post(url, {"action": "annuler", "motif": " "}).content.decode()
    assert client.post(url, {"action": "annuler", "motif": "mauvaise date"}).status_code == 302

    [apres] = FicheProjet.objects.filter(code="PE-1")
    assert (apres.pk, apres.intitule, apres.pilote, apres.date_effet, apres.succede_a, apres.source) == (
        avant.pk,
        avant.intitule,
        avant.pilote,
        None,
        None,
        avant.source,
    )
    assert set(apres.axes.all()) == axes
    assert apres.implications.filter(role="pilote", organisme=avant.pilote).exists()
    motifs = apres.historique.values_list("history_change_reason", flat=True)
    assert "Avenant annulé : mauvaise date" in motifs
    assert "Aucun avenant" in client.post(url, {"action": "annuler", "motif": "encore"}).content.decode()


def test_an_avenant_changes_planned_means_with_the_text_or_without(avenant, client_de):
    client, url = client_de("cooperation"), "/dijon-2024/fiches/PE-1/avenant/"
    un, autre = fiche().moyens.filter(annee=2026, prevu__isnull=False)[:2]
    reste = autre.prevu
    data = formulaire(client.get(url)) | {"avenant": avenant.pk, f"prevu-{un.pk}": "77 777,50"}
    Moyen.objects.filter(pk=autre.pk).update(prevu=1)  # changed by another door meanwhile

    assert client.post(url, data).status_code == 302
    assert [str(m.prevu) for m in (Moyen.objects.get(pk=un.pk), Moyen.objects.get(pk=autre.pk))] == [
        "77777.50",
        "1.00",
    ]
    assert reste != 1
    assert Moyen.objects.get(pk=un.pk).historique.latest().history_change_reason == "Avenant n° 1"
    assert FicheProjet.objects.filter(code="PE-1").count() == 1  # its text is the same

    data = formulaire(client.get(url)) | {"avenant": avenant.pk, f"prevu-{un.pk}": "", "intitule": "Autre"}
    assert client.post(url, data).status_code == 302
    assert (fiche().intitule, Moyen.objects.get(pk=un.pk).prevu) == ("Autre", None)
    page = client.post(url, formulaire(client.get(url)) | {"avenant": avenant.pk})
    assert "après le début du texte en vigueur" in page.content.decode()


def test_the_demonstration_is_loaded_again_after_an_avenant(avenant):
    succeder(fiche().pk, avenant, {"intitule": "Un autre titre"})

    call_command("charger_convention", str(FIXTURES / "dijon"), verbosity=0)
    call_command("charger_convention", str(FIXTURES / "demo"), verbosity=0)
    call_command("comptes_demo", verbosity=0)
    assert fiche().titre == "Un autre titre"


def test_avenants_follow_one_another(avenant, dijon):
    axe = Axe.objects.filter(convention=dijon, rang=2).exclude(fiches_porteuses=fiche()).first()
    succeder(fiche().pk, avenant, {"intitule": "Le deuxième titre"})
    second = Avenant.objects.create(convention=dijon, numero=2, date_effet=datetime.date(2026, 6, 1))
    succeder(fiche().pk, second, {"intitule": "Le troisième titre", "axes": [axe]})

    lus = {
        jour: FicheProjet.objects.en_vigueur(au=datetime.date.fromisoformat(jour)).get(code="PE-1")
        for jour in ("2025-12-31", "2026-01-01", "2026-05-31", "2026-06-01")
    }
    assert [lue.intitule for lue in lus.values()][1:] == ["Le deuxième titre"] * 2 + ["Le troisième titre"]
    assert [axe in lue.axes.all() for lue in lus.values()] == [False, False, False, True]
    assert {lue.actuelle for lue in lus.values()} == {fiche()}
    assert [
        textes_au([fiche()], datetime.date.fromisoformat(jour)).get(fiche().pk, fiche()) for jour in lus
    ] == list(lus.values())
    assert list(FicheProjet.objects.filter(code="PE-1").de_l_annee(2025)) == [fiche()]
    assert list(FicheProjet.objects.filter(code="PE-1").de_l_annee(2026)) == [fiche()]


def test_a_year_is_told_with_the_text_of_its_end(avenant, dijon):
    avant, titre = collect_bilan(dijon, 2025, now=timezone.localtime()), fiche().titre
    succeder(fiche().pk, avenant, {"intitule": "Le nouveau titre"})

    apres = collect_bilan(dijon, 2025, now=avant.generated_at)
    assert apres == avant
    titres = [
        next(
            f.titre for f in collect_bilan(dijon, annee, now=timezone.localtime()).fiches if f.code == "PE-1"
        )
        for annee in (2025, 2026)
    ]
    assert titres == [titre, "Le nouveau titre"]


@pytest.mark.parametrize("jours", [0, 1])
def test_an_avenant_is_typed_from_its_day_on(dijon, jours):
    jour = timezone.localdate() + datetime.timedelta(days=jours)
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=jour)
    if not jours:
        assert succeder(fiche().pk, avenant, {"intitule": "Le nouveau titre"}).date_effet == jour
        return
    with pytest.raises(ValidationError, match="saisissez-le à partir de ce jour"):
        succeder(fiche().pk, avenant, {"intitule": "Le nouveau titre"})
    assert FicheProjet.objects.filter(code="PE-1").count() == 1


def test_the_page_of_the_avenant(client_de):
    client = client_de("cooperation")
    url = "/dijon-2024/fiches/PE-1/avenant/"
    data = formulaire(client.get(url)) | {"intitule": "Le nouveau titre"}
    assert "À remplir pour un nouvel avenant" in client.post(url, data).content.decode()

    data |= {"numero": "1", "date_effet": "2026-01-01", "objet": "Mi-parcours"}
    for _ in range(3):
        assert client.post(url, data).status_code in {302, 200}

    assert FicheProjet.objects.filter(code="PE-1").count() == 2
    assert "Le nouveau titre" in client.get("/dijon-2024/fiches/PE-1/").content.decode()
    assert "Accompagner" in client.get("/dijon-2024/fiches/PE-1/?au=2025-12-31").content.decode()
    assert "Avenant n° 1" in client.get("/dijon-2024/fiches/PE-1/historique/").content.decode()
    assert client.get("/dijon-2024/evaluation/2025/").status_code == 200


def test_an_avenant_from_an_older_page_does_not_undo_what_was_written_meanwhile(client_de):
    client, url = client_de("cooperation"), "/dijon-2024/fiches/PE-1/avenant/"
    data = formulaire(client.get(url)) | {"numero": "1", "date_effet": "2026-01-01", "objet": "Mi-parcours"}
    corrigee = fiche()
    corrigee.intitule = "Intitulé rectifié"
    corrigee.rectifier("Coquille")
    corrigee.save()
    service = Service.objects.first()
    page = client.post(url, data | {"service_pilote": service.pk})
    assert "La fiche a changé pendant que vous écriviez" in page.content.decode()
    assert "intitulé de la fiche : « Intitulé rectifié »" in page.content.decode()
    assert FicheProjet.objects.filter(code="PE-1").count() == 1

    relue = formulaire(page) | {"intitule": "Intitulé rectifié"}
    assert relue["service_pilote"] == str(service.pk)  # nothing typed is lost
    for jeton in ("", "faux", data["version"]):
        assert "a changé" in client.post(url, relue | {"version": jeton}).content.decode()
    assert client.post(url, relue).status_code == 302
    suite = FicheProjet.objects.get(code="PE-1", date_fin=None)
    assert (suite.intitule, suite.service_pilote) == ("Intitulé rectifié", service)


def test_an_avenant_before_the_fiche_or_on_a_closed_one_is_refused(avenant):
    with pytest.raises(ValidationError, match="Rien ne change"):
        succeder(fiche().pk, avenant, {"intitule": fiche().intitule, "axes": list(fiche().axes.all())})
    suite = succeder(fiche().pk, avenant, {"intitule": "Un autre titre"})

    with pytest.raises(ValidationError, match="après le début"):
        succeder(suite.pk, avenant, {"intitule": "Encore un autre"})
    with pytest.raises(ValidationError, match="un avenant ne s’y ajoute pas"):
        succeder(suite.succede_a_id, avenant, {})


def test_a_fiche_that_an_avenant_changed_is_closed_and_not_deleted(avenant):
    suite = succeder(fiche().pk, avenant, {"intitule": "Un autre titre"})

    with pytest.raises(ValidationError, match="Un avenant a changé cette fiche"):
        supprimer_fiche(suite)


@pytest.mark.parametrize(
    ("jour", "message"),
    [
        (datetime.date(2023, 1, 1), "La convention va de 2024 à 2027"),
        (datetime.date(2099, 1, 1), "La convention va de 2024 à 2027"),
        (datetime.date(2025, 6, 1), "L’année 2025 est évaluée"),
    ],
)
def test_an_avenant_stays_in_the_convention_and_out_of_what_is_evaluated(dijon, compte, jour, message):
    campagne = Campagne.objects.get(annee=2025, convention=dijon)
    appliquer_campagne("clore", campagne.pk, user=compte("cooperation"), now=timezone.now())
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=jour)

    with pytest.raises(ValidationError, match=message):
        succeder(fiche().pk, avenant, {"intitule": "Un autre titre"})


@pytest.mark.parametrize("nom", ["petite-enfance", "caf", "admin", "copil"])
def test_only_the_charge_de_cooperation_types_an_avenant(client_de, nom):
    assert client_de(nom).post("/dijon-2024/fiches/PE-1/avenant/", {}).status_code == 403


def test_a_form_opened_before_an_avenant_is_saved_after_it(client_de, dijon):
    """Only what the avenant changed has moved: nothing is asked, no row is said to be gone."""
    client = client_de("cooperation")
    data = formulaire(client.get(PE1))
    etape = fiche().etapes.filter(is_faite=False).first()
    rang = next(i for i in range(40) if data.get(f"etapes-{i}-id") == str(etape.pk))
    nb = int(data["etapes-INITIAL_FORMS"])
    numero = Avenant.objects.create(convention=dijon, numero=9, date_effet=datetime.date(2026, 6, 1))
    succeder(fiche().pk, numero, {"intitule": "Le titre de l’avenant"})

    response = client.post(
        PE1,
        data
        | {
            "constat": "Écrit pendant ce temps",
            f"etapes-{rang}-is_faite": "on",
            f"etapes-{nb}-intitule": "Une étape de plus",
        },
    )

    assert response.status_code == 302
    suite = fiche()
    assert (suite.constat, suite.intitule) == ("Écrit pendant ce temps", "Le titre de l’avenant")
    assert suite.etapes.get(intitule=etape.intitule).is_faite
    assert suite.etapes.filter(intitule="Une étape de plus").count() == 1
    assert suite.etapes.count() == nb + 1


def test_an_avenant_keeps_its_date_in_the_administration(avenant, client_de):
    client, url = client_de("admin"), f"/admin/ctg/avenant/{avenant.pk}/"

    assert "date_effet" not in formulaire(client.get(f"{url}change/"))
    client.post(f"{url}change/", formulaire(client.get(f"{url}change/")) | {"date_effet": "2026-02-01"})
    avenant.refresh_from_db()
    assert avenant.date_effet == datetime.date(2026, 1, 1)
    assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
