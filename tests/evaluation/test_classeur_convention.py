"""« Classeur de la convention »: fiches and definitions, sent back through the forms and locks of the pages."""

from decimal import Decimal as D

import pytest

from ctg.models import Organisme, Quartier
from evaluation.classeurs.feuilles import ENTETE
from evaluation.models import Cible, Indicateur
from fiches.models import FicheProjet
from tests.evaluation.classeurs import CONVENTION, Classeur, confirmer, lignes
from tests.evaluation.indicateurs import i

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


def test_a_locked_definition_asks_for_its_reason(client, soumise):
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


# Steps, means, actors -----------------------------------------------------------------------------------


def ajouter(c, feuille, **cellules):
    """Fill the first empty row of a sheet; the cells by their heading."""
    sheet = c.workbook[feuille]
    titres = {cell.value: cell.column for cell in sheet[ENTETE]}
    rang = next(n for n in range(ENTETE + 1, sheet.max_row + 1) if not sheet.cell(n, 1).value)
    while any(sheet.cell(rang, colonne).value for colonne in titres.values()):
        rang += 1
    for titre, valeur in cellules.items():
        sheet.cell(rang, titres[titre]).value = valeur


def pose(c, feuille, ligne, **cellules):
    """Change the cells of the row of that object."""
    sheet = c.workbook[feuille]
    titres = {cell.value: cell.column for cell in sheet[ENTETE]}
    cle = f"{ligne._meta.model_name[0]}{ligne.pk}"
    [rang] = [n for n in range(ENTETE + 1, sheet.max_row + 1) if sheet.cell(n, 1).value == cle]
    for titre, valeur in cellules.items():
        sheet.cell(rang, titres[titre]).value = valeur
    return rang


@pytest.fixture
def parties(dijon):
    """(step, means, actor) of PE-1, and a signataire that has no means there."""
    une = fiche()
    etape = une.etapes.create(ordre=80, intitule="Ouvrir le guichet")
    premier, autre = dijon.signataires.select_related("organisme").order_by("pk")[:2]
    une.moyens.all().delete() if not une.moyens.exclude(prevu=None).exists() else None
    moyen = une.moyens.create(signataire=premier, annee=2027, nature="en_nature", accorde=100)
    organisme = Organisme.objects.create(nom="Un partenaire")
    acteur = une.implications.create(organisme=organisme, role="partenaire")
    return etape, moyen, acteur, autre


def test_steps_means_and_actors_are_changed_added_and_taken_away(client, parties):
    etape, moyen, acteur, autre = parties
    c = Classeur(client, CONVENTION)
    pose(c, "Étapes", etape, Étape="Ouvrir le guichet unique", Échéance="31/12/2026", Faite="oui")
    pose(c, "Moyens", moyen, Accordé=250.5)
    pose(c, "Acteurs", acteur, **{"Supprimer (oui)": "oui"})
    ajouter(c, "Étapes", Fiche="pe-1", Étape="Une étape de plus")
    ajouter(c, "Moyens", Fiche="PE-1", Signataire=str(autre), Année=2027, Nature="En nature (valorisé, €)",
            Prévu="1 000", **{"Source (d’un prévu ajouté)": "annexe 3, p. 4"})  # fmt: skip
    ajouter(c, "Acteurs", Fiche="PE-1", Organisme="Un partenaire", Rôle="Copilote")
    version = fiche().version

    page = c.deposer(client)
    assert lignes(page, "refusee", "conflit") == []
    assert [ligne.quoi for ligne in lignes(page, "modifiee")] == [
        "PE-1, étape « Ouvrir le guichet unique », étape",
        f"PE-1, moyen « {moyen.signataire}, 2027, en nature (valorisé, €) », accordé",
        "PE-1, acteur « Un partenaire, partenaire », supprimer",
    ]
    assert fiche().etapes.filter(intitule="Une étape de plus").exists() is False
    assert confirmer(client, page, CONVENTION).status_code == 302

    etape.refresh_from_db()
    moyen.refresh_from_db()
    assert (etape.intitule, str(etape.echeance), etape.is_faite) == (
        "Ouvrir le guichet unique",
        "2026-12-31",
        True,
    )
    assert moyen.accorde == D("250.5")
    assert fiche().etapes.filter(intitule="Une étape de plus").count() == 1
    nouveau = fiche().moyens.get(signataire=autre, annee=2027, nature="en_nature")
    assert (nouveau.prevu, nouveau.source) == (D(1000), "annexe 3, p. 4")
    assert [i.role for i in fiche().implications.filter(organisme__nom="Un partenaire")] == ["copilote"]
    assert fiche().version == version + 1


REFUSEES = (
    ("Étapes", {"Fiche": "XX-9", "Étape": "x"}, "Aucune fiche en vigueur"),
    ("Étapes", {"Fiche": "PE-1", "Échéance": "31/12/2026"}, "obligatoire"),
    ("Étapes", {"Fiche": "PE-1", "Étape": "x", "Échéance": "31/02/2026"}, "date"),
    ("Étapes", {"Fiche": "PE-1", "Étape": "x", "Faite": "peut-être"}, "« oui »"),
    ("Étapes", {"Fiche": "PE-1", "Étape": "=1+1"}, "une formule"),
    ("Moyens", {"Fiche": "PE-1", "Année": 2027, "Nature": "postes (ETP)"}, "obligatoire"),
    ("Moyens", {"Fiche": "PE-1", "Signataire": "Personne"}, "pas dans la liste"),
    ("Acteurs", {"Fiche": "PE-1", "Organisme": "Un partenaire", "Rôle": "chef"}, "l’un de"),
    ("Acteurs", {"Fiche": "PE-1", "Rôle": "associé"}, "un organisme ou une structure"),
    (
        "Acteurs",
        {"Fiche": "PE-1", "Organisme": "Un partenaire", "Rôle": "partenaire"},
        "dit la même chose",
    ),
)


def test_each_row_that_is_refused_is_named_and_nothing_is_written(client, parties):
    c = Classeur(client, CONVENTION)
    c["Fiches", "PE-1", "Constat"] = "Bon à prendre."
    for feuille, cellules, _ in REFUSEES:
        ajouter(c, feuille, **cellules)

    page = c.deposer(client)

    dites = {
        feuille: " ".join(li.raison for li in lignes(page, "refusee") if li.feuille == feuille)
        for feuille, *_ in REFUSEES
    }
    for feuille, _, dit in REFUSEES:
        assert dit in dites[feuille], (feuille, dit, dites[feuille])
    assert confirmer(client, page, CONVENTION).status_code == 200
    assert fiche().constat != "Bon à prendre."


def test_a_planned_amount_asks_for_its_source_or_its_reason(client, parties):
    _, _, _, autre = parties
    prevu = fiche().moyens.create(
        signataire=autre, annee=2026, nature="en_nature", prevu=500, source="annexe 3"
    )
    c = Classeur(client, CONVENTION)
    pose(c, "Moyens", prevu, Prévu=600)
    [refus] = lignes(c.deposer(client))
    assert "rectification matérielle" in refus.raison
    pose(c, "Moyens", prevu, **{"Rectification (motif)": "recopie"})
    assert confirmer(client, c.deposer(client), CONVENTION).status_code == 302
    prevu.refresh_from_db()
    assert prevu.prevu == 600

    c = Classeur(client, CONVENTION)
    pose(c, "Moyens", prevu, **{"Supprimer (oui)": "oui"})
    [refus] = lignes(c.deposer(client))
    assert "rectification matérielle" in refus.raison
    pose(c, "Moyens", prevu, **{"Rectification (motif)": "en double"})
    assert confirmer(client, c.deposer(client), CONVENTION).status_code == 302
    assert not fiche().moyens.filter(pk=prevu.pk).exists()


def test_what_changed_meanwhile_in_a_row_is_asked(client, parties):
    etape, _, acteur, _ = parties
    c = Classeur(client, CONVENTION)
    pose(c, "Étapes", etape, Étape="La mienne")
    pose(c, "Acteurs", acteur, **{"Supprimer (oui)": "oui"})
    etape.intitule = "La sienne"
    etape.save()
    acteur.role = "financeur"
    acteur.save()

    page = c.deposer(client)
    un, deux = lignes(page)
    assert {un.sort, deux.sort} == {"conflit"}
    choix = {un.cle: f"leur:{un.empreinte}", deux.cle: f"mien:{deux.empreinte}"}
    assert confirmer(client, page, CONVENTION, **choix).status_code == 302
    etape.refresh_from_db()
    assert etape.intitule == "La sienne"
    assert not fiche().implications.filter(pk=acteur.pk).exists()


def test_a_row_taken_away_meanwhile_counts_only_where_it_was_changed(client, parties):
    etape, _, acteur, _ = parties
    c = Classeur(client, CONVENTION)
    acteur.delete()
    assert lignes(c.deposer(client)) == []

    pose(c, "Étapes", etape, Étape="La mienne")
    etape.delete()
    [refus] = lignes(c.deposer(client))
    assert "plus, de la convention" in refus.raison


def test_the_signed_pilot_is_not_an_actor_to_change(client):
    une = fiche()
    une.pilote = Organisme.objects.create(nom="Le pilote")
    une.rectifier("essai")
    une.completer("essai")
    une.save()
    pilote, _ = une.implications.get_or_create(organisme=une.pilote, role="pilote")
    c = Classeur(client, CONVENTION)
    rang = pose(c, "Acteurs", pilote, Rôle="partenaire")
    assert c.workbook["Acteurs"].cell(rang, 3).protection.locked

    assert "Pilote" in lignes(c.deposer(client), "refusee")[0].raison
    pose(c, "Acteurs", pilote, Rôle="pilote", **{"Supprimer (oui)": "oui"})
    assert "Pilote" in lignes(c.deposer(client), "refusee")[0].raison


def test_the_names_to_choose_from_are_lists_of_the_workbook(client):
    c = Classeur(client, CONVENTION)
    regles = {r.formula1 for r in c.workbook["Moyens"].data_validations.dataValidation if r.type == "list"}

    assert c.workbook["Listes"].sheet_state == "hidden"
    assert any(regle.startswith("'Listes'!$") for regle in regles)
