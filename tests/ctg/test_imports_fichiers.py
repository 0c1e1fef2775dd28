"""Files that people send to the import of the administration: what is read, what is refused, and once only."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook

from ctg.formats import CSVProtege, XLSXTypes
from ctg.lecture_xlsx import ClasseurError
from ctg.models import Organisme
from ctg.resources import EntierWidget, JourWidget, NombreWidget
from structures.models import Structure
from structures.resources import StructureResource
from tests.navigation import formulaire

DEPOSER = "/admin/structures/structure/import/"
CONFIRMER = "/admin/structures/structure/process_import/"
ORGANISMES = "/admin/ctg/organisme/import/"
TITRES = "territoire;code;type;nom;capacite;latitude;longitude"
XLSX, CSV = "0", "1"


def deposer(client, texte, *, encodage="utf-8", url=DEPOSER):
    contenu = texte if isinstance(texte, bytes) else texte.encode(encodage)
    fichier = SimpleUploadedFile("depot.csv", contenu)
    return client.post(url, {"import_file": fichier, "format": CSV, "resource": "0"})


def importer(client, texte, **kwargs):
    apercu = deposer(client, texte, **kwargs)
    data = formulaire(apercu)
    assert "depot" in data, apercu.content.decode()[-3000:]
    return client.post(kwargs.get("url", DEPOSER).replace("/import/", "/process_import/"), data)


def structures(*lignes, titres=TITRES):
    return "\r\n".join((titres, *lignes)) + "\r\n"


@pytest.mark.parametrize("separateur", [";", "\t", ","])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_french_csv_is_read_right(client_de, dijon, separateur, encodage):
    texte = structures('Dijon;neuve;eaje;"Crèche « L’Œuvre », été";1 0;"47,5";"5,25"').replace(
        "1 0", "1\u202f000"
    )
    texte = texte.replace(";", separateur).replace("\u202f", " " if encodage == "cp1252" else "\u202f")
    if separateur == ",":
        assert '"47,5"' in texte

    response = importer(client_de("admin"), texte, encodage=encodage)

    assert response.status_code == 302
    structure = Structure.objects.get(code="neuve")
    assert (structure.nom, structure.capacite, str(structure.latitude)) == (
        "Crèche « L’Œuvre », été",
        1000,
        "47.50000",
    )
    assert structure.territoire == dijon.territoire


@pytest.mark.parametrize(
    ("lignes", "message"),
    [
        (
            ["Dijon;neuve;eaje;Neuve;30,5;;"],
            "Ligne 2, colonne «\u00a0capacite\u00a0»\u00a0: « 30,5 » n’est pas un nombre entier.",
        ),
        (["Dijon;neuve;eaje;Neuve;3000000;;"], "Une structure a entre 1 et 1\u202f500 places"),
        (["Dijon;neuve;eaje;Neuve;0;;"], "Une structure a entre 1 et 1\u202f500 places"),
        (["Dijon;neuve;eaje;Neuve;beaucoup;;"], "« beaucoup » n’est pas un nombre"),
        (["Dijon;neuve;eaje;Neuve;;47.321;5,1"], "peut se lire de deux façons"),
        (["Dijon;neuve;inconnu;Neuve;;;"], "type de structure inconnu : « inconnu »"),
        (
            ["Dijon;n1;eaje;Une;;;", "Dijon;n2;eaje;Deux;;;", "Dijon; n1;eaje;Trois;;;"],
            "Les lignes 2 et 4 disent la même chose",
        ),
        (["Dijon;;eaje;Neuve;;;"], "Ligne 2 : la colonne « code » est vide."),
        (["Dijon;n1;eaje;Une;;;", "", "Dijon;n2;eaje;Deux;;;"], "La ligne 3 est vide"),
        (["Dijon;n1;eaje;Une;;;;de trop"], "La ligne 2 a plus de colonnes"),
        (['Dijon;n1;eaje;"Une;;;'], "un guillemet y est ouvert"),
        ([], "ajoutez les lignes"),
    ],
)
def test_what_is_wrong_is_said_in_french_and_nothing_is_written(client_de, dijon, lignes, message):
    avant = Structure.objects.count()

    page = deposer(client_de("admin"), structures(*lignes)).content.decode()

    assert message in page
    assert 'name="depot"' not in page
    assert Structure.objects.count() == avant


@pytest.mark.parametrize(
    ("titres", "message"),
    [
        ("territoire;code;nom;capacité", "Colonne inconnue : « capacité »"),
        ("territoire;nom;capacite;adresse", "Il manque la colonne « code »"),
        ("territoire;code;nom;nom", "La colonne « nom » est là deux fois"),
    ],
)
def test_titles_are_checked(client_de, dijon, titres, message):
    page = deposer(client_de("admin"), f"{titres}\nDijon;n1;Une;2\n").content.decode()

    assert message in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"\xff\xfeA",
        b"nom;sigle\nA\0B;C\n",
        b"\xef\xbb\xbfnom;sigle\n\xe9t\xe9;x\n",
        "nom;sigle\né".encode() + b";\xe9\n",
    ],
)
def test_what_does_not_decode_is_refused(contenu):
    with pytest.raises(ClasseurError):
        CSVProtege().create_dataset(contenu)


def test_a_formula_of_a_workbook_is_refused_by_its_cell():
    classeur = Workbook()
    classeur.active.append(["nom", "sigle"])
    classeur.active.append(["Neuf", "=1+1"])
    classeur.save(sortie := io.BytesIO())

    with pytest.raises(ClasseurError, match=r"Cellule B2 : .*formule"):
        XLSXTypes().create_dataset(sortie.getvalue())
    with pytest.raises(ClasseurError, match="classeur XLSX"):
        XLSXTypes().create_dataset(b"nom;sigle\n")


@pytest.mark.parametrize("espace", ["", " ", "\u00a0", "\u2009", "\u202f"])
def test_numbers_and_days_are_french(espace):
    assert str(NombreWidget().clean(f"1{espace}234,5")) == "1234.5"
    assert EntierWidget().clean(f"1{espace}234") == 1234
    assert JourWidget().clean("31/12/2025") == JourWidget().clean("2025-12-31")
    for widget, texte in ((JourWidget(), "31.12.25"), (EntierWidget(), "30.5")):
        with pytest.raises(ValueError, match="n’est pas"):
            widget.clean(texte)


def test_an_implausible_number_of_places_is_not_stored(dijon):
    structure = Structure.objects.first()
    for places in (0, 3_000_000):
        structure.capacite = places
        with pytest.raises(IntegrityError, match="structure_capacite_plausible"), transaction.atomic():
            structure.save()


# Once, and what was previewed ------------------------------------------------------------------------


def apercu(client, nom="Tout neuf"):
    return formulaire(deposer(client, f"nom;source\n{nom};essai\n", url=ORGANISMES))


def test_posted_twice_it_is_imported_once(client_de):
    client = client_de("admin")
    data = apercu(client)
    url = ORGANISMES.replace("/import/", "/process_import/")

    assert "1 ligne(s) ajoutée(s)" in client.post(url, data, follow=True).content.decode()
    seconde = client.post(url, data, follow=True)

    assert seconde.redirect_chain == [(ORGANISMES, 302)]
    assert "Ce fichier n’attend plus d’être importé" in seconde.content.decode()
    assert Organisme.objects.get(nom="Tout neuf").historique.count() == 1


@pytest.mark.parametrize(
    "changer",
    [
        lambda data: {},
        lambda data: {"import_file_name": "/etc/passwd", "original_file_name": "x", "format": "9"},
        lambda data: {"depot": data["depot"][:-3] + "xyz"},
        lambda data: {"depot": "\0"},
    ],
)
def test_a_missing_or_forged_deposit_goes_back_to_the_form(client_de, changer):
    client = client_de("admin")
    url = ORGANISMES.replace("/import/", "/process_import/")
    data = apercu(client)

    response = client.post(url, changer(data), follow=True)

    assert response.redirect_chain == [(ORGANISMES, 302)]
    assert "arrivé abîmé" in response.content.decode()
    assert not Organisme.objects.filter(nom="Tout neuf").exists()
    assert client.get(url).status_code == 302


def test_a_deposit_of_another_table_is_refused(client_de):
    client = client_de("admin")

    response = client.post(CONFIRMER, apercu(client), follow=True)

    assert response.redirect_chain == [(DEPOSER, 302)]
    assert not Organisme.objects.filter(nom="Tout neuf").exists()


def test_what_changed_since_the_preview_is_said(client_de, dijon):
    client = client_de("admin")
    structure = Structure.objects.filter(gestionnaire=None).first()
    data = formulaire(
        deposer(
            client,
            f"territoire;code;gestionnaire;source_contrat\nDijon;{structure.code};VYV;Annexe 2, p. 3\n",
        )
    )
    structure.gestionnaire = Organisme.objects.exclude(nom="VYV").first()
    structure.completer("essai")
    structure.save()

    page = client.post(CONFIRMER, data).content.decode()

    assert "Rien n’est importé" in page
    assert "colonne «\u00a0gestionnaire\u00a0»" in page
    assert 'name="import_file"' in page


@pytest.mark.usefixtures("donnees_partagees")
def test_two_confirmations_at_once_import_once(client_de, compte):
    from django.test import Client

    client = client_de("admin")
    data = apercu(client)
    statuts, depart = [], threading.Barrier(2)

    def confirmer():
        autre = Client()
        autre.cookies = client.cookies
        depart.wait()
        statuts.append(autre.post(ORGANISMES.replace("/import/", "/process_import/"), data).url)
        connection.close()

    fils = [threading.Thread(target=confirmer) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()

    assert sorted(statuts) == ["/admin/ctg/organisme/", ORGANISMES]
    assert Organisme.objects.get(nom="Tout neuf").historique.count() == 1


# The signed text -------------------------------------------------------------------------------------


def test_an_empty_signed_field_is_filled_with_its_own_source(dijon):
    """The source of the row tells where the row comes from, not what fills a hole in it."""
    structure = Structure.objects.filter(gestionnaire=None).exclude(source="").first()
    export = StructureResource().export(Structure.objects.filter(pk=structure.pk))
    rang = export.headers.index("gestionnaire")
    ligne = list(export[0])
    ligne[rang] = "VYV"

    sans = StructureResource().import_data(export.__class__(ligne, headers=export.headers))
    assert "Dites d’où vient" in str(sans.invalid_rows[0].error)

    avec = StructureResource().import_data(
        export.__class__([*ligne, "Annexe 2, p. 3"], headers=[*export.headers, "source_contrat"])
    )
    assert not avec.has_validation_errors()
    structure.refresh_from_db()
    assert structure.gestionnaire.nom == "VYV"
    assert structure.historique.latest().history_change_reason == "Complété d’après : Annexe 2, p. 3"
