"""Settings of a convention."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from ctg.forms import contraste_avec_le_blanc
from ctg.models import Convention
from tests.navigation import formulaire

URL = "/dijon-2024/parametres/"


@pytest.fixture(autouse=True)
def _fichiers(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def enregistrer(client, **changes):
    return client.post(URL, formulaire(client.get(URL)) | changes)


def test_dates_with_their_precision_levels_and_aval(client_de, dijon):
    caf = dijon.get_organismes_aval()
    response = enregistrer(
        client_de("admin"),
        date_mi_parcours="2026-01-01",
        precision_mi_parcours="annee",
        couleur="#0F5E59",
        jours_rappel="1;-7 , -1",
        organismes_aval=[*caf],
        **{"niveaux-0-singulier": "orientation", "niveaux-0-pluriel": "orientations"},
    )

    assert response.status_code == 302
    dijon.refresh_from_db()
    assert (str(dijon.date_mi_parcours), dijon.precision_mi_parcours) == ("2026-01-01", "annee")
    assert (dijon.couleur, dijon.jours_rappel) == ("#0f5e59", "-7, -1, 1")
    assert set(dijon.organismes_aval.values_list("pk", flat=True)) == caf
    assert dijon.niveaux.get(rang=1).pluriel == "orientations"
    assert dijon.historique.latest().history_user.email == "admin@demo.invalid"
    page = client_de("copil").get("/dijon-2024/").content.decode()
    assert "/dijon-2024/couleur.css" in page
    assert "#0f5e59" in client_de("copil").get("/dijon-2024/couleur.css").content.decode()


def test_who_grants_mandates_does_not_choose_whose_aval_is_needed(client_de, dijon):
    """One could otherwise give it to oneself: take the Caf away, become its representative, put it back."""
    ville = dijon.signataires.exclude(organisme__in=dijon.get_organismes_aval()).first().organisme
    caf = dijon.get_organismes_aval()

    assert enregistrer(client_de("cooperation"), organismes_aval=[ville.pk]).status_code == 302

    assert dijon.get_organismes_aval() == caf
    assert "Un administrateur choisit" in client_de("cooperation").get(URL).content.decode()


def test_whose_aval_the_minutes_wait_for(client_de, dijon):
    ville = dijon.signataires.exclude(organisme__in=dijon.get_organismes_aval()).first().organisme
    caf = dijon.get_organismes_aval()
    choix = {"aval_comptes_rendus": "choisis", "organismes_aval_comptes_rendus": [ville.pk]}

    assert enregistrer(client_de("cooperation"), **choix).status_code == 302
    assert Convention.objects.get(pk=dijon.pk).get_organismes_aval_comptes_rendus() == caf
    seul = enregistrer(client_de("admin"), aval_comptes_rendus="choisis")
    assert "Choisissez au moins un organisme" in seul.content.decode()
    assert enregistrer(client_de("admin"), **choix).status_code == 302
    convention = Convention.objects.get(pk=dijon.pk)
    assert convention.get_organismes_aval_comptes_rendus() == {ville.pk}
    assert convention.get_organismes_aval() == caf


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"conservation_mois": "0"}, "Écrivez entre 1 et 1\u202f200 mois"),
        (
            {"date_mi_parcours": "2026-01-01", "precision_mi_parcours": ""},
            "Une date et sa précision vont ensemble",
        ),
        ({"date_fin": "2020-01-01", "precision_fin": "jour"}, "finit avant d’avoir commencé"),
        ({"couleur": "#12345}"}, "comme #0f5e59"),
        ({"couleur": "#ffff00"}, "trop claire"),
        ({"jours_rappel": "demain"}, "nombres de jours"),
        ({"version": "rien"}, "pendant que vous écriviez"),
        ({"version": ""}, "pendant que vous écriviez"),
    ],
)
def test_what_is_refused_says_why_and_writes_nothing(client_de, dijon, changes, message):
    response = enregistrer(client_de("cooperation"), intitule="Un autre", **changes)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert Convention.objects.get().intitule == dijon.intitule


@pytest.mark.parametrize(("choix", "attendu"), [("leur", "Le premier"), ("mien", "Le second")])
def test_two_people_on_the_same_setting_are_asked(client_de, choix, attendu):
    client = client_de("cooperation")
    ancien = formulaire(client.get(URL))
    enregistrer(client, intitule="Le premier")

    response = client.post(URL, ancien | {"intitule": "Le second", "couleur": "#0f5e59"})

    assert "pendant que vous écriviez" in response.content.decode()
    assert Convention.objects.get().intitule == "Le premier"
    client.post(URL, formulaire(response) | {"choix-intitule": choix})
    convention = Convention.objects.get()
    assert (convention.intitule, convention.couleur) == (attendu, "#0f5e59")


def test_two_people_on_different_settings_both_succeed(client_de, dijon):
    ville = dijon.signataires.exclude(organisme__in=dijon.get_organismes_aval()).first().organisme
    client = client_de("cooperation")
    ancien = formulaire(client.get(URL))
    enregistrer(
        client_de("admin"),
        organismes_aval=[ville.pk],
        couleur="#0f5e59",
        **{"niveaux-0-singulier": "orientation"},
    )

    response = client.post(
        URL, ancien | {"jours_rappel": "-3", "niveaux-0-pluriel": "orientations"}, follow=True
    )

    dijon.refresh_from_db()
    niveau = dijon.niveaux.get(rang=1)
    assert (dijon.jours_rappel, dijon.couleur) == ("-3", "#0f5e59")
    assert (niveau.singulier, niveau.pluriel) == ("orientation", "orientations")
    assert dijon.get_organismes_aval() == {ville.pk}
    page = response.content.decode()
    assert "Compte admin a modifié" in page
    assert "Couleur" in page


def test_two_administrateurs_on_whose_aval_is_needed_are_asked(client_de, dijon):
    signataires = [s.organisme_id for s in dijon.signataires.order_by("pk")[:2]]
    client = client_de("admin")
    ancien = formulaire(client.get(URL))
    enregistrer(client, organismes_aval=signataires[:1])

    response = client.post(URL, ancien | {"organismes_aval": signataires[1:]})

    assert dijon.get_organismes_aval() == {signataires[0]}
    client.post(URL, formulaire(response) | {"choix-organismes_aval": "mien"})
    assert dijon.get_organismes_aval() == {signataires[1]}


def logo(nom_format="PNG"):
    return SimpleUploadedFile("logo.png", image(nom_format), "image/png")


def test_a_logo_that_another_has_changed_is_not_replaced_unseen(client_de, dijon):
    client = client_de("cooperation")
    ancien = formulaire(client.get(URL))
    enregistrer(client, logo=logo())
    avant = Convention.objects.get().logo.name

    response = client.post(URL, ancien | {"logo": logo("JPEG"), "jours_rappel": "-3"})

    assert "Le logo a été changé pendant que vous écriviez" in response.content.decode()
    assert Convention.objects.get().logo.name == avant
    client.post(URL, formulaire(response) | {"logo": logo("JPEG")})
    convention = Convention.objects.get()
    assert (convention.logo.name.endswith(".jpg"), convention.jours_rappel) == (True, "-3")


def image(nom_format):
    Image.new("RGB", (40, 40), "#0f5e59").save(tampon := io.BytesIO(), nom_format)
    return tampon.getvalue()


def test_a_logo_is_kept_and_shown(client_de, dijon):
    enregistrer(client_de("cooperation"), logo=SimpleUploadedFile("..\\x.exe", image("PNG"), "text/html"))

    response = client_de("lecteur").get("/dijon-2024/logo/")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "contenu",
    [b"<svg onload='alert(1)'/>", b"", b"\x89PNG\r\n\x1a\n" + b"0" * 100, b"x" * 500_001, image("GIF")],
)
def test_what_is_not_an_image_is_refused(client_de, dijon, contenu):
    response = enregistrer(
        client_de("cooperation"), logo=SimpleUploadedFile("logo.png", contenu, "image/png")
    )

    assert response.status_code == 200
    assert Convention.objects.get().logo.name == ""


def test_contrast_is_the_one_of_the_standard():
    assert contraste_avec_le_blanc("#000000") == pytest.approx(21)
    assert contraste_avec_le_blanc("#ffffff") == pytest.approx(1)
    assert contraste_avec_le_blanc("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("nom", ["petite-enfance", "caf", "copil", "lecteur", "referent"])
def test_settings_are_the_charge_s_and_the_administrateur_s(client_de, nom):
    assert client_de(nom).get(URL).status_code == 403
    assert client_de(nom).post(URL, {"intitule": "x"}).status_code == 403


@pytest.mark.parametrize("mois", ["0", "1201", "999999999999"])
def test_a_retention_that_no_calendar_holds_is_refused(client_de, dijon, mois):
    client, url = client_de("cooperation"), "/dijon-2024/parametres/"
    page = client.post(url, formulaire(client.get(url)) | {"conservation_mois": mois})
    assert page.status_code == 200
    dijon.refresh_from_db()
    assert dijon.conservation_mois is None
    with pytest.raises(IntegrityError, match="conservation_plausible"), transaction.atomic():
        Convention.objects.filter(pk=dijon.pk).update(conservation_mois=1201)


def test_the_same_settings_sent_twice_are_one_change(client_de, dijon):
    client = client_de("cooperation")
    data = formulaire(client.get(URL)) | {"couleur": "#123456"}
    avant = dijon.historique.count()
    for _ in range(5):
        assert client.post(URL, data).status_code == 302

    assert dijon.historique.count() == avant + 1
