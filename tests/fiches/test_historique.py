"""The history of a fiche: kept by every door, readable, and able to give a text back."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ctg.historique import Difference
from ctg.models import Avenant, Convention, Mandat, Organisme, Quartier
from evaluation.models import Avancement, Mesure
from fiches.models import Etape, FicheProjet, Implication, Moyen
from fiches.succession import succeder
from gouvernance.models import Decision
from tests.navigation import formulaire

URL = "/dijon-2024/fiches/PE-1/"


def fiche():
    return FicheProjet.objects.get(code="PE-1", date_fin=None)


def modifier(client, **changes):
    url = f"{URL}modifier/"
    assert client.post(url, formulaire(client.get(url)) | changes).status_code == 302


def test_a_change_of_a_page_says_who_when_before_and_after(client_de):
    client = client_de("cooperation")
    avant = fiche().constat
    modifier(client, **{"constat": "Un nouveau constat", "etapes-0-intitule": "Une étape renommée"})

    page = client.get(f"{URL}historique/")
    [evenement, *_] = page.context["page_obj"]
    changes = {(d.champ, d.avant, d.apres) for d in evenement.differences}

    assert (evenement.qui, evenement.porte) == ("Compte cooperation", "page")
    assert ("constat", avant, "Un nouveau constat") in changes
    assert ("intitule", "Une étape renommée") in {(c, apres) for c, _, apres in changes}
    assert len(evenement.differences) == 2


def test_every_door_leaves_a_line(client_de, compte, tmp_path):
    admin = client_de("admin")
    organisme = Organisme.objects.get(nom="VYV")
    url = f"/admin/ctg/organisme/{organisme.pk}/change/"
    admin.post(url, formulaire(admin.get(url)) | {"sigle": "V"})
    ligne = organisme.historique.latest()
    assert (ligne.sigle, ligne.porte, ligne.history_user) == ("V", "admin", compte("admin"))

    (tmp_path / "convention.csv").write_text("slug,territoire,intitule\ndijon-2024,Dijon,Un autre intitulé\n")
    call_command("charger_convention", tmp_path, "--forcer", verbosity=0)
    ligne = Convention.objects.get(slug="dijon-2024").historique.latest()
    assert (ligne.intitule, ligne.porte, ligne.history_user) == ("Un autre intitulé", "commande", None)
    assert ligne.history_change_reason == f"Chargement de « {tmp_path.name} »"


@pytest.mark.parametrize("modele", [Etape, Moyen, Mesure, Avancement, Mandat, Implication])
def test_a_deletion_leaves_a_line(db, modele):
    objet = modele.objects.order_by("-pk").first()
    pk = objet.pk
    if modele is Moyen:
        objet.rectifier("ligne recopiée deux fois")
    objet.delete()

    assert modele.historique.filter(id=pk).latest().history_type == "-"


def test_links_to_several_are_told(client_de):
    client = client_de("cooperation")
    data = formulaire(client.get(f"{URL}modifier/"))
    cles = [str(pk) for pk in Quartier.objects.order_by("pk").values_list("pk", flat=True)[:3]]
    autres = [cle for cle in cles if cle not in data.get("quartiers", [])] or cles[:1]
    modifier(client, quartiers=autres)

    differences = client.get(f"{URL}historique/").context["page_obj"][0].differences

    assert "quartiers" in {d.champ for d in differences}


def test_filters_by_person_and_field(client_de, compte):
    modifier(client_de("petite-enfance"), constat="De la coordinatrice")
    client = client_de("cooperation")
    modifier(client, publics="Du chargé de coopération")
    qui = compte("petite-enfance").pk

    def champs(query):
        page = client.get(f"{URL}historique/{query}").context["page_obj"]
        return {(e.qui, d.champ) for e in page for d in e.differences}

    assert champs(f"?qui={qui}") == {("Compte petite-enfance", "constat")}
    assert {c for _, c in champs("?champ=publics")} == {"publics"}
    assert champs("?qui=0&champ=rien&page=99") == set()


def test_an_earlier_text_is_put_back_as_a_new_change(client_de):
    client = client_de("cooperation")
    ancien = fiche().constat
    modifier(client, constat="Un nouveau constat")
    [difference] = client.get(f"{URL}historique/").context["page_obj"][0].differences
    lignes = fiche().historique.count()

    data = {"champ": "constat", "ligne": difference.ligne_avant}
    for vue in ({}, {"vue": ""}, {"vue": "x"}, {"vue": "999999"}, {"vue": difference.ligne_avant}):
        page = client.post(f"{URL}historique/retablir/", data | vue, follow=True).content.decode()
        assert "ce texte a changé depuis" in page
    assert fiche().constat == "Un nouveau constat"

    vue = client.get(f"{URL}historique/").context["vue"]
    client.post(f"{URL}historique/retablir/", data | {"vue": vue})

    assert fiche().constat == ancien
    assert fiche().historique.count() == lignes + 1
    assert fiche().historique.latest().history_change_reason.startswith("Texte rétabli")


def test_a_line_of_another_fiche_or_a_contractual_field_is_not_put_back(client_de):
    client = client_de("cooperation")
    autre = FicheProjet.objects.get(code="PE-2").historique.latest()
    propre = fiche().historique.latest()

    for champ, ligne in [
        ("constat", autre.pk),
        ("intitule", propre.pk),
        ("version", propre.pk),
        ("constat", "x" * 30),
    ]:
        assert client.post(f"{URL}historique/retablir/", {"champ": champ, "ligne": ligne}).status_code == 404


@pytest.mark.parametrize(("nom", "statut"), [("caf", 403), ("referent", 403), ("copil", 403)])
def test_who_may_not_edit_puts_nothing_back(client_de, nom, statut):
    ligne = fiche().historique.latest().pk

    response = client_de(nom).post(f"{URL}historique/retablir/", {"champ": "constat", "ligne": ligne})

    assert response.status_code == statut


@pytest.mark.parametrize(
    ("nom", "lit"),
    [("cooperation", True), ("petite-enfance", True), ("caf", False), ("enfance", False), ("admin", False)],
)
def test_internal_notes_never_leave_their_scope_in_the_history(client_de, nom, lit):
    modifier(client_de("cooperation"), notes_internes="SECRET-DE-LA-VILLE", constat="Pour tous")

    page = client_de(nom).get(f"{URL}historique/").content.decode()

    assert "Pour tous" in page
    assert ("SECRET-DE-LA-VILLE" in page) is lit
    assert ("otes internes" in page) is lit


def test_the_values_of_indicators_are_told_to_the_team(client_de):
    mesure = Mesure.objects.filter(indicateur__fiche__code="PE-1", annee=2025).first()
    mesure.valeur, mesure.commentaire = 4321, "Compté deux fois"
    mesure.save()

    page = client_de("cooperation").get(f"{URL}historique/").content.decode()

    assert "Compté deux fois" in page
    assert "4\u202f321" in page


@pytest.mark.parametrize("nom", ["copil", "lecteur", "signataire"])
def test_the_history_is_not_the_committee_s(client_de, nom):
    assert client_de(nom).get(f"{URL}historique/").status_code == 403
    assert "historique/" not in client_de(nom).get(URL).content.decode()


def test_words_of_a_long_text():
    avant, apres = "Les familles attendent trop longtemps.", "Les familles attendent un mode de garde."

    assert (
        Difference("", "constat", "Constat", avant, apres).mots
        == [
            ("egal", "Les familles attendent "),
            ("ote", "trop longtemps."),
            ("ajoute", "un mode de garde."),
        ]
        or "".join(m for s, m in Difference("", "c", "C", avant, apres).mots if s != "ote") == apres
    )


def test_the_page_asks_as_many_queries_for_3_changes_as_for_60(client_de):
    client = client_de("cooperation")
    nombres = []
    for nb in (3, 60):
        for n in range(nb):
            une = fiche()
            une.publics = f"Publics {nb} {n}"
            une.save()
        client.get(f"{URL}historique/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}historique/")
        nombres.append(len(queries))

    assert nombres[0] == nombres[1]


def test_the_history_goes_on_through_an_avenant(client_de, dijon):
    client = client_de("cooperation")
    modifier(client, constat="Écrit avant l’avenant")
    avenant = Avenant.objects.create(
        convention=dijon, numero=1, date_effet=timezone.localdate(), intitule="Extension CLAS et Caf"
    )
    succeder(fiche().pk, avenant, {"intitule": "Un autre titre"})
    modifier(client, constat="Écrit après")

    page = client.get(f"{URL}historique/")

    lus = [(d.champ, d.apres) for e in page.context["page_obj"] for d in e.differences]
    assert ("constat", "Écrit avant l’avenant") in lus
    assert ("intitule", "Un autre titre") in lus
    motifs = [e.motif.replace("\u00a0", " ") for e in page.context["page_obj"]]
    assert "Avenant n° 1 – Extension CLAS et Caf" in motifs
    ancien = fiche().historique.filter(constat="Écrit avant l’avenant").first()
    adresse = reverse("fiches:restaurer", args=["dijon-2024", "PE-1"])
    client.post(adresse, {"champ": "constat", "ligne": ancien.pk, "vue": fiche().historique.latest().pk})
    assert fiche().constat == "Écrit avant l’avenant"


def test_a_decision_linked_to_the_fiche_is_told(client_de):
    decision = Decision.objects.get(reunion__annee=2025, reunion__rang=1, rang=1)
    client = client_de("cooperation")
    adresse = reverse("evaluation:lier_decision", args=["dijon-2024", "PE-4"])
    client.post(adresse, {"decision": decision.pk, "annee": "2026"})

    page = client.get("/dijon-2024/fiches/PE-4/historique/").content.decode()

    assert "Décision liée, 2026" in page
    assert str(decision) in page.replace("&#x27;", "'")
