"""Attendance counted by label, and what is noted during a meeting."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from gouvernance.feuille_presence import collect_feuille
from gouvernance.models import Decision, Membre, Presence
from gouvernance.services import noter_presences
from tests.navigation import formulaire


def par_label(reunion):
    return {
        str(c.label or "tous"): (
            c.nb_sieges,
            c.nb_presents,
            c.nb_representes,
            c.nb_excuses,
            c.nb_absents,
            c.nb_non_notes,
        )
        for c in collect_feuille(reunion).comptes
    }


@pytest.fixture
def sieges(copil):
    """{order in the signed list: seat}: 4 and 5 sit for the CTG, 6 and 7 for the Cité éducative, the others for all."""
    return {membre.ordre: membre for membre in Membre.objects.filter(instance_gouvernance=copil)}


def noter(reunion, *presences):
    noter_presences(
        reunion, [Presence(reunion=reunion, membre=m, etat=e, represente_par=p) for m, e, p in presences]
    )


def test_only_those_who_sit_for_a_label_count_for_it(reunir, sieges):
    reunion = reunir()
    noter(
        reunion,
        (sieges[1], "present", ""),
        (sieges[4], "present", ""),
        (sieges[5], "represente", "Mme Durand"),
        (sieges[6], "excuse", ""),
        (sieges[7], "absent", ""),
    )

    assert par_label(reunion) == {
        "tous": (12, 2, 1, 1, 1, 7),
        "CTG": (10, 2, 1, 0, 0, 7),
        "Cité éducative": (10, 1, 0, 1, 1, 7),
    }


def test_a_seat_that_ended_before_the_meeting_does_not_sit(reunir, sieges):
    siege = sieges[7]
    siege.date_fin = "2027-02-01"
    siege.save()

    assert par_label(reunir("2027-02-01"))["Cité éducative"][0] == 9
    assert par_label(reunir("2027-01-31"))["Cité éducative"][0] == 10


@pytest.mark.parametrize(
    ("etat", "par", "message"),
    [("represente", "", "par qui"), ("present", "Mme Durand", "par qui"), ("ailleurs", "", "ailleurs")],
)
def test_the_service_says_what_is_wrong(reunir, sieges, etat, par, message):
    with pytest.raises(ValidationError, match=message):
        noter(reunir(), (sieges[1], etat, par))


def test_a_seat_of_another_instance_is_refused(dijon, reunir):
    autre = Membre.objects.filter(instance_gouvernance__slug="comite-de-suivi").first()

    with pytest.raises(ValidationError, match="n’est pas de l’instance"):
        noter(reunir(), (autre, "present", ""))


def test_the_database_keeps_one_attendance_a_seat(reunir, sieges):
    reunion = reunir()
    noter(reunion, (sieges[1], "present", ""))

    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(reunion=reunion, membre=sieges[1], etat="absent")
    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(reunion=reunion, membre=sieges[2], etat="represente")


def test_attendance_by_its_page(client_de, reunir, sieges):
    client, reunion = client_de("cooperation"), reunir()
    url = f"{reunion.get_absolute_url()}presences/"
    un, deux, trois = (f"s{sieges[n].pk}" for n in (1, 2, 3))
    champs = {f"{un}-etat": "present", f"{deux}-represente_par": "Mme Durand", f"{trois}-etat": "represente"}

    page = client.post(url, formulaire(client.get(url)) | champs).content.decode()
    assert "Écrivez par qui ce siège est représenté." in page
    assert not reunion.presences.exists()

    champs[f"{trois}-etat"] = "excuse"
    client.post(url, formulaire(client.get(url)) | champs)
    lu = {p.membre.ordre: (p.etat, p.represente_par) for p in reunion.presences.all()}
    assert lu == {1: ("present", ""), 2: ("represente", "Mme Durand"), 3: ("excuse", "")}

    client.post(url, formulaire(client.get(url)) | {f"{trois}-etat": ""})
    assert set(reunion.presences.values_list("membre__ordre", flat=True)) == {1, 2}


def test_what_another_noted_meanwhile_is_not_overwritten(client_de, reunir, sieges):
    client, reunion = client_de("cooperation"), reunir()
    url = f"{reunion.get_absolute_url()}presences/"
    ouverte = formulaire(client.get(url))
    noter(reunion, (sieges[1], "absent", ""), (sieges[2], "present", ""))

    page = client.post(url, ouverte | {f"s{sieges[1].pk}-etat": "present"}).content.decode()
    assert "Quelqu’un vient de noter « absent »" in page
    client.post(url, ouverte | {f"s{sieges[3].pk}-etat": "present", "envoi": ""})

    assert set(reunion.presences.values_list("membre__ordre", "etat")) == {
        (1, "absent"),
        (2, "present"),
        (3, "present"),
    }


@pytest.fixture
def conduite(client_de, dijon, inscrire):
    point = inscrire(label=dijon.labels.get(nom="CTG"))
    return client_de("cooperation"), point, f"{point.reunion.get_absolute_url()}conduite/"


def test_enter_in_a_line_keeps_the_decision_and_every_note(conduite, service):
    client, point, url = conduite
    champs = {
        f"n{point.pk}-notes": "Longuement dit",
        f"d{point.pk}-texte": "Ouvrir une crèche",
        f"d{point.pk}-responsable": f"service-{service.pk}",
        f"d{point.pk}-echeance": "2027-09-01",
        "d0-texte": "Se revoir",
    }

    response = client.post(url, formulaire(client.get(url)) | champs)

    assert response["Location"].endswith(f"#point-{point.pk}")
    point.refresh_from_db()
    assert point.notes == "Longuement dit"
    un, deux = point.reunion.decisions.order_by("rang")
    assert (un.texte, un.point, un.label, un.service, str(un.echeance)) == (
        "Ouvrir une crèche",
        point,
        point.label,
        service,
        "2027-09-01",
    )
    assert (deux.texte, deux.point, deux.label) == ("Se revoir", None, None)


def test_the_same_form_twice_decides_once(conduite):
    client, point, url = conduite
    data = formulaire(client.get(url)) | {f"d{point.pk}-texte": "Ouvrir une crèche"}

    for _ in range(2):
        assert client.post(url, data).status_code == 302

    assert Decision.objects.filter(reunion=point.reunion).count() == 1


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"echeance": "2027-09-01"}, "Écrivez ce qui est décidé"),
        ({"texte": "Ouvrir", "echeance": "2027-02-30"}, "date valide"),
        ({"texte": "Ouvrir", "responsable": "personne-999999"}, "choix valide"),
        ({"texte": "x" * 2_001}, "2000|2\xa0000"),
    ],
)
def test_one_faulty_line_saves_nothing_and_gives_everything_back(conduite, champs, message):
    import re

    client, point, url = conduite
    data = {f"n{point.pk}-notes": "Longuement dit"} | {f"d{point.pk}-{nom}": v for nom, v in champs.items()}

    page = client.post(url, formulaire(client.get(url)) | data).content.decode()

    assert re.search(message, page)
    assert "Longuement dit" in page
    point.refresh_from_db()
    assert (point.notes, point.reunion.decisions.count()) == ("", 0)


def test_what_is_typed_is_kept_as_a_draft(conduite):
    client, point, url = conduite
    data = formulaire(client.get(url)) | {f"n{point.pk}-notes": "Pas fini", "brouillon": "1"}

    assert client.post(url, data).status_code == 200
    assert "Pas fini" in client.get(url).content.decode()
    point.refresh_from_db()
    assert point.notes == ""


def test_two_people_on_the_same_notes_lose_nothing(conduite):
    client, point, url = conduite
    ouverte = formulaire(client.get(url))
    client.post(url, ouverte | {f"n{point.pk}-notes": "De l’un"})

    page = client.post(url, ouverte | {f"n{point.pk}-notes": "De l’autre", "envoi": ""}).content.decode()

    assert "De l’un" in page
    assert "De l’autre" in page
    point.refresh_from_db()
    assert point.notes == "De l’un"


def test_what_enter_presses_is_never_to_abandon_the_draft(conduite):
    """The first button of a form is the one that Enter presses."""
    client, point, url = conduite
    client.post(url, formulaire(client.get(url)) | {f"n{point.pk}-notes": "Pas fini", "brouillon": "1"})

    page = client.get(url).content.decode()

    boutons = re.findall(r'<button[^>]*type="submit"[^>]*form="formulaire"[^>]*>', page)
    assert "name=" not in boutons[0]
    assert 'name="abandonner"' in boutons[1]
