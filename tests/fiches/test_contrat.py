"""The signed text: filled with its source, corrected with a reason, changed by an avenant, by every door."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tablib import Dataset

from ctg.models import Avenant, Organisme, Service
from ctg.perimetres import droits
from evaluation.models import Avancement, Campagne, Indicateur, LigneSaisie, Mesure, Saisie
from evaluation.transitions import appliquer_campagne
from fiches.models import Axe, FicheProjet, Implication, Moyen, ObjectifOperationnel
from fiches.resources import FicheResource
from fiches.succession import succeder
from gouvernance.models import Membre
from structures.models import Inscription, Structure
from tests.navigation import formulaire

PE1, AVS1 = "/dijon-2024/fiches/PE-1/modifier/", "/dijon-2024/fiches/AVS-1/modifier/"


def fiche(code="PE-1"):
    return FicheProjet.objects.get(code=code, date_fin=None)


@pytest.mark.parametrize(
    ("modele", "champ", "valeur"),
    [
        (FicheProjet, "intitule", "Un autre"),
        (Axe, "intitule", "Un autre"),
        (Axe, "enjeux", "D’autres"),
        (ObjectifOperationnel, "intitule", "Un autre"),
        (Structure, "nom", "Une autre"),
        (Structure, "adresse", "Ailleurs"),
        (Inscription, "annexe", "2 bis"),
        (Membre, "fonction", "Une autre"),
        (Moyen, "prevu", 3),
    ],
)
def test_a_filled_field_of_the_signed_text_is_not_changed_without_a_reason(db, modele, champ, valeur):
    objet = next(o for o in modele.objects.order_by("pk") if getattr(o, champ) not in (None, "", valeur))
    setattr(objet, champ, valeur)

    with pytest.raises(ValidationError, match="texte signé") as refus:
        objet.save()
    assert list(refus.value.message_dict) == [champ]
    with pytest.raises(ValidationError):
        objet.full_clean()

    objet.rectifier("coquille de l’annexe")
    objet.save()
    ligne = objet.historique.latest()
    assert (getattr(ligne, champ), ligne.history_change_reason) == (
        valeur,
        "Rectification matérielle : coquille de l’annexe",
    )
    setattr(objet, champ, None if champ == "prevu" else "")
    with pytest.raises(ValidationError):  # the reason served once; emptying is a change
        objet.save()


def test_an_empty_field_is_filled_with_its_source(db):
    objet = fiche("AVS-1")
    objet.intitule = "Le titre"
    with pytest.raises(ValidationError, match="Dites d’où vient"):
        objet.save()

    objet.completer("fiche signée AVS-1, p. 1")
    objet.save()

    assert objet.historique.latest().history_change_reason == "Complété d’après : fiche signée AVS-1, p. 1"


def test_the_page_asks_for_the_reason_and_keeps_what_was_typed(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(PE1)) | {"intitule": "Accompagner l’enfant", "constat": "Mon constat"}

    response = client.post(PE1, data)

    assert "écrivez le motif de la rectification" in response.content.decode()
    assert formulaire(response)["constat"] == "Mon constat"
    assert fiche().intitule != "Accompagner l’enfant"
    client.post(PE1, data | {"rectification": "un mot manquait"})
    assert (fiche().intitule, fiche().constat) == ("Accompagner l’enfant", "Mon constat")


def test_the_demonstration_s_source_is_no_source_of_a_signed_title(client_de):
    client = client_de("avs")
    data = formulaire(client.get(AVS1)) | {"intitule": "Le titre"}

    assert "Dites d’où vient" in client.post(AVS1, data).content.decode()
    client.post(AVS1, data | {"source_contrat": "Fiche signée AVS-1, p. 1"})
    assert fiche("AVS-1").intitule == "Le titre"


def test_planned_means_follow_the_rule_and_the_others_do_not(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(PE1))
    pk, nb = data["moyens-0-id"], int(data["moyens-INITIAL_FORMS"])

    client.post(PE1, data | {"moyens-0-realise": "12,5"})
    assert str(Moyen.objects.get(pk=pk).realise) == "12.50"
    for change in ({"moyens-0-prevu": "99"}, {"moyens-0-DELETE": "on"}):
        response = client.post(PE1, formulaire(client.get(PE1)) | change)
        assert "texte signé" in response.content.decode()
        assert Moyen.objects.get(pk=pk).prevu != 99
    neuf = {
        f"moyens-{nb}-signataire": data["moyens-0-signataire"],
        f"moyens-{nb}-annee": "2027",
        f"moyens-{nb}-nature": "en_nature",
        f"moyens-{nb}-prevu": "10",
    }
    response = client.post(PE1, formulaire(client.get(PE1)) | neuf)
    assert "Dites d’où vient" in response.content.decode()
    client.post(PE1, formulaire(client.get(PE1)) | neuf | {"source_contrat": "fiche signée PE-1, p. 3"})
    assert (
        Moyen.objects.get(fiche=fiche(), annee=2027, nature="en_nature").source == "fiche signée PE-1, p. 3"
    )


def test_a_row_removed_and_typed_anew_in_one_save(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(PE1))
    nb = int(data["moyens-INITIAL_FORMS"])
    meme = {f"moyens-{nb}-{c}": data[f"moyens-0-{c}"] for c in ("signataire", "annee", "nature", "prevu")}

    client.post(
        PE1, data | meme | {"moyens-0-DELETE": "on", "rectification": "recopie", "source_contrat": "p. 2"}
    )

    assert Moyen.objects.filter(fiche=fiche()).count() == nb


def test_the_admin_and_the_import_meet_the_same_rule(client_de, dijon):
    admin = client_de("admin")
    structure = Structure.objects.exclude(adresse="").first()
    url = f"/admin/structures/structure/{structure.pk}/change/"
    data = formulaire(admin.get(url)) | {"nom": "Un autre nom"}
    data = {k: v for k, v in data.items() if not k.startswith("_") or k == "_save"}

    assert "écrivez le motif" in admin.post(url, data).content.decode()
    assert admin.post(url, data | {"rectification": "coquille"}).status_code == 302
    assert Structure.objects.get(pk=structure.pk).nom == "Un autre nom"

    def importer(**colonnes):
        table = Dataset(headers=["convention", "code", "intitule", *colonnes])
        table.append(["dijon-2024", "PE-1", "Un titre importé", *colonnes.values()])
        return FicheResource().import_data(table, rollback_on_validation_errors=True)

    assert "texte signé" in str(importer().invalid_rows[0].error)
    assert fiche().intitule != "Un titre importé"
    assert not importer(rectification="titre mal recopié").has_validation_errors()
    assert fiche().intitule == "Un titre importé"


# Avenants --------------------------------------------------------------------------------------------


@pytest.fixture
def avenant(dijon):
    return Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2026, 1, 1))


def test_an_avenant_closes_the_fiche_and_its_successor_takes_the_code(avenant, compte, dijon):
    ancienne = fiche()
    etapes = list(ancienne.etapes.order_by("ordre").values_list("intitule", "is_faite"))
    assert {is_faite for _, is_faite in etapes} == {True, False}
    indicateurs = set(Indicateur.objects.filter(fiche=ancienne, date_fin=None).values_list("code", flat=True))
    vyv = Organisme.objects.get(nom="VYV")

    suite = succeder(ancienne.pk, avenant, {"intitule": "Le nouveau titre", "pilote": vyv})

    ancienne.refresh_from_db()
    assert (ancienne.date_fin, suite.date_effet, suite.code, suite.succede_a) == (
        avenant.date_effet,
        avenant.date_effet,
        "PE-1",
        ancienne,
    )
    assert (suite.intitule, suite.pilote, suite.constat) == ("Le nouveau titre", vyv, ancienne.constat)
    assert set(suite.axes.all()) == set(ancienne.axes.all())
    for membre in (ancienne, suite):  # what was done of the year counts for the fiche that ends it
        assert list(membre.etapes.order_by("ordre").values_list("intitule", "is_faite")) == etapes
    assert {m.annee for m in suite.moyens.all()} <= {2026, 2027}
    assert (
        set(Indicateur.objects.filter(fiche=suite, date_fin=None).values_list("code", flat=True))
        == indicateurs
    )
    assert not Indicateur.objects.filter(fiche=ancienne, date_fin=None).exists()
    assert all(i.succede_a.fiche == ancienne for i in Indicateur.objects.filter(fiche=suite))
    assert suite.pk in droits(compte("referent"), dijon.pk).dans("fiches")


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
    with pytest.raises(ValidationError, match="déjà close"):
        succeder(suite.succede_a_id, avenant, {})


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


def test_what_is_entered_of_the_year_goes_with_the_successor(dijon, compte):
    """The year counts for the fiche that is in force at its end; the past stays where it was."""
    ancienne = fiche()
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=datetime.date(2025, 7, 1))
    avant = {
        (m.indicateur.code, m.annee, m.valeur) for m in Mesure.objects.filter(indicateur__fiche=ancienne)
    }

    suite = succeder(ancienne.pk, avenant, {"intitule": "Un autre titre"})

    def valeurs(de):
        mesures = Mesure.objects.filter(indicateur__fiche=de)
        return {(m.indicateur.code, m.annee, m.valeur) for m in mesures}

    assert valeurs(suite) == {m for m in avant if m[1] >= 2025} != set()
    assert valeurs(ancienne) == {m for m in avant if m[1] < 2025} != set()
    assert [s.campagne.annee for s in Saisie.objects.filter(fiche=suite).order_by("campagne__annee")] == [
        2025,
        2026,
    ]
    assert {ligne.indicateur.fiche for ligne in LigneSaisie.objects.filter(saisie__fiche=suite)} == {suite}
    assert Avancement.objects.filter(fiche=suite, annee=2025).exists()
    assert not Avancement.objects.filter(fiche=ancienne, annee=2025).exists()


@pytest.mark.parametrize("nom", ["petite-enfance", "caf", "admin", "copil"])
def test_only_the_charge_de_cooperation_types_an_avenant(client_de, nom):
    assert client_de(nom).post("/dijon-2024/fiches/PE-1/avenant/", {}).status_code == 403


@pytest.mark.parametrize("change", [{"DELETE": "on"}, {"role": "associe"}, {"organisme": "autre"}])
def test_the_pilot_stays_among_the_actors(client_de, change):
    implication = Implication.objects.get(fiche__code="PE-1", role="pilote")
    client = client_de("cooperation")
    page = "/dijon-2024/fiches/PE-1/modifier/"
    data = formulaire(client.get(page))
    [rang] = [n for n in range(20) if data.get(f"implications-{n}-id") == str(implication.pk)]
    autre = Organisme.objects.exclude(pk=implication.organisme_id).first().pk
    for nom, valeur in change.items():
        data[f"implications-{rang}-{nom}"] = autre if valeur == "autre" else valeur

    response = client.post(page, data | {"constat": "Mon texte"})

    assert response.status_code == 200
    assert "C’est le pilote de la fiche" in response.content.decode()
    assert "Mon texte" in response.content.decode()
    assert Implication.objects.filter(
        pk=implication.pk, role="pilote", organisme=implication.organisme
    ).exists()


def test_the_pilot_s_row_moves_once_the_pilot_did(dijon):
    implication = Implication.objects.select_related("fiche").get(fiche__code="PE-1", role="pilote")
    with pytest.raises(ValidationError, match="C’est le pilote"):
        implication.delete()
    fiche = implication.fiche
    fiche.pilote = Organisme.objects.exclude(pk=fiche.pilote_id).first()
    fiche.rectifier("erreur de copie")
    fiche.save()

    implication.delete()

    assert not fiche.implications.filter(role="pilote").exists()


@pytest.fixture
def a_venir(dijon):
    """The successor of PE-1 that an avenant signed in advance has made; it changes the title."""
    jour = min(timezone.localdate() + datetime.timedelta(days=20), dijon.date_fin)
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=jour)
    return succeder(fiche().pk, avenant, {"intitule": "Le titre de l’avenant"})


def test_what_is_written_before_an_avenant_takes_effect_is_in_the_successor(client_de, a_venir, dijon):
    client, ancienne = client_de("cooperation"), a_venir.succede_a
    etape = ancienne.etapes.filter(is_faite=False).first() or ancienne.etapes.create(
        ordre=90, intitule="Une étape"
    )
    data = formulaire(client.get(PE1))
    rang = next(i for i in range(40) if data.get(f"etapes-{i}-id") == str(etape.pk))
    nb = int(data["etapes-INITIAL_FORMS"])
    quartier = dijon.territoire.decoupages.get(is_reference=True).quartiers.first()

    page = client.post(
        PE1,
        data
        | {
            "constat": "Écrit avant l’avenant",
            "intitule": "Le titre d’avant, corrigé",
            "rectification": "coquille",
            "quartiers": [quartier.pk],
            f"etapes-{rang}-intitule": "L’étape, mieux dite",
            f"etapes-{nb}-intitule": "Une étape de plus",
        },
        follow=True,
    ).content.decode()

    suite = FicheProjet.objects.get(pk=a_venir.pk)
    assert "l’est aussi dans sa suite" in page
    assert (suite.constat, suite.intitule) == ("Écrit avant l’avenant", "Le titre de l’avenant")
    assert list(suite.quartiers.all()) == [quartier]
    dites = list(suite.etapes.values_list("intitule", flat=True))
    assert {"L’étape, mieux dite", "Une étape de plus"} <= set(dites)
    assert len(dites) == len(set(dites))

    data = formulaire(client.get(PE1))
    client.post(PE1, data | {f"etapes-{rang}-is_faite": "on"})
    assert suite.etapes.get(intitule="L’étape, mieux dite").is_faite
    data = formulaire(client.get(PE1))
    data.pop(f"etapes-{rang}-is_faite")
    client.post(PE1, data)
    assert not suite.etapes.get(intitule="L’étape, mieux dite").is_faite


def test_the_import_too_reaches_the_successor_and_never_what_the_avenant_says(a_venir):
    table = Dataset(headers=["convention", "code", "intitule", "publics", "rectification"])
    table.append(["dijon-2024", "PE-1", "Un titre importé", "Les familles", "titre mal recopié"])
    assert not FicheResource().import_data(table, raise_errors=True).has_errors()

    suite = FicheProjet.objects.get(pk=a_venir.pk)
    assert (suite.intitule, suite.publics) == ("Le titre de l’avenant", "Les familles")


def test_a_row_that_the_avenant_has_changed_stays_as_it_says(a_venir):
    ancienne = a_venir.succede_a
    etape = ancienne.etapes.create(ordre=91, intitule="Des deux")
    a_venir.etapes.filter(intitule="Des deux").update(intitule="De l’avenant")

    etape.intitule = "De la fiche"
    etape.save()

    assert not a_venir.etapes.filter(intitule="De la fiche").exists()
    etape.delete()
    assert a_venir.etapes.filter(intitule="De l’avenant").exists()


def test_a_fiche_to_come_is_read_and_not_edited_by_the_buttons_of_today_s(client_de, a_venir):
    jour = a_venir.date_effet.isoformat()
    page = client_de("cooperation").get(f"/dijon-2024/fiches/PE-1/?au={jour}").content.decode()

    assert "Cette fiche prend effet le" in page
    assert "/fiches/PE-1/modifier/" not in page
    avenant = client_de("cooperation").get("/dijon-2024/fiches/PE-1/avenant/", follow=True).content.decode()
    assert "un avenant ne s’y ajoute pas" in avenant


def test_a_form_opened_before_an_avenant_is_saved_on_what_succeeds(client_de, dijon):
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
