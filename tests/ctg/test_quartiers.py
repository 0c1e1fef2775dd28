"""Quartiers, other découpages and outlines: the page, the rules, the import."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from ctg.decoupages import collect_decoupages, enregistrer_secteur, poser_contours, supprimer_secteur
from ctg.models import Decoupage, Emboitement, Mandat, PerimetreQuartier, Quartier
from tests.ctg.test_contours import CARRE, fichier, zone
from tests.navigation import formulaire

URL = "/dijon-2024/quartiers/"
IMPORT = f"{URL}contours/"
POLYGONE = {"type": "Polygon", "coordinates": [CARRE]}


@pytest.fixture
def petite_enfance(dijon):
    return Decoupage.objects.get(code="secteurs-pe")


@pytest.fixture
def reference(dijon):
    return {quartier.nom: quartier for quartier in Quartier.objects.de_reference(dijon.territoire)}


def secteur(decoupage, nom, *quartiers):
    return enregistrer_secteur(
        Quartier(decoupage=decoupage, nom=nom, source="Carte de la direction"), quartiers
    )


def deposer(client, *zones, source="Données ouvertes, 2025", **autres):
    depot = SimpleUploadedFile("quartiers.geojson", fichier(*zones))
    donnees = {"fichier": depot, "source": source}
    return client.post(IMPORT, donnees | autres)


def test_the_page_lists_the_nine_quartiers_and_says_what_the_text_does_not(client_de):
    page = client_de("lecteur").get(URL).content.decode()

    assert "découpage de référence : 9 quartiers" in page
    assert "0 secteur sur 4 annoncés par le texte" in page
    assert "0 secteur sur 5 annoncés par le texte" in page
    assert "Aucun contour n’est importé" in page
    assert "leaflet" not in page
    assert "Ajouter un secteur" not in page


def test_panels_of_the_registry_and_of_the_plan_lead_there_and_back(client_de):
    page = client_de("copil").get(URL).content.decode()

    assert 'href="/dijon-2024/fiches/quartiers/"' in page
    assert 'href="/dijon-2024/structures/carte/"' in page
    assert f'href="{URL}"' in client_de("copil").get("/dijon-2024/fiches/quartiers/").content.decode()


def test_quartiers_nest_once_each_is_whole_in_one_secteur(dijon, petite_enfance, reference):
    noms = list(reference)
    secteur(petite_enfance, "Nord", *(reference[nom] for nom in noms[:5]))

    [autre] = [a for a in collect_decoupages(dijon.territoire).autres if a.decoupage == petite_enfance]
    assert (autre.is_emboite, autre.manquent) == (False, 4)
    assert [quartier.nom for quartier in autre.a_ranger] == noms[5:]

    secteur(petite_enfance, "Sud", *(reference[nom] for nom in noms[5:]))
    [autre] = [a for a in collect_decoupages(dijon.territoire).autres if a.decoupage == petite_enfance]
    assert autre.is_emboite
    assert autre.secteur_de(reference["Grésilles"]).nom == "Nord"

    secteur(petite_enfance, "Vide")
    [autre] = [a for a in collect_decoupages(dijon.territoire).autres if a.decoupage == petite_enfance]
    assert not autre.is_emboite


def test_a_quartier_is_in_one_secteur_of_a_decoupage(petite_enfance, reference):
    secteur(petite_enfance, "Nord", reference["Grésilles"])

    with pytest.raises(ValidationError, match="« Grésilles » est déjà dans « Nord »"):
        secteur(petite_enfance, "Sud", reference["Grésilles"])
    sud = secteur(petite_enfance, "Sud")
    with pytest.raises(IntegrityError, match=r"emboitement_un_secteur|ctg_emboitement"), transaction.atomic():
        Emboitement.objects.create(decoupage=petite_enfance, secteur=sud, quartier=reference["Grésilles"])
    # Another découpage cuts the town as it wants.
    secteur(Decoupage.objects.get(code="secteurs-dee"), "Est", reference["Grésilles"])


def test_what_composes_a_secteur_is_a_quartier_of_reference(petite_enfance, reference):
    nord, sud = secteur(petite_enfance, "Nord"), secteur(petite_enfance, "Sud")

    with pytest.raises(ValidationError, match="quartier du découpage de référence"):
        Emboitement(decoupage=petite_enfance, secteur=nord, quartier=sud).full_clean()
    with pytest.raises(ValidationError, match="découpage qui n’est pas celui de référence"):
        Emboitement(
            decoupage=reference["Grésilles"].decoupage,
            secteur=reference["Grésilles"],
            quartier=reference["Maladière"],
        ).full_clean()
    with pytest.raises(ValidationError, match="viennent du texte signé"):
        secteur(reference["Grésilles"].decoupage, "Dixième quartier")


def test_the_form_adds_changes_and_keeps_the_history(client_de, petite_enfance, reference):
    client, adresse = client_de("cooperation"), f"{URL}secteurs-pe/ajouter/"
    lu = formulaire(client.get(adresse))
    donnees = {"nom": "Nord", "source": "Carte, 2025", "compose_de": [reference["Grésilles"].pk]}
    client.post(adresse, lu | donnees)
    nord = Quartier.objects.get(nom="Nord")
    lu = formulaire(client.get(f"{URL}secteurs/{nord.pk}/"))
    client.post(f"{URL}secteurs/{nord.pk}/", lu | {"compose_de": [reference["Maladière"].pk]})

    assert list(nord.emboitements.values_list("quartier__nom", flat=True)) == ["Maladière"]
    assert list(Emboitement.historique.order_by("history_id").values_list("history_type", flat=True)) == [
        "+",
        "-",
        "+",
    ]
    assert Quartier.historique.filter(id=nord.pk).latest().history_user.email == "cooperation@demo.invalid"


def test_two_people_who_compose_a_secteur_differently_are_told(client_de, petite_enfance, reference):
    nord = secteur(petite_enfance, "Nord")
    client, adresse = client_de("cooperation"), f"{URL}secteurs/{nord.pk}/"
    ouvert = formulaire(client.get(adresse))
    enregistrer_secteur(nord, [reference["Grésilles"]])
    page = client.post(adresse, ouvert | {"compose_de": [reference["Maladière"].pk]}).content.decode()

    assert "a écrit ici, pendant que vous écriviez : « Grésilles »" in page
    assert list(nord.emboitements.values_list("quartier__nom", flat=True)) == ["Grésilles"]


def test_a_secteur_says_where_it_comes_from(client_de, petite_enfance):
    client, adresse = client_de("cooperation"), f"{URL}secteurs-pe/ajouter/"
    reponse = client.post(adresse, formulaire(client.get(adresse)) | {"nom": "Nord", "source": ""})

    assert reponse.status_code == 200
    assert 'value="Nord"' in reponse.content.decode()  # what was typed stays
    assert not Quartier.objects.filter(nom="Nord").exists()


def test_a_secteur_that_is_named_elsewhere_is_not_deleted(client_de, compte, petite_enfance):
    nord = secteur(petite_enfance, "Nord")
    mandat = Mandat.objects.get(utilisateur=compte("quartier"))
    perimetre = PerimetreQuartier.objects.create(mandat=mandat, quartier=nord)
    client = client_de("cooperation")

    assert "ne se supprime pas" in client.get(f"{URL}secteurs/{nord.pk}/supprimer/").content.decode()
    with pytest.raises(ValidationError, match="Rien n’est supprimé"):
        supprimer_secteur(nord.pk)
    perimetre.delete()
    client.post(f"{URL}secteurs/{nord.pk}/supprimer/")
    assert not Quartier.objects.filter(nom="Nord").exists()


def test_a_quartier_of_reference_is_neither_changed_nor_deleted_there(client_de, reference):
    client, cle = client_de("cooperation"), reference["Grésilles"].pk

    assert client.get(f"{URL}secteurs/{cle}/").status_code == 404
    assert client.post(f"{URL}secteurs/{cle}/supprimer/").status_code == 404
    assert client.get(f"{URL}quartiers/ajouter/").status_code == 404
    with pytest.raises(ValidationError, match="ne se supprime pas ici"):
        supprimer_secteur(cle)


def test_an_import_is_shown_then_confirmed_once(client_de, reference):
    client = client_de("cooperation")
    apercu = deposer(client, zone("GRESILLES"), zone("maladiere"))
    assert [(nom, quartier.nom) for nom, quartier, _ in apercu.context["lignes"]] == [
        ("GRESILLES", "Grésilles"),
        ("maladiere", "Maladière"),
    ]
    assert "Le fichier ne contient pas : Toison d’Or" in apercu.content.decode()
    assert not Quartier.objects.filter(contour__isnull=False).exists()

    depot = {"depot": apercu.context["depot"]}
    page = client.post(IMPORT, depot, follow=True).content.decode()
    assert "2 contours sont enregistrés." in page
    assert "leaflet.js" in page
    gresilles = Quartier.objects.get(nom="Grésilles")
    assert (gresilles.contour, gresilles.source_contour) == (POLYGONE, "Données ouvertes, 2025")
    assert "n’attend plus" in client.post(IMPORT, depot, follow=True).content.decode()


def test_unknown_names_are_refused_unless_they_are_left_aside(client_de):
    client = client_de("cooperation")
    refuse = deposer(client, zone("Grésilles"), zone("Talant"))
    page = refuse.content.decode()
    assert "Ces zones ne portent le nom d’aucun quartier : Talant." in page
    assert "noms attendus : Toison d’Or" in page
    assert 'value="Données ouvertes, 2025"' in page

    apercu = deposer(client, zone("Grésilles"), zone("Talant"), laisser="on")
    assert apercu.context["apercu"].inconnus == ("Talant",)


def test_a_file_waits_for_its_own_account_alone(client_de, client):
    depot = {"depot": deposer(client_de("cooperation"), zone("Grésilles")).context["depot"]}

    assert "n’attend plus" in client_de("admin").post(IMPORT, depot, follow=True).content.decode()
    assert not Quartier.objects.filter(contour__isnull=False).exists()


def test_a_file_too_large_or_bad_is_refused_on_the_page(client_de):
    client = client_de("cooperation")
    gros = SimpleUploadedFile("q.geojson", b" " * 2_000_001)
    donnees = {"source": "x"}

    assert "dépasse 2\u202fMo" in client.post(IMPORT, donnees | {"fichier": gros}).content.decode()
    vide = SimpleUploadedFile("q.geojson", b"{}")
    assert "n’est pas un GeoJSON" in client.post(IMPORT, donnees | {"fichier": vide}).content.decode()


def test_without_a_decoupage_of_reference_nothing_is_imported(client_de):
    Decoupage.objects.filter(is_reference=True).update(is_reference=False)
    client = client_de("cooperation")

    assert "n’a pas de découpage de référence" in deposer(client, zone("Grésilles")).content.decode()
    assert "Aucun découpage de référence." in client.get(URL).content.decode()
    assert "Aucun quartier." in client.get("/dijon-2024/fiches/quartiers/").content.decode()


def test_an_outline_is_a_polygon_with_its_source(reference):
    gresilles = reference["Grésilles"]

    with pytest.raises(ValidationError, match="d’où viennent ces contours"):
        poser_contours(gresilles.decoupage, {gresilles.pk: POLYGONE}, source=" ")
    with pytest.raises(ValidationError, match="polygone"):
        poser_contours(
            gresilles.decoupage, {gresilles.pk: {"type": "Point", "coordinates": [5, 47]}}, source="x"
        )
    with pytest.raises(IntegrityError, match="quartier_contour_a_sa_source"), transaction.atomic():
        Quartier.objects.filter(pk=gresilles.pk).update(contour=POLYGONE)
    with pytest.raises(IntegrityError, match="quartier_contour_a_sa_source"), transaction.atomic():
        Quartier.objects.filter(pk=gresilles.pk).update(source_contour="x")


def test_the_same_file_again_changes_nothing_and_an_outline_is_taken_away(client_de, reference):
    gresilles = reference["Grésilles"]
    assert poser_contours(gresilles.decoupage, {gresilles.pk: POLYGONE}, source="x") == 1
    assert poser_contours(gresilles.decoupage, {gresilles.pk: POLYGONE}, source="x") == 0
    client = client_de("cooperation")
    [dessin] = client.get(f"{URL}contours.geojson").json()["features"]
    assert dessin == {"type": "Feature", "geometry": POLYGONE, "properties": {"nom": "Grésilles"}}

    assert (
        "Retirer le contour de « Grésilles »"
        in client.get(f"{URL}{gresilles.pk}/contour/retirer/").content.decode()
    )
    assert client.get(f"{URL}contours.geojson").json()["features"] == [dessin]
    client.post(f"{URL}{gresilles.pk}/contour/retirer/")
    gresilles.refresh_from_db()
    assert (gresilles.contour, gresilles.source_contour) == (None, "")
    assert client.get(f"{URL}contours.geojson").json()["features"] == []


@pytest.mark.parametrize("nom", ["NORD", "nord ", "Nôrd"])
def test_the_same_name_in_other_letters_is_the_same_secteur(petite_enfance, nom):
    premier = secteur(petite_enfance, "Nord")

    with pytest.raises(ValidationError, match="« Nord » existe déjà dans ce découpage"):
        secteur(petite_enfance, nom)
    premier.nom = "NORD"  # its own case may change
    enregistrer_secteur(premier, [])
