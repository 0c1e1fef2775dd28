"""Notes of the watch: each coordinateur territorial writes those of their quartiers."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from evaluation.models import NoteVeille
from evaluation.veille.services import enregistrer_note
from gouvernance.models import Jalon

pytestmark = pytest.mark.django_db
NOTES = "/dijon-2024/veille/notes/"
CHAMPS = {"titre": "Vu au marché", "texte": "Les prix montent.", "date": "2026-03-01"}


def test_one_writes_in_ones_quartier_and_signs(client_de, quartier, compte):
    mien = quartier("Fontaine d’Ouche")

    client_de("quartier").post(f"{NOTES}ajouter/", CHAMPS | {"quartier": mien.pk})

    note = NoteVeille.objects.get(titre="Vu au marché")
    assert (note.quartier, note.auteur) == (mien, compte("quartier"))


@pytest.mark.parametrize("ou", ["Grésilles", ""])
def test_one_does_not_write_elsewhere(client_de, quartier, ou):
    page = client_de("quartier").post(
        f"{NOTES}ajouter/", CHAMPS | {"quartier": quartier(ou).pk if ou else ""}
    )

    assert page.context["form"].errors["quartier"]
    assert not NoteVeille.objects.filter(titre="Vu au marché").exists()


def test_the_service_refuses_too_taking_and_sending(dijon, compte, quartier):
    note = NoteVeille.objects.get(quartier__nom="Grésilles")
    note.quartier = quartier("Fontaine d’Ouche")
    with pytest.raises(PermissionDenied):
        enregistrer_note(note, par=compte("quartier"))

    mienne = NoteVeille.objects.get(quartier__nom="Fontaine d’Ouche")
    mienne.quartier = quartier("Grésilles")
    with pytest.raises(PermissionDenied):
        enregistrer_note(mienne, par=compte("quartier"))


def test_one_changes_and_takes_back_ones_own(client_de, quartier):
    note, client = NoteVeille.objects.get(quartier__nom="Fontaine d’Ouche"), client_de("quartier")

    page = client.get(NOTES).content.decode()
    assert f"{NOTES}{note.pk}/modifier/" in page
    assert page.count("Modifier") == 1  # of the three, one's own

    client.post(f"{NOTES}{note.pk}/retirer/")
    assert not NoteVeille.objects.filter(pk=note.pk).exists()
    assert NoteVeille.historique.filter(id=note.pk, history_type="-").count() == 1


def test_ones_only_quartier_and_today_are_proposed(client_de, quartier):
    form = client_de("quartier").get(f"{NOTES}ajouter/").context["form"]

    assert form.initial["quartier"] == quartier("Fontaine d’Ouche").pk
    assert [q.nom for q in form.fields["quartier"].queryset] == ["Fontaine d’Ouche"]


def test_what_is_typed_and_refused_is_given_back(client_de):
    page = client_de("cooperation").post(f"{NOTES}ajouter/", CHAMPS | {"date": ""}).content.decode()

    assert "Les prix montent." in page
    assert "Rien n’est encore enregistré" in page


def test_notes_are_listed_by_quartier_and_narrowed(client_de, quartier):
    client = client_de("caf")
    assert [str(n.quartier) for n in client.get(NOTES).context["page_obj"]] == [
        "None",
        "Grésilles",
        "Fontaine d’Ouche",
    ]

    page = client.get(f"{NOTES}?quartier={quartier('Grésilles').pk}&q=MERES")
    assert [n.titre for n in page.context["page_obj"]] == ["Des gardes en horaires décalés"]


@pytest.mark.parametrize("nom", ["copil", "lecteur", "signataire"])
def test_notes_are_the_teams(client_de, nom):
    assert client_de(nom).get(NOTES).status_code == 403


def test_a_date_of_the_calendar_that_goes_leaves_the_note(dijon):
    note = NoteVeille.objects.get(quartier__nom="Grésilles")

    Jalon.objects.get(pk=note.jalon_id).delete()

    note.refresh_from_db()
    assert note.jalon is None


def test_a_note_names_nothing_of_another_convention(dijon, compte):
    from ctg.models import Convention

    autre = Convention.objects.create(territoire=dijon.territoire, slug="dijon-2028", intitule="La suivante")
    jalon = Jalon.objects.filter(convention=dijon).first()
    note = NoteVeille(convention=autre, titre="t", texte="x", date=datetime.date(2026, 1, 1), jalon=jalon)

    with pytest.raises(ValidationError, match="n’est pas de cette convention"):
        note.full_clean()
