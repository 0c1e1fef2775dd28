"""The pages of a projet d’avenant: who reads what, the forms, the steps, the printed annexes."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone

from ctg.models import Avenant, Brouillon
from evaluation.avenants.contenu import composer
from evaluation.avenants.enums import NatureChangement as N
from evaluation.avenants.services import Proposition, arreter, preparer_projet, signer
from evaluation.models import ChangementProjete, Indicateur, ProjetAvenant
from fiches.models import Axe, FicheProjet
from structures.models import Inscription, Structure
from tests.navigation import formulaire

JOUR = datetime.date(2026, 9, 1)
URL = "/dijon-2024/avenants/"


def axe(code):
    return Axe.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def fiche(code):
    return FicheProjet.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


@pytest.fixture
def projet(dijon):
    indicateur = Indicateur.objects.filter(fiche__code="PE-2", date_fin=None).order_by("pk").first()
    return preparer_projet(
        dijon,
        objet="La petite enfance",
        date_effet=JOUR,
        expose="Les familles le demandent.",
        changements=[
            Proposition(N.AXE_MODIFIER, axe("PE.1"), {"intitule": "Accompagner chaque famille"}),
            Proposition(N.FICHE_CLORE, fiche("PE-5"), motif="Confiée au Département"),
            Proposition(
                N.INDICATEUR_REMPLACER,
                indicateur,
                {
                    "code": "PE-2-N",
                    "intitule": "Autrement compté",
                    "nature": indicateur.nature,
                    "type_indicateur": indicateur.type_indicateur,
                    "cibles": {"2027": "4321"},
                },
            ),
        ],
    )


@pytest.mark.parametrize(
    ("nom", "prepare", "arrete"),
    [("caf", 200, 200), ("copil", 404, 200), ("lecteur", 404, 200), ("referent", 200, 200)],
)
def test_a_draft_is_the_team_s_and_the_caf_s_until_it_is_frozen(client_de, projet, nom, prepare, arrete):
    client = client_de(nom)
    assert client.get(projet.get_absolute_url()).status_code == prepare
    assert ("La petite enfance" in client.get(URL).content.decode()) is (prepare == 200)
    arreter(projet.pk)
    assert client.get(projet.get_absolute_url()).status_code == arrete


@pytest.mark.parametrize(("nom", "lit"), [("cooperation", True), ("copil", False), ("lecteur", False)])
def test_targets_are_read_by_those_who_read_figures(client_de, projet, nom, lit):
    arreter(projet.pk)

    page = client_de(nom).get(projet.get_absolute_url()).content.decode().replace("\u202f", "")

    assert "Autrement compté" in page
    assert ("4321" in page) is lit


def test_it_is_prepared_line_by_line_from_the_page(client_de, dijon):
    client = client_de("cooperation")
    page = client.get(f"{URL}preparer/")
    page = client.post(
        f"{URL}preparer/",
        formulaire(page) | {"objet": "La nuit", "date_effet": "2026-09-01", "expose": "Parce que."},
        follow=True,
    )
    projet = ProjetAvenant.objects.get(objet="La nuit")
    assert "Rien ne change encore" in page.content.decode()

    choix = client.get(f"{URL}{projet.pk}/changements/ajouter/?nature=axe_ajouter")
    page = client.get(choix.url)
    client.post(choix.url, formulaire(page) | {"cible": axe("PE").pk, "intitule": "Accueillir la nuit"})
    ajoute = projet.changements.get()
    url = f"{URL}{projet.pk}/changements/ajouter/fiche_ajouter/"
    client.post(url, formulaire(client.get(url)) | {"sous": ajoute.pk, "intitule": "La crèche de nuit"})
    url = f"{URL}{projet.pk}/changements/ajouter/fiche_modifier/"
    suite = client.get(f"{url}?cible={fiche('PE-1').pk}")
    page = client.get(suite.url)
    assert formulaire(page)["intitule"] == fiche("PE-1").intitule
    client.post(suite.url, formulaire(page) | {"constat": "Un nouveau constat."})

    lignes = list(projet.changements.order_by("ordre"))
    assert [(ligne.nature, ligne.valeurs) for ligne in lignes] == [
        ("axe_ajouter", {"intitule": "Accueillir la nuit"}),
        ("fiche_ajouter", {"intitule": "La crèche de nuit"}),
        ("fiche_modifier", {"constat": "Un nouveau constat."}),
    ]
    assert lignes[1].sous == lignes[0]
    page = client.get(projet.get_absolute_url()).content.decode()
    assert "<ins>Accueillir la nuit</ins>" in page

    url = f"{URL}{projet.pk}/changements/{lignes[2].pk}/"
    client.post(url, formulaire(client.get(url)) | {"constat": "Un autre encore.", "motif": "Mi-parcours"})
    ligne = ChangementProjete.objects.get(pk=lignes[2].pk)
    assert (ligne.valeurs, ligne.motif) == ({"constat": "Un autre encore."}, "Mi-parcours")
    client.post(f"{url}retirer/")
    assert projet.changements.count() == 2


@pytest.mark.parametrize("nature", N.values)
def test_every_kind_of_change_has_a_form_that_opens_and_asks_for_what_it_needs(client_de, projet, nature):
    client = client_de("cooperation")
    url = f"{URL}{projet.pk}/changements/ajouter/{nature}/"
    cibles = {
        "axe": axe("ENF.1").pk,
        "objectif": axe("ENF.1").objectifs.first().pk,
        "fiche": fiche("ENF-1").pk,
        "indicateur": Indicateur.objects.filter(fiche__code="ENF-1", date_fin=None).first().pk,
        "inscription": Inscription.objects.filter(annexe="2").first().pk,
        "signataire": projet.convention.signataires.first().pk,
    }
    if nature == N.STRUCTURE_INSCRIRE:  # one that may come in
        Inscription.objects.filter(structure=Structure.objects.first()).delete()
    page = client.get(url)
    assert page.status_code == 200
    if page.context["choisit"] and (cible := cibles.get(nature.partition("_")[0])):
        page = client.get(client.get(f"{url}?cible={cible}").url)
        assert not page.context["choisit"]
    avant = projet.changements.count()

    refus = client.post(page.request["PATH_INFO"], formulaire(page)) if not page.context["choisit"] else page

    assert refus.status_code == 200
    assert projet.changements.count() == avant


def test_a_structure_that_is_of_no_annexe_comes_in(client_de, projet, dijon):
    structure = Structure.objects.filter(territoire=dijon.territoire).first()
    Inscription.objects.filter(structure=structure).update(date_fin=datetime.date(2025, 1, 1))
    client = client_de("cooperation")
    url = client.get(f"{URL}{projet.pk}/changements/ajouter/structure_inscrire/?cible={structure.pk}").url
    page = client.get(url)
    assert formulaire(page)["nom"] == structure.nom

    client.post(url, formulaire(page) | {"annexe": "2", "rubrique": "AUTRES GESTIONNAIRES"})

    assert projet.changements.get(nature=N.STRUCTURE_INSCRIRE).structure == structure


def test_what_is_typed_is_kept_and_each_kind_has_its_own_draft(client_de, compte, projet):
    client, url = client_de("cooperation"), f"{URL}{projet.pk}/changements/ajouter/axe_ajouter/"
    client.post(
        url, formulaire(client.get(url)) | {"intitule": "Pas fini", "brouillon": "1", "modifies": "intitule"}
    )

    assert formulaire(client.get(url))["intitule"] == "Pas fini"
    autre = f"{URL}{projet.pk}/changements/ajouter/objectif_ajouter/"
    assert not formulaire(client.get(autre))["intitule"]
    assert Brouillon.objects.filter(utilisateur=compte("cooperation")).count() == 1


def test_the_steps_go_from_the_page_to_the_plan_and_back(client_de, projet):
    client = client_de("cooperation")

    def etape(action, **donnees):
        return client.post(f"{URL}{projet.pk}/etape/{action}/", donnees, follow=True).content.decode()

    assert "Le contenu est arrêté" in etape("arreter")
    assert "Ce champ est obligatoire" in etape("signer")
    assert "La signature est notée" in etape("signer", date_signature="2026-07-01")
    assert "L’avenant est appliqué" in etape("appliquer")
    assert axe("PE.1").intitule == "Accompagner chaque famille"
    assert "Accompagner chaque famille" in client.get("/dijon-2024/arbre/?au=2026-09-01").content.decode()
    assert "Accompagner chaque famille" not in client.get("/dijon-2024/arbre/?au=2026-08-31").content.decode()
    assert "L’application est annulée" in etape("annuler", motif="Mauvaise date")
    assert axe("PE.1").intitule.startswith("Accompagner l’enfant")
    assert not Avenant.objects.exists()


def test_an_avenant_of_the_future_waits_and_says_so(client_de, projet):
    ProjetAvenant.objects.filter(pk=projet.pk).update(date_effet=datetime.date(2027, 1, 1))
    arreter(projet.pk)
    signer(projet.pk, date_signature=datetime.date(2026, 7, 1))
    client = client_de("cooperation")

    page = client.get(projet.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "Il attend le 1er janvier 2027" in page
    page = client.get(f"{URL}{projet.pk}/etape/appliquer/").content.decode()
    assert "Revenez ce jour-là" in page
    page = client.post(f"{URL}{projet.pk}/etape/appliquer/").content.decode()
    assert "s’applique à partir de ce jour" in page


def test_the_annexes_are_marked_until_they_are_signed(client_de, projet, monkeypatch):
    monkeypatch.setattr("evaluation.avenants.documents.html_en_pdf", lambda html: html.encode())
    client, url = client_de("cooperation"), f"{URL}{projet.pk}/pdf/"

    page = client.get(url).content.decode()
    assert "PROJET — NON SIGNÉ" in page
    assert "L’arbre à objectifs avant l’avenant" in page
    arreter(projet.pk)
    assert "PROJET — NON SIGNÉ" in client.get(url).content.decode()
    signer(projet.pk, date_signature=datetime.date(2026, 7, 1))
    assert "PROJET — NON SIGNÉ" not in client.get(url).content.decode()


def test_the_printed_annexes_are_what_was_frozen(client_de, projet, monkeypatch):
    monkeypatch.setattr("evaluation.avenants.documents.html_en_pdf", lambda html: html.encode())
    arreter(projet.pk)
    autre = axe("PE.2")
    autre.rectifier("coquille")
    autre.intitule = "Un titre d’après"
    autre.save()

    page = client_de("cooperation").get(f"{URL}{projet.pk}/pdf/").content.decode()

    assert "Un titre d’après" not in page
    assert "Garantir l’accessibilité pour tous les enfants" in page


@pytest.mark.parametrize(("jours", "attendu"), [(0, True), (1, False)])
def test_a_signed_avenant_whose_day_has_come_waits_on_the_dashboard(client_de, dijon, jours, attendu):
    today = timezone.localdate()
    projet = preparer_projet(
        dijon,
        objet="Ce jour",
        date_effet=today + datetime.timedelta(days=jours),
        changements=[Proposition(N.AXE_MODIFIER, axe("PE.1"), {"intitule": "Accompagner chaque famille"})],
    )
    arreter(projet.pk)
    signer(projet.pk, date_signature=today)

    dit = f"Appliquer l’avenant n° {projet.numero}"
    assert (dit in client_de("cooperation").get("/dijon-2024/").content.decode()) is attendu
    assert dit not in client_de("copil").get("/dijon-2024/").content.decode()


def test_where_there_is_nothing_to_choose_one_is_told_what_to_do(client_de, projet, dijon):
    Structure.objects.filter(territoire=dijon.territoire_id, inscriptions=None).delete()

    page = client_de("cooperation").get(
        f"{URL}{projet.pk}/changements/ajouter/structure_inscrire/", follow=True
    )

    assert page.redirect_chain[-1][0] == projet.get_absolute_url()
    assert "ajoutez-la d’abord au registre" in page.content.decode()


def test_the_first_avenant_is_number_one(client_de, dijon):
    client = client_de("cooperation")
    page = formulaire(client.get(f"{URL}preparer/"))

    refus = client.post(
        f"{URL}preparer/", page | {"numero": "0", "objet": "Zéro", "date_effet": "2026-09-01"}
    )

    assert page["numero"] == "1"
    assert "supérieure ou égale à 1" in refus.content.decode()


def test_the_printed_tree_marks_what_changes(projet):
    contenu = composer(projet)
    html = render_to_string("evaluation/avenants/_arbre.html", {"noeuds": contenu.arbre, "cote": "apres"})

    assert "<ins>Accompagner chaque famille</ins>" in html
    assert html.count("<ins>") == 1  # what closes is not there any more, what stays is not marked


def test_it_is_not_signed_before_the_convention(projet, dijon):
    dijon.date_debut, dijon.precision_debut = datetime.date(2024, 1, 1), "jour"
    dijon.save()
    arreter(projet.pk)

    with pytest.raises(ValidationError, match="se signe après elle"):
        signer(projet.pk, date_signature=datetime.date(2020, 1, 1))


def test_an_effect_in_the_past_is_warned_of(client_de, projet):
    client, adresse = client_de("cooperation"), f"{URL}{projet.pk}/etape/arreter/"

    assert "Il prend effet dans le passé" in client.get(adresse).content.decode()
    projet.date_effet = timezone.localdate() + datetime.timedelta(days=1)
    projet.save()
    assert "Il prend effet dans le passé" not in client.get(adresse).content.decode()


def test_an_old_tab_does_not_undo_a_signature(client_de, projet):
    arreter(projet.pk)
    client = client_de("cooperation")
    adresse = f"{URL}{projet.pk}/etape/reprendre/"
    page = formulaire(client.get(adresse))
    signer(projet.pk, date_signature=timezone.localdate())

    reponse = client.post(adresse, page | {"motif": "Une faute"}, follow=True)

    projet.refresh_from_db()
    assert projet.statut == "signe"
    assert "Entre-temps, ce projet est signé" in reponse.content.decode()
