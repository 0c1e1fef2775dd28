"""An avenant adds, rewrites and closes axes and objectives; what hangs on them stays, and each day has its tree."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ctg.chargement.services import charger
from ctg.models import Avenant, Convention
from ctg.perimetres import droits
from evaluation.models import Campagne
from fiches import succession_arbre
from fiches.ajout import ajouter_fiche, numero_et_code
from fiches.arbre import construire_arbre
from fiches.models import Axe, FicheProjet, ObjectifOperationnel
from fiches.succession import succeder
from tests.conftest import VAL_CLAIR

JOUR = datetime.date(2026, 6, 1)
VEILLE = datetime.date(2026, 5, 31)


@pytest.fixture
def avenant(dijon):
    return Avenant.objects.create(convention=dijon, numero=1, date_effet=JOUR)


def axe(code):
    return Axe.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def racine(dijon, code, au):
    return next(noeud for noeud in construire_arbre(dijon, au=au) if noeud.axe.code == code)


def test_a_root_that_is_rewritten_keeps_its_children_fiches_and_perimeters(dijon, avenant, compte):
    avant = racine(dijon, "PE", JOUR)
    attendu = [n.axe.code for n in avant.enfants], [f.code for f in avant.fiches]

    suite = succession_arbre.changer(axe("PE"), avenant, {"intitule": "Naissance et petite enfance"})

    hier, ce_jour = racine(dijon, "PE", VEILLE), racine(dijon, "PE", JOUR)
    assert (hier.axe.intitule, ce_jour.axe.intitule) == ("Petite enfance", "Naissance et petite enfance")
    for jour in (hier, ce_jour):
        assert ([n.axe.code for n in jour.enfants], [f.code for f in jour.fiches]) == attendu
    assert (hier.axe.date_fin, ce_jour.axe.date_effet, ce_jour.axe.pk) == (JOUR, JOUR, avant.axe.pk)
    assert suite.pk in droits(compte("petite-enfance"), dijon.pk).dans("axes")
    assert suite.historique.latest().history_change_reason == "Avenant n° 1"
    assert suite.source == "Avenant n° 1"


def test_an_axe_rewritten_twice_has_its_words_of_each_day(dijon, avenant):
    succession_arbre.changer(axe("PE.1"), avenant, {"intitule": "Le deuxième texte"})
    second = Avenant.objects.create(convention=dijon, numero=2, date_effet=datetime.date(2026, 10, 1))
    succession_arbre.changer(axe("PE.1"), second, {"intitule": "Le troisième texte"})

    def dit(au):
        return next(n.axe.intitule for n in racine(dijon, "PE", au).enfants if n.axe.code == "PE.1")

    assert dit(VEILLE).startswith("Accompagner l’enfant")
    assert dit(datetime.date(2026, 9, 30)) == "Le deuxième texte"
    assert dit(datetime.date(2026, 10, 1)) == "Le troisième texte"


def test_the_page_of_a_fiche_reads_its_axe_as_it_was(client_de, avenant):
    succession_arbre.changer(axe("PE.1"), avenant, {"intitule": "Accompagner chaque famille"})
    client = client_de("lecteur")

    assert "Accompagner chaque famille" in client.get("/dijon-2024/fiches/PE-1/").content.decode()
    assert (
        "Accompagner chaque famille"
        not in client.get(f"/dijon-2024/fiches/PE-1/?au={VEILLE}").content.decode()
    )


def test_an_objective_rewritten_keeps_its_sub_items_on_each_day(dijon, avenant):
    objectif = ObjectifOperationnel.objects.get(code="PE.1.1")

    succession_arbre.changer(objectif, avenant, {"intitule": "Un guichet vraiment unique"})

    for au, debut in ((VEILLE, "Au-delà de la mise en forme"), (JOUR, "Un guichet vraiment unique")):
        [noeud] = next(n for n in racine(dijon, "PE", au).enfants if n.axe.code == "PE.1").objectifs
        assert noeud.objectif.intitule.startswith(debut)
        assert len(noeud.enfants) == 4


def test_an_axe_does_not_close_under_what_is_in_force(avenant):
    with pytest.raises(ValidationError, match="PE-5 en dépendent encore"):
        succession_arbre.clore(axe("PE.5"), avenant)
    with pytest.raises(ValidationError, match=r"PE.1, PE.2, PE.3, PE.4, PE.5, PE-1"):
        succession_arbre.clore(axe("PE"), avenant)

    succeder(FicheProjet.objects.get(code="PE-5").pk, avenant, {"axes": [axe("PE.4")]})

    assert succession_arbre.clore(axe("PE.5"), avenant).date_fin == JOUR


def test_what_is_added_takes_the_next_number(dijon, avenant):
    nouveau = succession_arbre.ajouter_axe(avenant, axe("PE"), {"intitule": "La nuit"})
    objectif = succession_arbre.ajouter_objectif(avenant, nouveau, {"intitule": "Ouvrir"})
    fiche = ajouter_fiche(avenant, nouveau, {"intitule": "La crèche de nuit"})
    premier = succession_arbre.ajouter_axe(avenant, None, {"intitule": "Parentalité", "code": "PAR"})
    sous_lui = ajouter_fiche(avenant, premier, {"intitule": "Un lieu pour les parents"})

    assert (nouveau.code, nouveau.numero, nouveau.rang) == ("PE.6", 6, 2)
    assert objectif.code == "PE.6.1"
    assert (fiche.code, fiche.axe.code, [a.code for a in fiche.axes.all()]) == ("PE-6", "PE", ["PE.6"])
    assert (premier.numero, premier.rang, sous_lui.code) == (5, 1, "PAR-1")


def test_numbering_goes_on_where_the_convention_counts_on(db):
    charger(VAL_CLAIR)
    val_clair = Convention.objects.exclude(slug="dijon-2024").get()
    dernier = FicheProjet.objects.filter(convention=val_clair).order_by("-numero")[0].numero
    premier = Axe.objects.get(convention=val_clair, code="A")

    assert numero_et_code(val_clair, premier) == (dernier + 1, f"A-{dernier + 1}")


@pytest.mark.parametrize(
    ("jour", "dit"),
    [
        (datetime.date(2023, 6, 1), "La convention va de 2024 à 2027"),
        (datetime.date(2030, 6, 1), "à partir de ce jour"),
    ],
)
def test_the_day_is_one_of_the_convention_and_has_come(dijon, jour, dit):
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=jour)
    for ecrire in (
        lambda: succession_arbre.changer(axe("PE.1"), avenant, {"intitule": "Autrement"}),
        lambda: succession_arbre.ajouter_axe(avenant, axe("PE"), {"intitule": "Un autre"}),
        lambda: ajouter_fiche(avenant, axe("PE.1"), {"intitule": "Une autre"}),
    ):
        with pytest.raises(ValidationError, match=dit):
            ecrire()


def test_a_year_that_is_evaluated_keeps_its_tree(dijon, avenant):
    Campagne.objects.filter(convention=dijon, annee=2026).update(statut="close", date_cloture=timezone.now())

    with pytest.raises(ValidationError, match="L’année 2026 est évaluée"):
        succession_arbre.changer(axe("PE.1"), avenant, {"intitule": "Autrement"})


def test_it_refuses_what_changes_nothing_what_ends_and_what_is_of_elsewhere(dijon, avenant):
    with pytest.raises(ValidationError, match="Rien ne change"):
        succession_arbre.changer(axe("PE.1"), avenant, {"intitule": axe("PE.1").intitule})
    succession_arbre.changer(axe("PE.1"), avenant, {"intitule": "Autrement"})
    with pytest.raises(ValidationError, match="après le début du texte en vigueur"):
        succession_arbre.changer(axe("PE.1"), avenant, {"intitule": "Encore autrement"})
    ailleurs = Convention.objects.create(territoire=dijon.territoire, slug="ailleurs", intitule="Ailleurs")
    etranger = Avenant.objects.create(convention=ailleurs, numero=1, date_effet=JOUR)
    with pytest.raises(ValidationError, match="pas de cette convention"):
        succession_arbre.changer(axe("PE.2"), etranger, {"intitule": "Autrement"})


def test_each_is_undone(dijon, avenant):
    objectif = ObjectifOperationnel.objects.get(code="PE.1.1")
    texte = objectif.intitule
    succession_arbre.changer(objectif, avenant, {"intitule": "Autrement"})
    succession_arbre.annuler(objectif, motif="erreur")
    objectif.refresh_from_db()
    assert (objectif.intitule, objectif.date_effet, objectif.succede_a) == (texte, None, None)

    succession_arbre.clore(objectif, avenant)
    succession_arbre.rouvrir(objectif, motif="erreur")
    objectif.refresh_from_db()
    assert objectif.date_fin is None

    nouveau = succession_arbre.ajouter_axe(avenant, axe("PE"), {"intitule": "La nuit"})
    ajouter_fiche(avenant, nouveau, {"intitule": "La crèche de nuit"})
    with pytest.raises(ValidationError, match="D’autres éléments dépendent"):
        succession_arbre.supprimer(nouveau, motif="erreur")
    with pytest.raises(ValidationError, match="Seul ce qu’un avenant a ajouté"):
        succession_arbre.supprimer(axe("PE.1"), motif="erreur")
