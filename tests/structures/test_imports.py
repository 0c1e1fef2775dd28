"""Importing structures: what is asked, what is written once, and what goes out and comes back."""

import io

import pytest
from openpyxl import load_workbook

from ctg.models import Convention, ImportFait
from structures.models import Inscription, Structure
from tests.structures.fichiers import (
    IMPORTER,
    NEUVE,
    TITRES,
    apercu,
    choisir,
    confirmer,
    csv,
    importer,
    neuve,
)

pytestmark = pytest.mark.django_db


def test_the_preview_says_each_field_before_and_after_and_writes_nothing(chargee, balzac):
    avant = (balzac.capacite, Structure.historique.count())

    page = apercu(chargee, csv((balzac.code, "99"), titres=("Code", "Capacité (places)")))

    [ligne] = page.context["modifiees"]
    assert [(c.titre, c.avant, c.apres) for c in ligne.changements] == [
        ("Capacité (places)", str(avant[0]), "99")
    ]
    balzac.refresh_from_db()
    assert (balzac.capacite, Structure.historique.count()) == avant


def test_an_empty_cell_changes_nothing(chargee, balzac):
    importer(chargee, csv((balzac.code, "", "99"), titres=("Code", "Commune", "Capacité (places)")))

    balzac.refresh_from_db()
    assert (balzac.commune, balzac.capacite) == ("Dijon", 99)


def test_one_bad_row_and_no_row_is_written(chargee):
    page = apercu(chargee, csv(NEUVE, neuve(Nom="Autre lieu", Capacité="x")))
    assert page.context["apercu"].nb == {
        "nouvelle": 1,
        "modifiee": 0,
        "inchangee": 0,
        "refusee": 1,
        "a_justifier": 0,
        "a_choisir": 0,
    }

    confirmer(chargee, page)

    assert not Structure.objects.filter(nom=NEUVE[0]).exists()
    assert not ImportFait.objects.exists()


def test_confirmed_twice_it_is_imported_once(chargee):
    page = apercu(chargee, csv(NEUVE))

    premiere, seconde = confirmer(chargee, page), confirmer(chargee, page)

    assert "1 structure ajoutée" in premiere.content.decode()
    assert "il l’a déjà été" in seconde.content.decode()
    assert Structure.objects.filter(nom=NEUVE[0]).count() == 1
    assert ImportFait.objects.count() == 1


def test_what_changed_since_the_preview_is_said_and_nothing_is_written(chargee, balzac):
    page = apercu(chargee, csv((balzac.code, "99"), titres=("Code", "Capacité (places)")))
    Structure.objects.filter(pk=balzac.pk).update(capacite=41)

    suite = confirmer(chargee, page)

    assert "Quelque chose a changé depuis l’aperçu" in suite.content.decode()
    balzac.refresh_from_db()
    assert balzac.capacite == 41
    assert [c.avant for ligne in suite.context["modifiees"] for c in ligne.changements] == ["41"]
    confirmer(chargee, suite)
    balzac.refresh_from_db()
    assert balzac.capacite == 99


def test_a_file_waits_for_its_person_only_and_can_be_given_up(chargee, client_de):
    apercu(chargee, csv(NEUVE))

    page = chargee.get(IMPORTER)
    assert "« depot.csv » attend que vous le confirmiez" in page.content.decode()
    chargee.post(f"{IMPORTER}apercu/", {"abandonner": "1"})
    assert "attend que vous le confirmiez" not in chargee.get(IMPORTER).content.decode()

    apercu(chargee, csv(NEUVE))
    assert "attend que vous le confirmiez" not in client_de("admin").get(IMPORTER).content.decode()


def test_the_file_comes_back_with_what_is_wrong_in_it(chargee):
    page = apercu(
        chargee,
        csv((*NEUVE, "=1+1"), (*neuve(Nom="Autre lieu", Capacité="x"), ""), titres=(*TITRES, "Notes")),
    )
    assert page.context["refusees"]

    reponse = chargee.get(f"{IMPORTER}problemes/")

    feuille = load_workbook(io.BytesIO(reponse.content)).active
    lignes = [[cell.value for cell in row] for row in feuille.iter_rows()]
    assert lignes[0] == [*TITRES, "Notes", "problème"]
    assert lignes[1] == [*NEUVE, "=1+1", None]
    assert feuille["H2"].data_type == "s"
    assert (
        lignes[2][-1]
        == "Colonne « Capacité (places) », « x » : « x » n’est pas un nombre. Écrivez par exemple 1 234,5."
    )
    # Corrected, it comes back as it is: the column « problème » is not asked about.
    feuille["G3"].value = 15
    feuille["H2"].value = None
    feuille.parent.save(corrige := io.BytesIO())
    page = apercu(chargee, corrige.getvalue())
    assert page.context["apercu"].nb["nouvelle"] == 2


def test_the_same_name_at_the_same_address_is_the_same_structure(chargee, balzac):
    page = apercu(
        chargee,
        csv(("MULTI ACCUEIL BALZAC", "25, rue Balzac", "99"), titres=("Nom", "Adresse", "Places")),
    )

    [ligne] = page.context["apercu"].lignes
    assert ligne.identite.choix == f"meme-{balzac.pk}"
    assert page.context["apercu"].reconnues == [ligne]
    # Case and punctuation of the signed text are no change of it.
    assert [c.titre for c in ligne.changements] == ["Capacité (places)"]


def test_a_near_one_is_proposed_and_somebody_says(chargee, dijon):
    mansart = Structure.objects.get(nom="Multi-accueil Mansart")
    contenu = csv(
        ("Multi accueil Mansard", "EAJE", "17 bd Mansart", "44"), titres=("Nom", "Type", "Adresse", "Places")
    )
    nombre = Structure.objects.count()

    page = apercu(chargee, contenu)
    [ligne] = page.context["apercu"].lignes
    assert (ligne.sort, [c.pk for c in ligne.identite.candidats]) == ("a_choisir", [mansart.pk])
    assert 'name="confirmer"' not in page.content.decode()

    page = choisir(chargee, **{"choix-2": "autre"})
    assert page.context["apercu"].nb["nouvelle"] == 1
    page = choisir(chargee, **{"choix-2": f"meme-{mansart.pk}"})
    [ligne] = page.context["apercu"].lignes
    assert [c.titre for c in ligne.changements] == ["Capacité (places)"]  # the signed text stays
    page = choisir(chargee, **{"choix-2": f"corrige-{mansart.pk}"})
    [ligne] = page.context["apercu"].lignes
    assert ligne.sort == "a_justifier"  # the signed name and address would change
    page = choisir(chargee, rectification="Erreur de copie")
    confirmer(chargee, page)

    mansart.refresh_from_db()
    assert (mansart.nom, mansart.capacite) == ("Multi accueil Mansard", 44)
    assert Structure.objects.count() == nombre
    assert mansart.historique.latest().history_change_reason == "Rectification matérielle : Erreur de copie"


def test_the_signed_text_of_a_structure_stays_and_all_of_another_one_follows(chargee, dijon):
    mansart = Structure.objects.get(nom="Multi-accueil Mansart")
    contenu = csv(
        ("Multi accueil Mansard", "EAJE", "17 bd Mansart", "44"), titres=("Nom", "Type", "Adresse", "Places")
    )
    apercu(chargee, contenu)

    confirmer(chargee, choisir(chargee, **{"choix-2": f"meme-{mansart.pk}"}))

    mansart.refresh_from_db()
    assert (mansart.nom, mansart.adresse, mansart.capacite) == (
        "Multi-accueil Mansart",
        "17 boulevard Mansart",
        44,
    )
    Inscription.objects.filter(structure=mansart).delete()
    page = apercu(chargee, contenu)
    assert f'value="corrige-{mansart.pk}"' not in page.content.decode()
    page = choisir(chargee, **{"choix-2": f"corrige-{mansart.pk}"})
    assert page.context["apercu"].nb["a_choisir"] == 1  # not proposed: it counts for nothing


def test_a_siret_is_told_and_another_one_says_that_it_is_another(chargee, balzac):
    Structure.objects.filter(pk=balzac.pk).update(siret="35600000000048")
    titres = ("Nom", "Type", "Adresse", "SIRET")

    page = apercu(
        chargee,
        csv(
            ("La Maison des tout-petits", "EAJE", "", "356 000 000 00048"),
            ("Multi-accueil Balzac", "EAJE", "25 rue Balzac", "55208131766522"),
            titres=titres,
        ),
    )

    un, autre = page.context["apercu"].lignes
    assert [(c.pk, c.raison) for c in un.identite.candidats] == [(balzac.pk, "même SIRET")]
    assert [c.raison for c in autre.identite.candidats] == ["même nom, même adresse"]
    assert (un.sort, autre.sort) == ("a_choisir", "a_choisir")


def test_an_answer_that_was_not_proposed_counts_for_nothing(chargee, balzac):
    apercu(chargee, csv(("Multi accueil Mansard", "EAJE"), titres=("Nom", "Type")))

    page = choisir(chargee, **{"choix-2": f"meme-{balzac.pk}"})

    assert page.context["apercu"].nb["a_choisir"] == 1


def test_two_rows_said_to_be_the_same_structure_are_refused(chargee, dijon):
    mansart = Structure.objects.get(nom="Multi-accueil Mansart")
    apercu(
        chargee,
        csv(
            ("Multi accueil Mansard", "17 boulevard Mansart"),
            ("Multi-accueil Mansarts", "17 boulevard Mansart"),
            titres=("Nom", "Adresse"),
        ),
    )

    page = choisir(chargee, **{"choix-2": f"meme-{mansart.pk}", "choix-3": f"meme-{mansart.pk}"})

    [refusee] = page.context["refusees"]
    assert refusee.numero == 3
    assert "la même chose que la ligne 2" in str(refusee.fautes[0])
    assert 'name="choix-3"' in page.content.decode()  # the answer can be taken back


def test_the_signed_text_is_filled_with_its_source_and_not_otherwise(chargee, dijon):
    structure = Structure.objects.filter(gestionnaire=None, inscriptions__convention=dijon).first()
    contenu = csv((structure.code, "VYV"), titres=("Code", "Gestionnaire"))

    page = apercu(chargee, contenu)
    [ligne] = page.context["apercu"].lignes
    assert ligne.sort == "a_justifier"
    assert "D’où vient ce que le fichier complète" in page.content.decode()
    page = choisir(chargee, source="Courriel du 12 mars 2026")
    confirmer(chargee, page)

    structure.refresh_from_db()
    assert structure.gestionnaire.nom == "VYV"
    assert (
        structure.historique.latest().history_change_reason == "Complété d’après : Courriel du 12 mars 2026"
    )


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ods"])
def test_what_is_exported_comes_back_and_changes_nothing(chargee, balzac, extension):
    Structure.objects.filter(pk=balzac.pk).update(
        code_postal="01000",
        mention="=1+1",
        a_verifier="@moi\r\nligne 2\n\n  deux espaces\tet\u202fune fine insécable",
        source="- un\n+ deux",
        source_complements="'apostrophe",
        age_min=10,
        age_max=36,
        siret="35600000000048",
        qpv="oui",
        nom_qpv="Grésilles",
        autres_graphies="Balzac\n=Crèche Balzac",
    )
    contenu = chargee.get(f"{IMPORTER}modele/{extension}/").content

    page = apercu(chargee, contenu)

    lignes = page.context["apercu"].lignes
    assert len(lignes) == Structure.objects.count()
    assert {ligne.sort for ligne in lignes} == {"inchangee"}, [
        (li.nom, li.sort, li.changements, li.fautes) for li in lignes if li.sort != "inchangee"
    ]
    assert "il n’y a rien à importer" in page.content.decode()


def test_a_structure_of_another_convention_is_not_changed_from_this_one(chargee, dijon, balzac):
    autre = Convention.objects.create(territoire=dijon.territoire, slug="dijon-2028", intitule="Dijon 2028")
    Inscription.objects.filter(structure=balzac).update(convention=autre)

    page = apercu(chargee, csv((balzac.code, "99"), titres=("Code", "Places")))

    [refusee] = page.context["refusees"]
    assert "d’une autre convention de ce territoire" in str(refusee.fautes[0])
