"""A convention that was opened by mistake is given up, as long as nothing else was written in it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from ctg.models import Avenant, Commentaire, Convention, Document, Mandat, Personne
from ctg.models.historique import Porte, acte
from ctg.renouvellement.abandon import abandonner, motif_de_refus
from ctg.renouvellement.services import ouvrir
from evaluation.models import Cible, Indicateur
from fiches.models import Axe, FicheProjet
from tests.ctg.renouvellement import nouvelle, peu

pytestmark = pytest.mark.django_db


@pytest.fixture
def suite(dijon, compte):
    """Opened in an act of its own, as a page does."""
    choix = peu(dijon)
    pe1 = Indicateur.objects.get(fiche__convention=dijon, code="PE-1-01")
    choix = peu(dijon, lignes=choix.lignes | {f"indicateurs:{pe1.pk}"})
    with acte(Porte.PAGE):
        return ouvrir(dijon.pk, nouvelle(), choix, par=compte("cooperation")).convention


def test_nothing_remains_of_it_and_the_old_one_is_whole(dijon, suite, compte):
    avant = (
        Axe.objects.filter(convention=dijon).count(),
        Indicateur.objects.filter(fiche__convention=dijon).count(),
    )

    assert abandonner(suite.pk, par=compte("cooperation")) == dijon

    assert not Convention.objects.filter(slug="suite-2028").exists()
    assert not Mandat.objects.filter(convention_id=suite.pk).exists()
    assert avant == (
        Axe.objects.filter(convention=dijon).count(),
        Indicateur.objects.filter(fiche__convention=dijon).count(),
    )
    assert Convention.historique.filter(id=suite.pk, history_type="-").exists()


def test_only_who_opened_it_gives_it_up(suite, compte):
    with pytest.raises(PermissionDenied, match="Seule la personne"):
        abandonner(suite.pk, par=compte("admin"))

    assert Convention.objects.filter(pk=suite.pk).exists()


def test_a_convention_that_was_loaded_is_not_given_up(dijon, compte):
    with pytest.raises(ValidationError, match="pas été ouverte à partir"):
        abandonner(dijon.pk, par=compte("cooperation"))


def un_texte(suite):
    fiche = FicheProjet.objects.get(convention=suite, code="PE-2")
    fiche.constat = "Un autre constat"
    fiche.save()


def une_cible(suite):
    Cible(indicateur=Indicateur.objects.get(fiche__convention=suite), annee=2028, valeur=3).save()


def un_document(suite):
    Document(convention=suite, nature="reference", ordre=99, titre="Nouveau").save()


def un_avenant(suite):
    Avenant(convention=suite, numero=1, date_effet="2029-01-01").save()


def une_personne(suite):
    Personne(convention=suite, nom="Nouvelle").save()


def un_reglage(suite):
    suite.couleur = "#123456"
    suite.save()


def un_commentaire(suite):
    fiche = FicheProjet.objects.get(convention=suite, code="PE-2")
    auteur = Mandat.objects.get(convention=suite).utilisateur
    Commentaire(
        convention=suite, objet=fiche, auteur=auteur, texte="À voir", created_at=timezone.now()
    ).save()


@pytest.mark.parametrize(
    "ecrire", [un_texte, une_cible, un_document, un_avenant, une_personne, un_reglage, un_commentaire]
)
def test_what_was_written_since_keeps_it(suite, compte, ecrire):
    ecrire(suite)

    with pytest.raises(ValidationError, match="on y a écrit depuis"):
        abandonner(suite.pk, par=compte("cooperation"))

    assert FicheProjet.objects.filter(convention=suite).count() == 2


def test_the_page_asks_then_deletes(suite, client_de, compte):
    client = client_de("cooperation")

    assert "Abandonner cette convention" in client.get("/suite-2028/reprise/abandonner/").content.decode()
    response = client.post("/suite-2028/reprise/abandonner/")

    assert response["Location"] == "/dijon-2024/"
    assert not Convention.objects.filter(pk=suite.pk).exists()


def test_the_page_says_what_forbids_it(suite, client_de, compte):
    un_texte(suite)

    page = client_de("cooperation").get("/suite-2028/reprise/abandonner/").content.decode()

    assert "on y a écrit depuis son ouverture (fiche projet)" in page
    assert motif_de_refus(suite, compte("cooperation"))
