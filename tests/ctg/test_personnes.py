"""People, mandates, invitations: who grants what, and how somebody comes in."""

import datetime
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from ctg.enums import Role
from ctg.invitations import DUREE, inviter, jeton_invitation, lire_invitation
from ctg.mandats import accorder, mettre_fin, roles_accordables
from ctg.models import Mandat, Organisme, Personne, Utilisateur
from ctg.views.compte import InvitationView
from fiches.models import Axe, FicheProjet
from tests.navigation import formulaire

C = "/dijon-2024/personnes/"
CAF = "Caf de la Côte-d’Or"
AUTRES = [
    role for role in Role.values if role not in {Role.ADMINISTRATEUR, Role.CONSEILLER_CAF, Role.REPRESENTANT}
]


@pytest.fixture
def zoe(dijon):
    return Personne.objects.create(convention=dijon, prenom="Zoé", nom="Martin", email="zoe@exemple.fr")


def accord(par, personne, role, organisme=None, perimetre=()):
    compte, _ = Utilisateur.objects.get_or_create(email="zoe@exemple.fr")
    return accorder(
        par=par, personne=personne, compte=compte, role=role, organisme=organisme, perimetre=perimetre
    )


def perimetre_de(role, dijon):
    return {
        Role.COORDINATEUR_THEMATIQUE: [Axe.objects.get(code="PE").pk],
        Role.REFERENT: [FicheProjet.objects.get(code="PE-1").pk],
        Role.COORDINATEUR_TERRITORIAL: [
            dijon.territoire.decoupages.get(is_reference=True).quartiers.first().pk
        ],
    }.get(role, ())


# (who, for which organisme) → roles granted. Design § 6.
@pytest.mark.parametrize(
    ("nom", "organisme", "attendus"),
    [
        ("admin", CAF, {*Role.values}),
        ("admin", "Ville de Dijon", {*Role.values} - {Role.CONSEILLER_CAF}),
        ("cooperation", CAF, {*AUTRES}),
        ("cooperation", "Ville de Dijon", {*AUTRES, Role.REPRESENTANT}),
        ("caf", CAF, {Role.CONSEILLER_CAF, Role.REPRESENTANT}),
        ("caf", "Ville de Dijon", set()),
        ("signataire", CAF, {Role.CONSEILLER_CAF, Role.REPRESENTANT}),
        *((nom, CAF, set()) for nom in ("petite-enfance", "referent", "quartier", "copil", "lecteur")),
    ],
)
def test_who_grants_what(compte, dijon, zoe, nom, organisme, attendus):
    organisme = Organisme.objects.get(nom=organisme)
    accordes = set()
    for role in Role.values:
        if role == Role.ADMINISTRATEUR:
            continue
        try:
            accord(compte(nom), zoe, role, organisme, perimetre_de(role, dijon))
        except (PermissionDenied, ValidationError) as refus:
            assert str(refus).strip("[]'").endswith(".")  # noqa: PT017 -- a sentence, whatever the case
        else:
            accordes.add(role)

    assert accordes == attendus - {Role.ADMINISTRATEUR}


def test_a_charge_de_cooperation_cannot_make_an_administrateur(compte, zoe):
    with pytest.raises(PermissionDenied, match="administrateur"):
        accord(compte("cooperation"), zoe, Role.ADMINISTRATEUR)


def test_the_page_offers_what_may_be_granted_and_no_more(compte, dijon):
    assert set(roles_accordables(compte("caf"), dijon)) == {Role.CONSEILLER_CAF, Role.REPRESENTANT}
    assert set(roles_accordables(compte("cooperation"), dijon)) == {*AUTRES, Role.REPRESENTANT}
    assert roles_accordables(compte("lecteur"), dijon) == []


def test_a_scope_is_asked_and_stays_in_its_convention(compte, zoe):
    with pytest.raises(ValidationError, match="au moins un"):
        accord(compte("cooperation"), zoe, Role.REFERENT)
    with pytest.raises(ValidationError, match="pas de cette convention"):
        accord(compte("cooperation"), zoe, Role.REFERENT, perimetre=[999_999])


def invitation(client, zoe, **data):
    data = {"mandat-email": "zoe@exemple.fr", "mandat-role": "referent", "envoi": str(uuid.uuid4())} | data
    return client.post(f"{C}{zoe.pk}/inviter/", data)


def lien(mail):
    return re.search(r"http://testserver(/compte/invitation/\S+)", mail.body).group(1)


def test_an_invitation_opens_an_account_with_its_scope_and_serves_once(
    client_de, client, zoe, mailoutbox, django_capture_on_commit_callbacks, compte
):
    fiche = FicheProjet.objects.get(code="PE-2")
    with django_capture_on_commit_callbacks(execute=True):
        response = invitation(client_de("cooperation"), zoe, **{"mandat-perimetre_referent": [fiche.pk]})
    assert response.status_code == 302
    [mail] = mailoutbox
    [(html, _)] = mail.alternatives
    assert re.search(r'class="bouton" href="([^"]+)"', html)[1] in mail.body
    assert "Convention territoriale globale de Dijon" in html
    assert (mail.to, "référent de fiche" in mail.body) == (["zoe@exemple.fr"], True)
    client.logout()
    adresse, secret = lien(mail), "un-bon-mot-de-passe-9"

    assert client.get(adresse).status_code == 200
    assert client.post(adresse, {"new_password1": "abc", "new_password2": "abc"}).status_code == 200
    assert client.post(adresse, {"new_password1": secret, "new_password2": secret}).status_code == 302
    assert client.get("/dijon-2024/fiches/PE-2/").status_code == 200
    assert client.get("/dijon-2024/evaluation/2025/saisie/PE-2/").status_code == 200
    assert client.get("/dijon-2024/evaluation/2025/saisie/PE-1/").status_code == 403
    client.logout()
    assert client.get(adresse).status_code == 404
    assert client.post(adresse, {"new_password1": secret, "new_password2": secret}).status_code == 404


def test_the_same_invitation_sent_twice_is_one_mandate_and_one_mail(
    client_de, zoe, mailoutbox, django_capture_on_commit_callbacks
):
    client = client_de("cooperation")
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            invitation(
                client, zoe, envoi="6a3cb30c-6b8c-4f39-9d02-3b9a3f1cb001", **{"mandat-role": "lecteur"}
            )

    assert Mandat.objects.filter(utilisateur__email="zoe@exemple.fr").count() == 1
    assert len(mailoutbox) == 1


def test_a_refused_invitation_leaves_nothing_and_gives_back_what_was_typed(client_de, zoe, mailoutbox):
    response = invitation(client_de("cooperation"), zoe)  # a référent without a fiche

    assert response.status_code == 200
    assert "Choisissez au moins un élément" in response.content.decode()
    assert formulaire(response)["mandat-email"] == "zoe@exemple.fr"
    assert not Utilisateur.objects.filter(email="zoe@exemple.fr").exists()
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("nom", "role"),
    [("cooperation", "administrateur"), ("caf", "charge_cooperation"), ("signataire", "lecteur")],
)
def test_a_forged_role_is_refused(client_de, zoe, nom, role):
    response = invitation(client_de(nom), zoe, **{"mandat-role": role})

    assert response.status_code == 200
    assert not Mandat.objects.filter(utilisateur__email="zoe@exemple.fr").exists()


def test_an_account_that_exists_gets_one_more_mandate_and_keeps_its_password(
    client_de, dijon, mailoutbox, compte, django_capture_on_commit_callbacks
):
    personne = Personne.objects.get(convention=dijon, utilisateur=compte("lecteur"))
    avant = compte("lecteur").password
    with django_capture_on_commit_callbacks(execute=True):
        client_de("cooperation").post(f"{C}{personne.pk}/inviter/", {"mandat-role": "membre_copil"})

    assert compte("lecteur").password == avant
    assert compte("lecteur").mandats.count() == 2
    assert "/compte/invitation/" not in mailoutbox[0].body


def test_a_false_old_or_foreign_link_opens_nothing(client, zoe, compte, monkeypatch):
    neuf = Utilisateur.objects.create_user("neuf@exemple.fr")
    jeton = jeton_invitation(neuf)
    assert lire_invitation(jeton) == neuf
    assert client.get("/compte/invitation/rien/").status_code == 404
    assert client.get(f"/compte/invitation/{jeton[:-1]}/").status_code == 404

    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + DUREE + 10)
    assert lire_invitation(jeton) is None


def test_an_ended_mandate_is_refused_at_the_next_request(client_de, compte, dijon):
    from django.test import Client

    lecteur = Client()
    lecteur.force_login(compte("lecteur"))
    assert lecteur.get("/dijon-2024/").status_code == 200
    personne = Personne.objects.get(convention=dijon, utilisateur=compte("lecteur"))
    adresse = f"{C}{personne.pk}/mandats/{compte('lecteur').mandats.get().pk}/fin/"
    client = client_de("cooperation")

    assert "dès aujourd’hui" in client.get(adresse).content.decode()
    assert lecteur.get("/dijon-2024/").status_code == 200
    client.post(adresse)

    assert lecteur.get("/dijon-2024/").status_code == 404
    assert compte("lecteur").mandats.get().date_fin == timezone.localdate()


@pytest.mark.parametrize(
    ("nom", "statut"), [("cooperation", 403), ("petite-enfance", 403), ("copil", 403), ("caf", 302)]
)
def test_the_mandate_of_the_caf_is_ended_by_the_caf(client_de, compte, dijon, nom, statut):
    personne = Personne.objects.get(convention=dijon, utilisateur=compte("signataire"))
    adresse = f"{C}{personne.pk}/mandats/{compte('signataire').mandats.get().pk}/fin/"

    assert client_de(nom).post(adresse).status_code == statut


def test_a_person_is_written_with_functions_and_found_without_accents(client_de, dijon):
    client = client_de("cooperation")
    data = formulaire(client.get(f"{C}ajouter/")) | {
        "prenom": "Éloïse",
        "nom": "Lefèvre",
        "fonctions-0-intitule": "Coordinatrice petite enfance",
        "fonctions-0-date_effet": "2025-01-06",
    }

    client.post(f"{C}ajouter/", data)
    client.post(f"{C}ajouter/", data)  # a double click

    personne = Personne.objects.get(nom="Lefèvre")
    assert personne.fonctions.get().date_effet == datetime.date(2025, 1, 6)
    page = client.get(f"{C}?q=eloise lefevre").content.decode()
    assert "Lefèvre" in page
    assert "Coordinatrice petite enfance" in page


@pytest.mark.parametrize(
    ("nom", "statut"),
    [
        ("cooperation", 200),
        ("caf", 200),
        ("referent", 200),
        ("admin", 200),
        ("copil", 403),
        ("lecteur", 403),
        ("signataire", 200),
    ],
)
def test_the_list_of_people_is_the_team_s(client_de, nom, statut):
    assert client_de(nom).get(C).status_code == statut


def test_addresses_are_shown_to_those_who_keep_the_list(client_de):
    assert "copil@demo.invalid" in client_de("cooperation").get(C).content.decode()
    assert "copil@demo.invalid" not in client_de("referent").get(C).content.decode()


def modifier(client, url, **changes):
    return client.post(url, formulaire(client.get(url)) | changes)


def test_two_people_on_different_fields_of_one_person_both_succeed(client_de, zoe):
    client, url = client_de("cooperation"), f"{C}{zoe.pk}/modifier/"
    modifier(client, url, **{"fonctions-0-intitule": "Adjointe", "fonctions-0-date_effet": "2024-01-01"})
    ancien = formulaire(client.get(url))
    modifier(client_de("admin"), url, nom="Durand", **{"fonctions-0-intitule": "Directrice"})

    page = client.post(url, ancien | {"prenom": "Zoë", "fonctions-0-date_effet": "2025-01-01"}, follow=True)

    zoe.refresh_from_db()
    [fonction] = zoe.fonctions.all()
    assert str(zoe) == "Zoë Durand"
    assert (fonction.intitule, str(fonction.date_effet)) == ("Directrice", "2025-01-01")
    dit = "Compte admin a modifié : Nom, Fonction « Directrice » : fonction. Tout est réuni."
    assert dit in page.content.decode()


def test_two_functions_added_at_once_are_both_kept(client_de, zoe):
    client, url = client_de("cooperation"), f"{C}{zoe.pk}/modifier/"
    ancien = formulaire(client.get(url))
    modifier(client, url, **{"fonctions-0-intitule": "Adjointe"})

    client.post(url, ancien | {"fonctions-0-intitule": "Directrice"})

    assert {f.intitule for f in zoe.fonctions.all()} == {"Adjointe", "Directrice"}


@pytest.mark.parametrize("version", [None, "", "faux"])
@pytest.mark.parametrize(("choix", "attendu"), [("leur", "Zo"), ("mien", "Zoë")])
def test_the_same_field_of_one_person_is_asked(client_de, zoe, version, choix, attendu):
    client, url = client_de("cooperation"), f"{C}{zoe.pk}/modifier/"
    ancien = formulaire(client.get(url))
    modifier(client_de("admin"), url, prenom="Zo")
    if version is not None:
        ancien["version"] = version

    response = client.post(url, ancien | {"prenom": "Zoë", "fonctions-0-intitule": "Adjointe"})

    assert "pendant que vous écriviez" in response.content.decode()
    assert [c.leur.affichage for c in response.context["fusion"].conflits] == ["Zo"]
    assert Personne.objects.get(pk=zoe.pk).prenom == "Zo"
    client.post(url, formulaire(response) | {"choix-prenom": choix})
    assert Personne.objects.get(pk=zoe.pk).prenom == attendu
    assert [f.intitule for f in zoe.fonctions.all()] == ["Adjointe"]


def test_a_person_with_an_address_sent_twice_is_saved_once(client_de, dijon):
    client = client_de("cooperation")
    data = formulaire(client.get(f"{C}ajouter/")) | {"nom": "Autre", "email": "autre@exemple.fr"}

    client.post(f"{C}ajouter/", data)
    page = client.post(f"{C}ajouter/", data, follow=True).content.decode()

    assert "était déjà enregistré" in page
    assert Personne.objects.filter(nom="Autre").count() == 1


@pytest.mark.parametrize("venu", [{"password": "md5$a$b"}, {"last_login": timezone.now}])
def test_an_invitation_is_not_sent_again_to_who_came(client_de, zoe, dijon, compte, mailoutbox, venu):
    accord(compte("admin"), zoe, Role.LECTEUR)
    Utilisateur.objects.filter(pk=zoe.utilisateur_id).update(password="!")
    client, bouton = client_de("cooperation"), "Renvoyer l’invitation"
    assert bouton in client.get(f"{C}{zoe.pk}/").content.decode()

    valeurs = {nom: valeur() if callable(valeur) else valeur for nom, valeur in venu.items()}
    Utilisateur.objects.filter(pk=zoe.utilisateur_id).update(**valeurs)

    assert bouton not in client.get(f"{C}{zoe.pk}/").content.decode()
    page = client.post(f"{C}{zoe.pk}/relancer/", follow=True).content.decode()
    assert "a déjà ouvert son compte" in page
    assert mailoutbox == []


def test_a_mandate_that_would_be_over_is_not_granted(compte, zoe):
    with pytest.raises(ValidationError, match="serait déjà terminé"):
        accorder(
            par=compte("cooperation"),
            personne=zoe,
            compte=compte("copil"),
            role=Role.LECTEUR,
            date_fin=timezone.localdate(),
        )


def test_ending_an_ended_mandate_does_not_lengthen_it(compte):
    mandat = compte("copil").mandats.get()
    fin = timezone.localdate() - datetime.timedelta(days=30)
    Mandat.objects.filter(pk=mandat.pk).update(date_fin=fin)
    mandat.refresh_from_db()
    mettre_fin(mandat, par=compte("cooperation"), au=timezone.localdate())
    mandat.refresh_from_db()
    assert mandat.date_fin == fin


def test_an_administrateur_is_not_said_to_be_without_a_mandate(client_de, dijon, compte):
    admin = compte("admin")
    personne = Personne.objects.filter(convention=dijon, utilisateur=admin).first()
    personne = personne or Personne.objects.create(convention=dijon, nom="Admin", utilisateur=admin)

    page = client_de("cooperation").get(f"{C}{personne.pk}/").content.decode()

    assert "aucun mandat" not in page


def test_an_invitation_leaves_once_a_minute(
    client_de, zoe, compte, mailoutbox, django_capture_on_commit_callbacks
):
    accord(compte("admin"), zoe, Role.LECTEUR)
    compte_de_zoe = Utilisateur.objects.filter(pk=zoe.utilisateur_id)
    compte_de_zoe.update(password="!", date_invitation=timezone.now() - datetime.timedelta(minutes=2))
    client = client_de("cooperation")
    with django_capture_on_commit_callbacks(execute=True):
        pages = [client.post(f"{C}{zoe.pk}/relancer/", follow=True).content.decode() for _ in range(20)]
    assert len(mailoutbox) == 1
    assert ("repart à" in pages[0], "laissez-lui une minute" in pages[19]) == (True, True)


def test_the_address_of_the_invitation_becomes_that_of_the_person(compte, dijon):
    hugo = Personne.objects.create(convention=dijon, nom="Sansmail")
    inviter(par=compte("cooperation"), personne=hugo, email="hugo@exemple.fr", site="", role=Role.LECTEUR)
    assert Personne.objects.get(pk=hugo.pk).email == "hugo@exemple.fr"


def test_a_name_or_an_address_known_already_is_said(client_de, dijon):
    Personne.objects.create(convention=dijon, prenom="Yves", nom="Doublon", email="yves@exemple.fr")
    client = client_de("cooperation")
    for autre in ({"prenom": "YVES", "nom": "doublon"}, {"nom": "Autre", "email": "Yves@exemple.fr"}):
        data = formulaire(client.get(f"{C}ajouter/")) | autre
        assert (
            "Même nom ou même adresse : « Yves Doublon »"
            in client.post(f"{C}ajouter/", data, follow=True).content.decode()
        )


def test_the_form_says_who_gives_the_roles_that_it_does_not_propose(client_de, zoe):
    page = client_de("cooperation").get(f"{C}{zoe.pk}/").content.decode()
    assert "se donne par un administrateur ou par ceux qui l’y représentent" in page
    assert "Seul un administrateur donne" in page


def test_a_closed_account_is_said_and_is_not_invited(client_de, zoe, compte, mailoutbox):
    accord(compte("admin"), zoe, Role.LECTEUR)
    Utilisateur.objects.filter(pk=zoe.utilisateur_id).update(password="!", is_active=False)
    client = client_de("cooperation")

    page = client.get(f"{C}{zoe.pk}/").content.decode()
    assert "Le compte de cette personne est désactivé" in page
    assert "Renvoyer l’invitation" not in page
    relance = client.post(f"{C}{zoe.pk}/relancer/", follow=True).content.decode()
    assert "Ce compte est désactivé" in relance
    data = formulaire(client.get(f"{C}{zoe.pk}/")) | {"mandat-role": Role.MEMBRE_COPIL}
    assert "Ce compte est désactivé" in client.post(f"{C}{zoe.pk}/inviter/", data).content.decode()
    assert mailoutbox == []


def test_one_reminds_of_the_mandates_that_one_gives(client_de, zoe, compte, mailoutbox):
    accord(compte("admin"), zoe, Role.LECTEUR)
    Utilisateur.objects.filter(pk=zoe.utilisateur_id).update(password="!")
    client = client_de("caf")

    assert "Renvoyer l’invitation" not in client.get(f"{C}{zoe.pk}/").content.decode()
    client.post(f"{C}{zoe.pk}/relancer/")

    assert mailoutbox == []


def test_an_invitation_opens_the_account_once(client, zoe, compte, monkeypatch):
    """Two clicks at once: the second waits for the row, then finds the link used."""
    accord(compte("admin"), zoe, Role.LECTEUR)
    Utilisateur.objects.filter(pk=zoe.utilisateur_id).update(password="!")
    ouvert = Utilisateur.objects.get(pk=zoe.utilisateur_id)
    url = reverse("ctg:invitation", kwargs={"jeton": jeton_invitation(ouvert)})
    vrai = InvitationView.get_form

    def entre_temps(vue, *args, **kwargs):
        Utilisateur.objects.filter(pk=ouvert.pk).update(password="md5$a$b")
        return vrai(vue, *args, **kwargs)

    monkeypatch.setattr(InvitationView, "get_form", entre_temps)
    secret = "Un long mot de passe 2026"
    response = client.post(url, {"new_password1": secret, "new_password2": secret})

    assert response.status_code == 404
    assert Utilisateur.objects.get(pk=ouvert.pk).password == "md5$a$b"
