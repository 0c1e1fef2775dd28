"""Steps, means, parts of a value and observed effects on the page of entry."""

import re
from decimal import Decimal as D

import pytest
from django.utils import timezone

from ctg.models import Mandat, Personne
from evaluation.models import Effet, Indicateur, Mesure, ModaliteIndicateur, ValeurVentilee
from evaluation.ventilation import ecart_detail
from fiches.models import Etape, Moyen
from tests.evaluation.outils import faire, fiche, mettre, qui, saisie
from tests.navigation import formulaire

URL = "/dijon-2024/evaluation/2025/saisie/PE-1/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def detail():
    """PE-1-01 by age, in two parts."""
    indicateur = Indicateur.objects.get(code="PE-1-01")
    indicateur.ventilation = "age"
    indicateur.save()
    parts = [
        ModaliteIndicateur.objects.create(indicateur=indicateur, ordre=rang, libelle=libelle)
        for rang, libelle in enumerate(("0-3 ans", "3-6 ans"))
    ]
    return indicateur, [f"d{indicateur.pk}-p{part.pk}" for part in parts]


def valeurs(indicateur):
    return list(
        ValeurVentilee.objects.filter(mesure__indicateur=indicateur, mesure__annee=2025)
        .order_by("modalite__ordre")
        .values_list("valeur", flat=True)
    )


def test_steps_are_ticked_and_means_are_entered(client_de):
    client = client_de("referent")
    etape = Etape.objects.filter(fiche=fiche(), is_faite=False).first()
    moyen = Moyen.objects.filter(fiche=fiche(), annee=2025).first()

    client.post(
        URL, formulaire(client.get(URL)) | {f"e{etape.pk}-faite": "on", f"m{moyen.pk}-realise": "12 310,50"}
    )

    etape.refresh_from_db()
    moyen.refresh_from_db()
    assert (etape.is_faite, moyen.realise) == (True, D("12310.5"))
    assert saisie().statut == "en_cours"
    data = formulaire(client.get(URL))
    del data[f"e{etape.pk}-faite"]
    client.post(URL, data)
    etape.refresh_from_db()
    assert not etape.is_faite


def test_a_step_that_another_page_ticked_meanwhile_stays(client_de):
    client = client_de("referent")
    etape = Etape.objects.filter(fiche=fiche(), is_faite=False).first()
    data = formulaire(client.get(URL)) | {"avancement-difficultes": "x"}
    etape.is_faite = True
    etape.save()

    assert client.post(URL, data).status_code == 302
    etape.refresh_from_db()
    assert etape.is_faite


def test_a_mean_that_both_changed_is_asked(client_de):
    client = client_de("referent")
    moyen = Moyen.objects.filter(fiche=fiche(), annee=2025).first()
    data = formulaire(client.get(URL)) | {f"m{moyen.pk}-realise": "10"}
    moyen.realise = D(20)
    moyen.save()

    reponse = client.post(URL, data)
    assert [conflit.leur.affichage for conflit in reponse.context["fusion"].conflits] == ["20"]
    client.post(URL, formulaire(reponse) | {f"choix-m{moyen.pk}-realise": "mien"})
    moyen.refresh_from_db()
    assert moyen.realise == 10


def test_parts_that_make_their_total_are_written(client_de, detail):
    indicateur, (a, b) = detail
    client = client_de("referent")

    reponse = client.post(
        URL, formulaire(client.get(URL)) | {f"i{indicateur.pk}-valeur": "15", a: "10", b: "5"}
    )

    assert reponse.status_code == 302
    assert valeurs(indicateur) == [10, 5]


@pytest.mark.parametrize(("choix", "total", "parts"), [("accepter", 15, [7, 5]), ("reprendre", 12, [7, 5])])
def test_parts_that_do_not_make_their_total_are_asked(client_de, detail, choix, total, parts):
    indicateur, (a, b) = detail
    client = client_de("referent")
    data = formulaire(client.get(URL)) | {f"i{indicateur.pk}-valeur": "15", a: "7", b: "5"}

    refus = client.post(URL, data)
    page = refus.content.decode()
    assert "Le détail fait 12, le total 15\u00a0: il manque 3" in page
    assert valeurs(indicateur) == []

    assert client.post(URL, formulaire(refus) | {f"d{indicateur.pk}-ecart": choix}).status_code == 302
    assert Mesure.objects.get(indicateur=indicateur, annee=2025).valeur == total
    assert valeurs(indicateur) == parts
    relue = client.get(URL)
    assert ("il manque 3" in relue.content.decode()) is (choix == "accepter")
    # A gap that was accepted is not asked again of who changes something else.
    assert client.post(URL, formulaire(relue) | {"avancement-difficultes": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("agregation", "total", "parts", "phrase"),
    [
        ("somme", D(12), [D(7), D(5)], None),
        ("somme", D(10), [D(7), D(5)], "le détail fait 12, le total 10\u00a0: il y a 2 de trop"),
        (
            "somme",
            None,
            [D(7), None],
            "le détail fait 7, le total n’est pas renseigné (1 part renseignée sur 2)",
        ),
        ("moyenne", D("6.3"), [D(6), D("6.5")], None),
        ("moyenne", D(7), [D(6), D("6.5"), D("5.5")], "la moyenne du détail est 6, le total 7"),
        ("moyenne", D(6), [D(6), D("6.4")], None),
        ("aucune", D(1), [D(7), D(5)], None),
        ("somme", D(1), [None, None], None),
    ],
)
def test_the_gap_between_parts_and_total(agregation, total, parts, phrase):
    ecart = ecart_detail(Indicateur(agregation=agregation), total, parts)

    assert (ecart.phrase if ecart else None) == phrase


EFFET = {
    "constat": "Moins d’attente au guichet",
    "sens": "negatif",
    "is_attendu": "0",
    "origine": "indirect",
    "parties_prenantes": "Familles",
    "preuve": "Enquête",
}


def test_an_effect_is_added_changed_and_taken_away(client_de):
    for n in range(3):  # the key of an effect is not that of its fiche
        un_autre = Effet(
            convention=fiche("PE-2").convention, fiche=fiche("PE-2"), annee=2025, constat=f"Autre {n}"
        )
        un_autre.sens, un_autre.is_attendu, un_autre.origine = "positif", True, "direct"
        un_autre.save()
    client = client_de("referent")
    ajouter = f"{URL}effets/ajouter/"
    assert "obligatoire" in client.post(ajouter, {}).content.decode()
    client.post(ajouter, formulaire(client.get(ajouter)) | EFFET)
    effet = Effet.objects.get(constat=EFFET["constat"])
    assert (effet.sens, effet.is_attendu, effet.origine, effet.annee) == ("negatif", False, "indirect", 2025)
    assert EFFET["constat"] in client.get(URL).content.decode()

    url = f"{URL}effets/{effet.pk}/"
    client.post(url, formulaire(client.get(url)) | {"preuve": "Comptage"})
    effet.refresh_from_db()
    assert (effet.preuve, effet.is_attendu) == ("Comptage", False)
    client.post(url, formulaire(client.get(url)) | {"supprimer": "1"})
    assert not Effet.objects.filter(pk=effet.pk).exists()


def test_an_effect_of_a_submitted_entry_is_kept_as_a_draft(client_de):
    for n in range(3):  # the key of an effect is not that of its fiche
        un_autre = Effet(
            convention=fiche("PE-2").convention, fiche=fiche("PE-2"), annee=2025, constat=f"Autre {n}"
        )
        un_autre.sens, un_autre.is_attendu, un_autre.origine = "positif", True, "direct"
        un_autre.save()
    client = client_de("referent")
    ajouter = f"{URL}effets/ajouter/"
    data = formulaire(client.get(ajouter)) | EFFET
    mettre("soumise")

    reponse = client.post(ajouter, data)

    assert reponse.status_code == 409
    assert not Effet.objects.filter(constat=EFFET["constat"]).exists()
    assert EFFET["constat"] in client.get(ajouter).content.decode()


def test_the_whole_way_of_an_entry_on_screen(client_de):
    client = client_de("referent")
    reponse = client.post(
        URL, formulaire(client.get(URL)) | {"avancement-difficultes": "Peu", "soumettre": "1"}
    )
    assert reponse["Location"] == f"{URL}soumettre/"
    assert "Soumettre la saisie 2025" in client.get(f"{URL}soumettre/").content.decode()
    assert client.post(f"{URL}soumettre/").status_code == 302
    page = client.get(URL).content.decode()
    assert "Soumise le" in page
    assert 'name="avancement-difficultes"' not in page

    client = client_de("petite-enfance")
    renvoyer = f"{URL}renvoyer/"
    indicateur = Indicateur.objects.get(code="PE-1-01")
    refus = client.post(renvoyer, {f"coche-i{indicateur.pk}": "on"}).content.decode()
    assert "Dites ce que vous demandez" in refus
    client.post(renvoyer, {f"coche-i{indicateur.pk}": "on", f"dit-i{indicateur.pk}": "Vérifiez ce chiffre."})
    assert saisie().statut == "a_corriger"

    client = client_de("referent")
    page = client.get(URL).content.decode()
    assert "Vérifiez ce chiffre." in page
    assert f'id="champ-i{indicateur.pk}"' in page
    assert f'name="i{indicateur.pk}-valeur"' in page
    assert 'name="avancement-difficultes"' not in page
    client.post(URL, formulaire(client.get(URL)) | {f"i{indicateur.pk}-valeur": "1390"})
    assert Mesure.objects.get(indicateur=indicateur, annee=2025).valeur == 1390
    client.post(f"{URL}soumettre/")
    client_de("petite-enfance").post(f"{URL}valider/", {"motif": ""})
    assert (saisie().statut, saisie().validee_par) == ("validee", qui("petite-enfance"))


def test_who_submitted_writes_why_or_does_not_validate(client_de):
    mettre("en_cours")
    faire("soumettre", "petite-enfance")
    client = client_de("petite-enfance")

    assert "une autre personne la valide" in client.post(f"{URL}valider/", {"motif": ""}).content.decode()
    client.post(f"{URL}valider/", {"motif": "Seule en poste"})
    assert saisie().derogation == "Seule en poste"
    assert "Seule en poste" in client.get("/dijon-2024/fiches/PE-1/historique/").content.decode()


def test_what_is_entered_for_the_referent_says_so_though_no_line_names_anybody(client_de):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    saisie().lignes.filter(indicateur=indicateur).update(responsable=None)

    def entrer(nom, valeur):
        client = client_de(nom)
        client.post(URL, formulaire(client.get(URL)) | {f"i{indicateur.pk}-valeur": valeur})
        return Mesure.objects.get(indicateur=indicateur, annee=2025).pour_le_compte_de

    assert entrer("cooperation", "1391").utilisateur == qui("referent")
    assert entrer("referent", "1392") is None
    Mandat.objects.filter(utilisateur=qui("referent")).update(date_fin=timezone.localdate())
    assert entrer("cooperation", "1393").utilisateur == qui(
        "petite-enfance"
    )  # the coordinateur of the axe owes it
    autre = Mandat.objects.get(utilisateur=qui("petite-enfance"))
    Mandat.objects.filter(pk=autre.pk).update(date_fin=timezone.localdate())
    assert entrer("cooperation", "1394") is None


def test_what_is_entered_for_somebody_else_says_so(client_de):
    indicateur = Indicateur.objects.get(code="PE-1-01")
    ligne = saisie().lignes.get(indicateur=indicateur)
    ligne.responsable = Personne.objects.get(utilisateur=qui("cooperation"))
    ligne.save()
    client = client_de("referent")

    client.post(URL, formulaire(client.get(URL)) | {f"i{indicateur.pk}-valeur": "1390"})

    page = re.sub(r"\s+", " ", client.get(URL).content.decode())
    assert f"saisi par Compte referent pour le compte de {ligne.responsable}" in page
