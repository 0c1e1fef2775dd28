"""« Classeur de la convention »: fiches and definitions, sent back through the forms and locks of the pages."""

from decimal import Decimal as D

import pytest

from ctg.models import Organisme, Quartier
from evaluation.classeurs.feuilles import ENTETE
from evaluation.models import Cible, Indicateur
from fiches.models import FicheProjet
from tests.evaluation.classeurs import CONVENTION, Classeur, confirmer, lignes
from tests.evaluation.test_indicateurs import i, soumise  # noqa: F401 -- a fixture

QUARTIERS = "Quartiers (séparés par « ; »)"


def fiche(code="PE-1"):
    return FicheProjet.objects.get(code=code, date_fin=None)


@pytest.fixture
def client(client_de):
    return client_de("cooperation")


def test_sent_back_as_it_is_it_changes_nothing(client):
    FicheProjet.objects.filter(code="PE-1").update(description="x" * 20_000, constat="- un\r\n- deux\n")
    avant = FicheProjet.historique.count(), Indicateur.historique.count()

    page = Classeur(client, CONVENTION).deposer(client)

    assert lignes(page) == []
    assert page.context["apercu"].nb_inchangees > 500
    assert (FicheProjet.historique.count(), Indicateur.historique.count()) == avant


def test_fiches_and_indicators_are_written_together(client):
    c = Classeur(client, CONVENTION)
    quartiers = list(Quartier.objects.order_by("nom").values_list("nom", flat=True)[:2])
    c["Fiches", "PE-1", "Constat"], c["Fiches", "PE-1", "Statut"] = "=Un constat.", "En cours"
    c.cellule("Fiches", "PE-1", "Constat").data_type = "s"
    c["Fiches", "PE-1", QUARTIERS] = ";".join(quartiers)
    c["Indicateurs", "PE-1-01", "Intitulé"], c["Indicateurs", "PE-1-01", "Cible 2026"] = "Familles", 1600
    c["Indicateurs", "PE-1-04", "Définition"] = "Nouvelle."
    vide = c.workbook["Indicateurs"].max_row
    for titre, valeur in {"Fiche": "pe-1", "Code": "PE-1-09", "Intitulé": "Appels", "Nature": "nombre entier",
                          "Type": "réalisation", "Départ": "1 200", "Date de départ": "31/12/2023"}.items():  # fmt: skip
        colonne = next(cell.column for cell in c.workbook["Indicateurs"][ENTETE] if cell.value == titre)
        c.workbook["Indicateurs"].cell(vide, colonne).value = valeur

    page = c.deposer(client)
    assert lignes(page, "refusee", "conflit") == []
    assert [ligne.quoi for ligne in lignes(page)] == [
        "PE-1, statut",
        "PE-1, constat",
        "PE-1, quartiers",
        "PE-1-01, intitulé",
        "PE-1-01, cible 2026",
        "PE-1-04, définition",
        "pe-1, code",
    ]
    assert not Indicateur.objects.filter(code="PE-1-09").exists()
    assert confirmer(client, page, CONVENTION).status_code == 302

    assert (fiche().constat, fiche().statut) == ("=Un constat.", "en_cours")
    assert sorted(fiche().quartiers.values_list("nom", flat=True)) == sorted(quartiers)
    assert i("PE-1-01").intitule == "Familles"
    assert Cible.objects.get(indicateur__code="PE-1-01", annee=2026).valeur == D(1600)
    assert (i("PE-1-09").nature, i("PE-1-09").valeur_depart) == ("entier", 1200)


def test_the_signed_text_asks_for_its_reason(client):
    c = Classeur(client, CONVENTION)
    c["Fiches", "PE-1", "Intitulé"] = "Un autre titre"
    [refus] = lignes(c.deposer(client))
    assert (refus.sort, refus.quoi) == ("refusee", "PE-1, intitulé")
    assert "rectification" in refus.raison

    c["Fiches", "PE-1", "Rectification (motif)"] = "erreur de copie"
    assert confirmer(client, c.deposer(client), CONVENTION).status_code == 302
    assert fiche().intitule == "Un autre titre"
    assert "erreur de copie" in fiche().historique.first().history_change_reason

    FicheProjet.objects.filter(code="PE-2").update(intitule="")
    c = Classeur(client, CONVENTION)
    c["Fiches", "PE-2", "Intitulé"] = "Un titre"
    assert "Dites d’où vient" in lignes(c.deposer(client))[0].raison
    c["Fiches", "PE-2", "Source (de ce qui complète le texte signé)"] = "fiche signée, p. 2"
    assert confirmer(client, c.deposer(client), CONVENTION).status_code == 302
    assert "fiche signée, p. 2" in fiche("PE-2").historique.first().history_change_reason


def test_a_locked_definition_asks_for_its_reason(client, soumise):  # noqa: F811
    c = Classeur(client, CONVENTION)
    c["Indicateurs", "PE-1-01", "Unité"] = "ménages"
    [refus] = lignes(c.deposer(client), "refusee")
    assert refus.adresse == c.cellule("Indicateurs", "PE-1-01", "Unité").coordinate

    c["Indicateurs", "PE-1-01", "Motif"] = "mot plus juste"
    assert confirmer(client, c.deposer(client), CONVENTION).status_code == 302
    assert i("PE-1-01").unite == "ménages"


@pytest.mark.parametrize(
    ("feuille", "repere", "titre", "valeur", "dit"),
    [
        ("Fiches", "PE-1", "Pilote", "Personne d’Inconnu", "n’est pas dans la liste"),
        ("Fiches", "PE-1", "Statut", "presque", "n’est pas dans la liste"),
        ("Fiches", "PE-1", QUARTIERS, "Nulle part", "n’est pas dans la liste"),
        ("Fiches", "PE-1", "Constat", "=A1", "une formule"),
        ("Fiches", "PE-1", "clé", "f999999", "plus, de la convention"),
        ("Fiches", "PE-1", "clé", None, "ne se crée pas ici"),
        ("Fiches", "PE-1", "empreintes", "a b", "colonnes masquées"),
        ("Indicateurs", "PE-1-01", "Nature", "bizarre", "l’un de"),
        ("Indicateurs", "PE-1-01", "Nature", None, "obligatoire"),
        ("Indicateurs", "PE-1-01", "Départ", "1.234", "deux façons"),
        ("Indicateurs", "PE-1-01", "Cible 2026", "=1+1", "une formule"),
        ("Indicateurs", "PE-1-01", "Motif", "=1+1", "une formule"),
        ("Indicateurs", "PE-1-01", "Saisi par", "Personne d’Autre", "n’est pas dans la liste"),
        ("Indicateurs", "PE-1-01", "clé", None, "a déjà sa ligne"),
        ("Indicateurs", "PE-1-01", "Code", "PE-1-77", "ne se changent pas"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_written(client, feuille, repere, titre, valeur, dit):
    c = Classeur(client, CONVENTION)
    c["Fiches", "PE-2", "Publics"] = "Un changement bon à prendre."
    cellule = c.cellule(feuille, repere, titre)
    cellule.value = valeur

    page = c.deposer(client)

    [refus] = lignes(page, "refusee")
    assert dit in refus.raison
    if titre not in {"clé", "empreintes"}:
        assert (refus.feuille, refus.adresse) == (feuille, cellule.coordinate)
    assert confirmer(client, page, CONVENTION).status_code == 200
    assert fiche("PE-2").publics != "Un changement bon à prendre."


def test_what_changed_meanwhile_is_asked(client):
    c = Classeur(client, CONVENTION)
    c["Fiches", "PE-1", "Constat"], c["Indicateurs", "PE-1-01", "Intitulé"] = "Le mien.", "Le mien"
    for objet, nom, texte in (
        (fiche(), "constat", "Le sien."),
        (i("PE-1-01"), "intitule", "Le sien"),
    ):
        setattr(objet, nom, texte)
        objet.save()
    FicheProjet.objects.filter(code="PE-1").update(publics="Autre.")

    page = c.deposer(client)
    un, deux = lignes(page)
    assert (un.sort, un.actuel, deux.sort, deux.actuel) == ("conflit", "Le sien.", "conflit", "Le sien")
    assert confirmer(client, page, CONVENTION, **{un.cle: f"mien:{un.empreinte}"}).status_code == 200

    choix = {un.cle: f"leur:{un.empreinte}", deux.cle: f"mien:{deux.empreinte}"}
    assert confirmer(client, page, CONVENTION, **choix).status_code == 302
    assert (fiche().constat, fiche().publics, i("PE-1-01").intitule) == ("Le sien.", "Autre.", "Le mien")


def test_an_emptied_cell_takes_away(client):
    organisme = Organisme.objects.first()
    FicheProjet.objects.filter(code="PE-1").update(pilote=organisme, constat="Un constat.")
    Cible.objects.get_or_create(indicateur=i("PE-1-01"), annee=2026, defaults={"valeur": 3})
    c = Classeur(client, CONVENTION)
    c["Fiches", "PE-1", "Constat"] = None
    c["Indicateurs", "PE-1-01", "Cible 2026"] = None

    assert confirmer(client, c.deposer(client), CONVENTION).status_code == 302

    assert fiche().constat == ""
    assert not Cible.objects.filter(indicateur__code="PE-1-01", annee=2026).exists()


def test_internal_notes_never_leave(client):
    FicheProjet.objects.filter(code="PE-1").update(notes_internes="SECRET-INTERNE")

    c = Classeur(client, CONVENTION)

    textes = {str(cell.value) for sheet in c.workbook for row in sheet.iter_rows() for cell in row}
    assert not any("SECRET-INTERNE" in texte for texte in textes)
    c["Fiches", "PE-1", "Constat"] = "Un constat."
    confirmer(client, c.deposer(client), CONVENTION)
    assert fiche().notes_internes == "SECRET-INTERNE"


def test_a_change_between_the_preview_and_the_confirmation_writes_nothing(client):
    c = Classeur(client, CONVENTION)
    c["Fiches", "PE-1", "Constat"], c["Fiches", "PE-2", "Publics"] = "Le mien.", "Les miens."
    page = c.deposer(client)
    objet = fiche()
    objet.constat = "Le sien."
    objet.save()

    page = confirmer(client, page, CONVENTION)

    assert [ligne.sort for ligne in lignes(page, "conflit")] == ["conflit"]
    assert fiche("PE-2").publics != "Les miens."
