"""The last import undone, unless somebody worked on it since."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ctg.imports.services import annuler
from ctg.models import ImportFait
from structures.imports import STRUCTURES
from structures.models import Agrement, Structure
from tests.structures.fichiers import (
    IMPORTER,
    NEUVE,
    csv,
    importer,
)

pytestmark = pytest.mark.django_db


def annulation(chargee):
    return f"{IMPORTER}{ImportFait.objects.latest('pk').pk}/annuler/"


def test_the_last_import_is_undone(chargee, balzac):
    avant = balzac.capacite
    contenu = csv(
        (balzac.code, "", "", "99"),
        ("", "Crèche des Lilas", "EAJE", "12"),
        titres=("Code", "Nom", "Type", "Places"),
    )
    importer(chargee, contenu)
    adresse = annulation(chargee)

    page = chargee.get(adresse).content.decode()
    assert "supprimée, puisque l’import l’avait ajoutée" in page
    assert f"<del>99</del> → <ins>{avant}</ins>" in page
    suite = chargee.post(adresse, follow=True)

    balzac.refresh_from_db()
    assert balzac.capacite == avant
    assert not Structure.objects.filter(nom="Crèche des Lilas").exists()
    assert "tout est comme avant lui" in suite.content.decode()
    assert "annulé le" in suite.content.decode()
    assert balzac.historique.latest().history_change_reason.startswith(
        "Annulation de l’import de « depot.csv » du "
    )
    assert "déjà annulé" in chargee.post(adresse).content.decode()


def test_the_signed_text_comes_back_too(chargee, balzac):
    contenu = csv(
        (balzac.code, "Multi-accueil Honoré", "Erreur de copie"), titres=("Code", "Nom", "rectification")
    )
    importer(chargee, contenu)
    balzac.refresh_from_db()
    assert balzac.nom == "Multi-accueil Honoré"

    chargee.post(annulation(chargee))

    balzac.refresh_from_db()
    assert balzac.nom == "Multi-accueil Balzac"


def test_it_is_refused_where_somebody_worked_on_it_since(chargee, balzac):
    importer(chargee, csv((balzac.code, "99"), titres=("Code", "Places")))
    Structure.objects.filter(pk=balzac.pk).update(capacite=41)

    page = chargee.post(annulation(chargee)).content.decode()

    assert "« Multi-accueil Balzac » a changé depuis (capacité (places))" in page
    balzac.refresh_from_db()
    assert balzac.capacite == 41
    assert ImportFait.objects.get().date_annulation is None


def test_another_field_that_changed_since_stays_changed(chargee, balzac):
    avant = balzac.capacite
    importer(chargee, csv((balzac.code, "99"), titres=("Code", "Places")))
    Structure.objects.filter(pk=balzac.pk).update(mention="relue")

    chargee.post(annulation(chargee))

    balzac.refresh_from_db()
    assert (balzac.capacite, balzac.mention) == (avant, "relue")


def test_what_serves_since_is_not_deleted(chargee):
    importer(chargee, csv(NEUVE))
    Agrement.objects.create(structure=Structure.objects.get(nom=NEUVE[0]), nature="centre-social")

    page = chargee.post(annulation(chargee)).content.decode()

    assert f"« {NEUVE[0]} » sert depuis (agrément)" in page
    assert Structure.objects.filter(nom=NEUVE[0]).exists()


def test_only_the_last_one_then_the_one_before_it(chargee, compte, balzac):
    avant = balzac.capacite
    for places in ("98", "99"):
        importer(chargee, csv((balzac.code, places), titres=("Code", "Places")))
    premier, second = ImportFait.objects.order_by("pk")

    with pytest.raises(ValidationError, match="Seul le dernier"):
        annuler(STRUCTURES, premier.pk, user=compte("cooperation"), now=timezone.now())
    for fait in (second, premier):
        annuler(STRUCTURES, fait.pk, user=compte("cooperation"), now=timezone.now())

    balzac.refresh_from_db()
    assert balzac.capacite == avant
