"""Bilans on the agenda of a meeting: who puts them there, until when, and who sees which."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from evaluation.enums import StatutBilan as B
from evaluation.models import PointBilan
from evaluation.points import porter, retirer
from gouvernance.enums import EtatCompteRendu
from gouvernance.models import PointOrdreDuJour, Reunion
from gouvernance.services import enregistrer_point, enregistrer_reunion

pytestmark = pytest.mark.django_db


@pytest.fixture
def point(dijon):
    copil = dijon.instances_gouvernance.get(slug="copil")
    reunion = enregistrer_reunion(
        Reunion(convention=dijon, instance_gouvernance=copil, date=datetime.date(2027, 3, 1))
    )
    return enregistrer_point(PointOrdreDuJour(reunion=reunion, intitule="Bilan de l’année"))


def adresse(point):
    return f"/dijon-2024/gouvernance/reunions/{point.reunion_id}/"


def test_it_is_put_there_and_taken_off_by_the_page(client_de, amener, point):
    bilan, client = amener(B.FIGEE), client_de("cooperation")
    envoi = {"point": point.pk, "bilan": bilan.pk}
    poste = f"/dijon-2024/evaluation/reunions/{point.reunion_id}/bilans/"

    assert "Porter un bilan à l’ordre du jour" in client.get(adresse(point)).content.decode()
    client.post(poste, envoi)
    assert PointBilan.objects.get().bilan == bilan
    assert "point « Bilan de l’année »" in client.get(adresse(point)).content.decode()
    assert "déjà à ce point" in client.post(poste, envoi, follow=True).content.decode()

    client.post(poste, envoi | {"retirer": "1"})
    assert not PointBilan.objects.exists()
    assert PointBilan.historique.filter(history_type="-").exists()


@pytest.mark.parametrize("envoi", [{}, {"point": "x", "bilan": "y"}, {"point": "9" * 30, "bilan": "1"}])
def test_what_is_not_there_is_asked_again(client_de, point, envoi):
    page = client_de("cooperation").post(
        f"/dijon-2024/evaluation/reunions/{point.reunion_id}/bilans/", envoi, follow=True
    )
    assert "Choisissez un point" in page.content.decode()


def test_closed_minutes_close_it(compte, amener, point):
    bilan = amener(B.FIGEE)
    porter(point, bilan, user=compte("cooperation"))
    Reunion.objects.filter(pk=point.reunion_id).update(etat_compte_rendu=EtatCompteRendu.TRANSMIS)

    with pytest.raises(ValidationError, match="transmis pour aval"):
        retirer(point, bilan, user=compte("cooperation"))
    assert PointBilan.objects.exists()


def test_nobody_else_puts_it_there(compte, amener, point):
    with pytest.raises(PermissionDenied):
        porter(point, amener(B.FIGEE), user=compte("petite-enfance"))


def test_the_caf_sees_there_what_was_transmitted_only(client_de, compte, amener, point):
    porter(point, amener(B.FIGEE), user=compte("cooperation"))
    assert "Bilans examinés" not in client_de("caf").get(adresse(point)).content.decode()
    assert "Bilans examinés" in client_de("petite-enfance").get(adresse(point)).content.decode()


def test_the_database_holds_it_once(compte, amener, point):
    bilan = amener(B.FIGEE)
    PointBilan.objects.create(point=point, bilan=bilan)
    with pytest.raises(IntegrityError), transaction.atomic():
        PointBilan.objects.create(point=point, bilan=bilan)
