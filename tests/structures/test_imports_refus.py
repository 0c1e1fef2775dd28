"""A catalogue of bad files: each one writes nothing, and is answered by what is wrong, where, and what to do."""

import pytest

from ctg.models import ImportFait
from structures.models import Structure
from tests.structures.fichiers import (
    IMPORTER,
    NEUVE,
    ODS,
    OLE,
    TITRES,
    apercu,
    archive,
    classeur,
    csv,
    neuve,
    ods,
    rang_ods,
)
from tests.structures.mauvais_fichiers import (
    CHIFFRE_ODS,
    FORMULE_ODS,
    REPETEES,
    bombe,
    chiffre_zip,
    dix_mille_parties,
    en_ods,
    entite_externe,
    fusionner,
    large,
    masquer,
    mille_rires,
    tronque,
    xml_abime,
)

pytestmark = pytest.mark.django_db


# {name: (bytes or what makes them, what is said)}: the file as a whole.
FICHIERS = {
    "vide": (b"", ["Ce fichier est vide", "dont la première ligne donne le nom des colonnes"]),
    "lignes vides": (b"\r\n;;;\r\n  \r\n", ["Ce fichier est vide"]),
    "classeur vide": (lambda: classeur(titres=()), ["Ce fichier est vide"]),
    "titres seuls": (csv, ["n’a que la ligne des titres", "ajoutez les lignes"]),
    "titres seuls, ODS": (lambda: en_ods(TITRES), ["n’a que la ligne des titres"]),
    "titre en double": (
        lambda: csv(("a", "b"), titres=("Nom", "NOM")),
        ["Ligne 1", "les colonnes A et B ont le même titre, « NOM »", "Renommez ou supprimez"],
    ),
    "colonne sans titre": (
        lambda: csv(("a", "EAJE", "c"), titres=("Nom", "", "Adresse")),
        ["Ligne 2, colonne B", "« EAJE » n’a pas de titre", "Donnez un titre à la colonne B"],
    ),
    "plus de colonnes que de titres": (
        lambda: csv((*NEUVE, "de trop")),
        ["Ligne 2, colonne H", "« de trop » n’a pas de titre", "s’écrit entre guillemets"],
    ),
    "formule dans un titre": (
        lambda: classeur(NEUVE, titres=("=1+1", *TITRES[1:])),
        ["Ligne 1, colonne A, « =1+1 »", "remplacez-la par sa valeur"],
    ),
    "guillemet ouvert": (b'Nom;Type\r\n"Une;EAJE\r\n', ["un guillemet y est ouvert"]),
    "tronqué": (tronque, ["Ce fichier ne se lit pas", "enregistrez-le"]),
    "XML abîmé": (xml_abime, ["Ce fichier ne se lit pas"]),
    "ancien Excel": (OLE + b"\0" * 600, ["ancien format d’Excel (.xls)", "Classeur Excel (.xlsx)"]),
    "mot de passe": (
        OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        ["protégé par un mot de passe", "enregistrez-le sans"],
    ),
    "partie chiffrée": (chiffre_zip, ["protégé par un mot de passe"]),
    "mot de passe, ODS": (lambda: ods(rang_ods("Nom"), parties=CHIFFRE_ODS), ["protégé par un mot de passe"]),
    "macros": (
        lambda: archive({"xl/vbaProject.bin": b"macro"}, depart=classeur(NEUVE)),
        ["contient des macros (.xlsm)", "Classeur Excel (.xlsx)"],
    ),
    "cellules fusionnées": (
        lambda: classeur(NEUVE, neuve(Nom="Autre"), changer=fusionner),
        ["Les cellules B2:B3 sont fusionnées", "Défusionnez-les"],
    ),
    "cellules fusionnées, ODS": (
        lambda: en_ods(TITRES, (('table:number-rows-spanned="2"', "Une"), "EAJE")),
        ["de la ligne 2 sont fusionnées", "Défusionnez-les"],
    ),
    "ligne masquée": (
        lambda: classeur(NEUVE, neuve(Nom="Autre"), changer=masquer),
        ["Masqué ou filtré, ligne 3", "Affichez tout"],
    ),
    "ligne filtrée, ODS": (
        lambda: ods(rang_ods(*TITRES) + rang_ods(*NEUVE, attributs='table:visibility="filter"')),
        ["Masqué ou filtré, ligne 2"],
    ),
    "bombe": (bombe, ["dépasse 50 Mio une fois ouvert"]),
    "entité externe": (entite_externe, ["demande d’en lire d’autres", "dans un classeur neuf"]),
    "mille rires, ODS": (mille_rires, ["se recopie lui-même", "dans un classeur neuf"]),
    "dix mille parties": (dix_mille_parties, ["plus de 500 morceaux", "dans un classeur neuf"]),
    "lignes répétées, ODS": (
        lambda: ods(rang_ods(*TITRES) + rang_ods(*NEUVE, attributs=REPETEES)),
        ["dépasse 20\u202f000 lignes", "en plusieurs fois"],
    ),
    "20 001 lignes": (lambda: b"Nom;Type\r\n" + b"a;b\r\n" * 20_001, ["dépasse 20\u202f000 lignes"]),
    "20 001 lignes, XLSX": (
        lambda: classeur(*[("a",)] * 20_001, titres=("Nom",)),
        ["dépasse 20\u202f000 lignes"],
    ),
    "501 lignes": (
        lambda: csv(*[(f"Crèche {i}",) for i in range(501)], titres=("Nom",)),
        ["a 501 lignes", "un import en prend 500 au plus", "en plusieurs fois"],
    ),
    "trop de colonnes": (lambda: csv(large(), titres=large()), ["dépasse 200 colonnes"]),
    "trop de colonnes, XLSX": (lambda: classeur(large(), titres=large()), ["dépasse 200 colonnes"]),
    "trop de colonnes, ODS": (lambda: en_ods(large(), large()), ["dépasse 200 colonnes"]),
    "trop gros": (lambda: b"Nom\r\n" + b"a" * (10 * 1024 * 1024), ["dépasse 10 Mio"]),
    "PDF": (b"%PDF-1.7 ...", ["C’est un PDF"]),
    "page web nommée .xls": (b"\n<html><table></table></html>", ["une page web ou un fichier XML"]),
    "autre archive": (lambda: archive({"word/document.xml": b"<a/>"}), ["n’est pas un tableau"]),
    "ODS qui est un texte": (
        lambda: archive({"mimetype": ODS.replace("spreadsheet", "text"), "content.xml": "<a/>"}),
        ["n’est pas un tableau"],
    ),
    "octets sans encodage": (
        b"Nom;Type\r\n\x81\x8d;EAJE\r\n",
        ["Les accents de ce fichier ne se lisent pas"],
    ),
    "octets nuls": (b"Nom;Type\r\nA\0B;EAJE\r\n", ["Les accents de ce fichier ne se lisent pas"]),
}

# {name: (bytes or what makes them, what is said of the row)}
LIGNES = {
    "formule": (
        lambda: classeur(neuve(Adresse="=CONCATENATE(1,2)")),
        (2, "Adresse", "=CONCATENATE(1,2)", "remplacez-la par sa valeur"),
    ),
    "formule, ODS": (
        lambda: en_ods(TITRES, (*NEUVE[:6], FORMULE_ODS)),
        (2, "Capacité (places)", "2", "remplacez-la par sa valeur"),
    ),
    "erreur de calcul": (
        lambda: classeur(neuve(Commune="#REF!")),
        (2, "Commune", "#REF!", "écrivez la valeur"),
    ),
    "texte pour un nombre": (
        lambda: csv(neuve(Capacité="beaucoup")),
        (2, "Capacité (places)", "beaucoup", "« beaucoup » n’est pas un nombre. Écrivez par exemple"),
    ),
    "nombre à virgule": (
        lambda: csv(neuve(Capacité="30,5")),
        (2, "Capacité (places)", "30,5", "n’est pas un nombre entier"),
    ),
    "nombre de deux façons": (
        lambda: csv(neuve(Capacité="1.200")),
        (2, "Capacité (places)", "1.200", "peut se lire de deux façons"),
    ),
    "nombre invraisemblable": (
        lambda: csv(neuve(Capacité="3000")),
        (2, "Capacité (places)", "3000", "entre 1 et 1\u202f500 places"),
    ),
    "vrai ou faux pour un nombre": (
        lambda: classeur((*NEUVE[:6], True)),
        (2, "Capacité (places)", "oui", "« oui » n’est pas un nombre"),
    ),
    "date pour un nombre": (
        lambda: csv(neuve(Capacité="01/02/2026")),
        (2, "Capacité (places)", "01/02/2026", "n’est pas un nombre"),
    ),
    "code postal qui a perdu son zéro": (
        lambda: classeur((*NEUVE[:3], 1000, *NEUVE[4:])),
        (2, "Code postal", "1000", "Écrivez 01000, dans une cellule au format « Texte »"),
    ),
    "code postal en lettres": (
        lambda: csv(neuve(Code_postal="21OOO")),
        (2, "Code postal", "21OOO", "Un code postal a cinq chiffres"),
    ),
    "gestionnaire inconnu": (
        lambda: csv(neuve(Gestionnaire="Ville de Dijo")),
        (2, "Gestionnaire", "Ville de Dijo", "Le plus proche : « Ville de Dijon »"),
    ),
    "type inconnu": (
        lambda: csv(neuve(Type="Piscine")),
        (2, "Type", "Piscine", "« Piscine » n’est pas connu (type de structure)"),
    ),
    "type manquant": (lambda: csv(neuve(Type="")), (2, "Type", "", "complétez la cellule")),
    "catégorie inconnue": (
        lambda: csv(("Une", "EAJE", "garderie"), titres=("Nom", "Type", "Catégorie")),
        (2, "Catégorie", "garderie", "Écrivez : multi-accueil, crèche"),
    ),
    "quartier inconnu": (
        lambda: csv(("Une", "EAJE", "Montmartre"), titres=("Nom", "Type", "Quartier")),
        (2, "Quartier", "Montmartre", "n’est pas connu (quartier)"),
    ),
    "latitude seule": (
        lambda: csv(("Une", "EAJE", "47,3"), titres=("Nom", "Type", "Latitude")),
        (2, "Latitude, Longitude", "47,3", "Latitude et longitude vont ensemble"),
    ),
    "latitude hors de la Terre": (
        lambda: csv(("Une", "EAJE", "147", "5"), titres=("Nom", "Type", "Latitude", "Longitude")),
        (2, "Latitude", "147", "Ce point n’est pas en France", "vérifiez la latitude"),
    ),
    "latitude et longitude inversées": (
        lambda: csv(("Une", "EAJE", "5,04", "47,3"), titres=("Nom", "Type", "Latitude", "Longitude")),
        (2, "Latitude", "5,04", "semblent inversées", "échangez-les"),
    ),
    "nom trop long": (lambda: csv(neuve(Nom="x" * 201)), (2, "Nom", "x" * 201, "au plus 200 caractères")),
    "ni nom ni code": (
        lambda: csv(NEUVE, neuve(Nom="")),
        (3, "", "", "n’a ni nom ni code", "Écrivez l’un des deux"),
    ),
    "code inconnu sans nom": (
        lambda: csv(("a2-99", "EAJE"), titres=("Code", "Type")),
        (2, "Code", "a2-99", "Aucune structure n’a le code « a2-99 »"),
    ),
    "code impossible": (
        lambda: csv(("pas un code", "Une", "EAJE"), titres=("Code", "Nom", "Type")),
        (2, "Code", "pas un code", "lettres"),
    ),
    "deux fois le même code": (
        lambda: csv(("a2-01", "1"), ("a2-02", "2"), ("A2-01", "3"), titres=("Code", "Capacité (places)")),
        (4, "", "", "la même chose que la ligne 2 : gardez-en une"),
    ),
    "deux fois la même nouvelle": (
        lambda: csv(NEUVE, neuve(Nom="CRECHE « l'oeuvre »")),
        (3, "", "", "la même chose que la ligne 2 : gardez-en une"),
    ),
}


def contenu_de(fichier):
    return fichier() if callable(fichier) else fichier


@pytest.fixture
def rien_n_est_ecrit(dijon):
    avant = (Structure.objects.count(), Structure.historique.count())
    yield
    assert (Structure.objects.count(), Structure.historique.count()) == avant
    assert not ImportFait.objects.exists()


@pytest.mark.usefixtures("rien_n_est_ecrit")
@pytest.mark.parametrize("nom", FICHIERS)
def test_a_bad_file_is_refused_with_a_sentence(client_de, nom):
    fichier, phrases = FICHIERS[nom]

    page = apercu(client_de("cooperation"), contenu_de(fichier))

    assert page.request["PATH_INFO"] == IMPORTER
    [message] = page.context["form"].errors["fichier"]
    for phrase in phrases:
        assert phrase in message
    assert page.context["depot"] is None


@pytest.mark.usefixtures("rien_n_est_ecrit")
@pytest.mark.parametrize("nom", LIGNES)
def test_a_bad_row_is_refused_by_its_line_its_column_its_value_and_what_to_do(client_de, nom):
    fichier, (ligne, colonne, valeur, *remedes) = LIGNES[nom]
    client = client_de("cooperation")

    page = apercu(client, contenu_de(fichier))

    [refusee] = page.context["refusees"]
    [faute] = refusee.fautes
    assert (refusee.numero, faute.colonne, faute.valeur) == (ligne, colonne, valeur)
    for remede in remedes:
        assert remede in faute.remede
    contenu = page.content.decode()
    assert f"Ligne {ligne}" in contenu
    assert 'name="confirmer"' not in contenu
    # A page forged, or left open: the refusal holds.
    suite = client.post(f"{IMPORTER}apercu/", {"confirmer": page.context["apercu"].empreinte}, follow=True)
    assert "Rien n’est importé" in suite.content.decode()


@pytest.mark.usefixtures("rien_n_est_ecrit")
@pytest.mark.parametrize(
    ("titres", "avertit"),
    [(NEUVE, True), (("Alpha", "Bêta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta"), True)],
)
def test_without_titles_it_asks_which_column_is_which_and_says_what_is_missing(client_de, titres, avertit):
    page = apercu(client_de("cooperation"), csv(neuve(Nom="Autre"), titres=titres))

    assert page.request["PATH_INFO"].endswith("colonnes/")
    contenu = page.content.decode()
    assert ("Aucun titre n’est reconnu" in contenu) is avertit
    assert "Dites quelle colonne donne « Nom » ou « Code »" in contenu


@pytest.mark.usefixtures("rien_n_est_ecrit")
def test_a_field_is_given_by_one_column(client_de):
    client = client_de("cooperation")
    apercu(client, csv(NEUVE))

    page = client.post(f"{IMPORTER}colonnes/", {"colonne-0": "nom", "colonne-1": "nom"})

    assert "Deux colonnes donnent « Nom »" in page.content.decode()
