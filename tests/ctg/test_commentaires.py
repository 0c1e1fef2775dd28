"""Threads of comments on a fiche: rules of the record, rights, writing, resolving, what pages show."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg.commentaires import commenter, fils, peut_resoudre, resoudre, rouvrir
from ctg.models import Avenant, Brouillon, Commentaire, Mandat
from ctg.permissions import check
from fiches.models import FicheProjet
from fiches.succession import succeder
from tests.conftest import COMPTES_PAR_NOM
from tests.navigation import formulaire

FICHE = "/dijon-2024/fiches/PE-1/"
LISENT = set(COMPTES_PAR_NOM) - {"signataire", "copil", "lecteur"}
ECRIVENT = LISENT - {"admin"}


def fiche(code="PE-1"):
    return FicheProjet.objects.select_related("convention").get(code=code, date_fin=None)


def page_de(objet):
    return f"/dijon-2024/commentaires/fiche/{objet.pk}/"


@pytest.fixture
def ecrire(compte):
    """ecrire("caf", "Un texte") is the comment that this account wrote on PE-1."""

    def _ecrire(nom, texte, *, sur=None, **options):
        commentaire, _ = commenter(
            objet=sur or fiche(),
            texte=texte,
            auteur=compte(nom),
            now=timezone.now(),
            adresse=lambda chemin: f"https://ctg.test{chemin}",
            **options,
        )
        return commentaire

    return _ecrire


@pytest.mark.parametrize(
    "faute",
    [
        {"texte": ""},
        {"texte": "é" * 10_001},
        {"resolu_par": "auteur"},
        {"date_resolution": "maintenant"},
        {"parent": "fil", "date_resolution": "maintenant", "resolu_par": "auteur"},
    ],
)
def test_what_must_never_be_stored(ecrire, faute):
    fil = ecrire("caf", "Un fil")
    sens = {"auteur": fil.auteur, "maintenant": timezone.now(), "fil": fil}
    champs = {
        "convention": fil.convention,
        "objet": fil.objet,
        "texte": "Un texte",
        "auteur": fil.auteur,
        "created_at": timezone.now(),
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Commentaire.objects.create(**champs | {nom: sens.get(v, v) for nom, v in faute.items()})
    assert Commentaire.objects.create(**champs | {"texte": "é" * 10_000}).pk


def test_a_comment_does_not_answer_itself(ecrire):
    fil = ecrire("caf", "Un fil")

    with pytest.raises(IntegrityError), transaction.atomic():
        Commentaire.objects.filter(pk=fil.pk).update(parent=fil)


def test_one_level_of_answers_on_the_object_of_the_thread(ecrire):
    fil = ecrire("caf", "Un fil", champ="constat")
    reponse = ecrire("cooperation", "Une réponse", parent=fil)

    assert (reponse.champ, reponse.parent) == ("constat", fil)
    with pytest.raises(ValidationError, match="pas à une de ses réponses"):
        ecrire("cooperation", "Trop loin", parent=reponse)
    with pytest.raises(ValidationError, match="même objet"):
        ecrire("cooperation", "Ailleurs", parent=fil, sur=fiche("PE-2"))


@pytest.mark.parametrize("champ", ["notes_internes", "intitule", "rien", "statut"])
def test_a_field_that_is_not_offered_is_not_commented(ecrire, champ):
    with pytest.raises(ValidationError, match="ne se commente pas"):
        ecrire("cooperation", "Un texte", champ=champ)


def test_threads_of_one_field_or_of_all(ecrire):
    tout, constat = ecrire("caf", "Tout"), ecrire("caf", "Constat", champ="constat")
    reponse = ecrire("referent", "Réponse", parent=constat)
    ecrire("caf", "Ailleurs", sur=fiche("PE-2"))

    assert [f.racine for f in fils(fiche())] == [tout, constat]
    assert [f.commentaires for f in fils(fiche(), champ="constat")] == [[constat, reponse]]
    assert [f.racine for f in fils(fiche(), champ="")] == [tout]


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_who_reads_and_who_writes(client_de, compte, ecrire, nom):
    ecrire("caf", "UN-COMMENTAIRE-DE-LA-CAF")
    client = client_de(nom)
    page = client.get(FICHE).content.decode()

    assert ("UN-COMMENTAIRE-DE-LA-CAF" in page) is (nom in LISENT)
    assert ("1 fil de commentaires ouvert" in page) is (nom in LISENT)
    assert (f'action="{page_de(fiche())}"' in page) is (nom in ECRIVENT)
    assert bool(check(compte(nom), "ctg.commenter", fiche())) is (nom in ECRIVENT)
    if nom not in ECRIVENT:
        with pytest.raises(PermissionDenied):
            ecrire(nom, "Un texte")
    if nom == "admin":
        assert "s’écrivent dans l’équipe" in page


@pytest.mark.parametrize(
    ("nom", "permis"),
    [
        ("quartier", True),  # who opened it
        ("cooperation", True),
        ("petite-enfance", True),
        ("referent", False),
        ("enfance", False),
        ("caf", False),
        ("admin", False),
        ("copil", False),
    ],
)
def test_who_resolves_and_opens_again(client_de, compte, ecrire, nom, permis):
    fil = ecrire("quartier", "Un fil")
    access = peut_resoudre(compte(nom), fil, fiche())
    response = client_de(nom).post(f"/dijon-2024/commentaires/{fil.pk}/resoudre/")
    fil.refresh_from_db()

    assert (bool(access), fil.is_resolu) == (permis, permis)
    if permis:
        assert response.url == f"{FICHE}#commentaire-{fil.pk}"
        assert fil.resolu_par == compte(nom)
        assert not resoudre(fil, par=compte(nom), now=timezone.now())  # twice is once
        client_de(nom).post(f"/dijon-2024/commentaires/{fil.pk}/rouvrir/")
        fil.refresh_from_db()
        assert (fil.is_resolu, fil.resolu_par) == (False, None)
        assert not rouvrir(fil, par=compte(nom))
    else:
        assert response.status_code == 403
        assert access.reason.endswith(".")


def test_writing_from_the_page_of_the_fiche(client_de):
    client = client_de("caf")
    data = formulaire(client.get(page_de(fiche()))) | {"texte": "Pourquoi 12 places ?", "champ": "constat"}
    response = client.post(page_de(fiche()), data)
    commentaire = Commentaire.objects.get()
    page = client.get(response.url).content.decode()

    assert response.url == f"{FICHE}#commentaire-{commentaire.pk}"
    assert f'id="commentaire-{commentaire.pk}"' in page
    assert (commentaire.champ, "À propos de\u00a0: constat" in page) == ("constat", True)


def test_without_a_thread_the_page_says_what_one_can_do(client_de):
    page = client_de("caf").get(FICHE).content.decode()

    assert "Aucun fil de commentaires ouvert" in page
    assert "Écrivez-le ici" in page


def test_the_same_form_twice_is_one_comment(client_de):
    client = client_de("caf")
    data = formulaire(client.get(page_de(fiche()))) | {"texte": "Une fois"}
    client.post(page_de(fiche()), data)
    response = client.post(page_de(fiche()), data, follow=True)

    assert Commentaire.objects.count() == 1
    assert "rien n’a été fait deux fois" in response.content.decode()


@pytest.mark.parametrize(
    ("texte", "faute"),
    [
        ("   \n ", "Écrivez votre commentaire."),
        ("x" * 10_432, "Ce commentaire compte 10\u202f432 caractères"),
        ("Bien\x00mal", "Le caractère nul"),
    ],
)
def test_an_error_keeps_the_text(client_de, texte, faute):
    response = client_de("caf").post(page_de(fiche()), {"texte": texte})
    page = response.content.decode()

    assert Commentaire.objects.count() == 0
    assert faute in page
    assert formulaire(response)["texte"].strip() == texte.strip()


def test_lines_count_as_a_browser_counts_them(client_de):
    """A browser sends two characters for the one that it shows."""
    client_de("caf").post(page_de(fiche()), {"texte": "a\r\n" * 4_999 + "ab"})

    assert len(Commentaire.objects.get().texte) == 10_000


def test_hostile_text_is_text(client_de):
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> javascript:alert(1) {{ user }}"
    client = client_de("caf")
    client.post(page_de(fiche()), {"texte": hostile})
    page = client.get(FICHE).content.decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ user }}" in page


def expirer(client):
    session = client.session
    session["activite"] = 0
    session.save()


@pytest.mark.parametrize("reponse", [False, True])
def test_an_expired_session_gives_the_text_back(client_de, ecrire, reponse):
    client, fil = client_de("caf"), ecrire("cooperation", "Un fil")
    url = f"/dijon-2024/commentaires/{fil.pk}/repondre/" if reponse else page_de(fiche())
    data = formulaire(client.get(url)) | {"texte": "Un long texte à ne pas perdre"}
    expirer(client)

    assert client.post(url, data).url.startswith("/compte/connexion/")
    assert Commentaire.objects.count() == 1
    client_de("caf")
    assert "Votre brouillon du" in client.get(url).content.decode()
    assert formulaire(client.get(url))["texte"] == "Un long texte à ne pas perdre"
    assert "Un long texte à ne pas perdre" in formulaire(client.get(FICHE))["texte"]
    assert client.post(url, formulaire(client.get(url))).status_code == 302
    assert Commentaire.objects.count() == 2
    assert not Brouillon.objects.exists()


def test_a_draft_is_kept_while_one_types_and_can_be_dropped(client_de):
    client, url = client_de("caf"), page_de(fiche())
    data = formulaire(client.get(url)) | {"texte": "En cours"}

    assert client.post(url, data | {"brouillon": "1"}).json()["heure"]
    assert formulaire(client.get(FICHE))["texte"] == "En cours"
    client.post(url, {"abandonner": "1"})
    assert formulaire(client.get(FICHE))["texte"] == ""
    assert client_de("copil").post(url, data | {"brouillon": "1"}).status_code == 403


def test_a_thread_resolved_meanwhile_refuses_the_answer_and_keeps_it(client_de, compte, ecrire):
    fil = ecrire("caf", "Un fil")
    resoudre(fil, par=compte("cooperation"), now=timezone.now())
    client = client_de("caf")

    response = client.post(f"/dijon-2024/commentaires/{fil.pk}/repondre/", {"texte": "Ma réponse"})
    page = client.get(FICHE).content.decode()

    assert formulaire(response)["texte"] == "Ma réponse"
    assert "Ce fil est résolu" in response.content.decode()
    assert "1 fil résolu" in page
    assert "Aucun fil ouvert" in page
    assert f"/{fil.pk}/repondre/" not in page
    assert f"/{fil.pk}/rouvrir/" in page


def test_out_of_scope_is_not_found(client_de, compte, dijon, ecrire):
    fil = ecrire("caf", "Un fil")
    reponse = ecrire("referent", "Une réponse", parent=fil)
    autre = type(dijon).objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Une autre")
    Mandat.objects.create(utilisateur=compte("cooperation"), role="charge_cooperation", convention=autre)
    client = client_de("cooperation")

    for url in [
        f"/autre-2030/commentaires/fiche/{fiche().pk}/",
        f"/autre-2030/commentaires/{fil.pk}/repondre/",
        f"/autre-2030/commentaires/{fil.pk}/resoudre/",
        f"/autre-2030/commentaires/{fil.pk}/rouvrir/",
        f"/dijon-2024/commentaires/{reponse.pk}/repondre/",
        f"/dijon-2024/commentaires/{reponse.pk}/resoudre/",
        f"/dijon-2024/commentaires/structure/{fiche().pk}/",
        "/dijon-2024/commentaires/fiche/999999/",
    ]:
        assert client.post(url, {"texte": "Un texte"}).status_code == 404, url
    assert Commentaire.objects.count() == 2


def test_what_no_longer_exists_has_no_comments(client_de, ecrire):
    fil = ecrire("caf", "Un fil")
    Commentaire.objects.filter(pk=fil.pk).update(objet_id=999_999)

    assert client_de("caf").get(f"/dijon-2024/commentaires/{fil.pk}/repondre/").status_code == 404


def test_the_history_tells_of_comments(client_de, ecrire):
    client = client_de("caf")
    client.post(page_de(fiche()), {"texte": "Un commentaire de la Caf @Compte referent"})
    [evenement, *_] = client.get(f"{FICHE}historique/").context["page_obj"]

    assert [(d.libelle, d.objet) for d in evenement.differences] == [
        ("Ajout", "Commentaire"),
        ("Personnes mentionnées", "Commentaire"),
    ]
    assert "Un commentaire de la Caf" in evenement.differences[0].apres
    assert evenement.differences[1].apres == "Compte referent"


def test_a_discussion_goes_on_through_an_avenant(client_de, dijon, ecrire):
    ancienne, today = fiche(), timezone.localdate()
    fil = ecrire("caf", "AVANT-L-AVENANT")
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet=today)
    suite = succeder(ancienne.pk, avenant, {"intitule": "Un autre titre"})
    ecrire("caf", "APRES-L-AVENANT", sur=suite)
    client = client_de("caf")
    page = client.get(FICHE).content.decode()
    response = client.post(f"/dijon-2024/commentaires/{fil.pk}/repondre/", {"texte": "Ma réponse"})

    assert "AVANT-L-AVENANT" in page
    assert "APRES-L-AVENANT" in page
    assert response.url.startswith(f"{FICHE}#commentaire-")
    assert "APRES-L-AVENANT" in client.get(f"{FICHE}?au=2025-01-01").content.decode()


def test_a_closed_fiche_is_commented_where_it_can_be_read(client_de):
    une, today = fiche(), timezone.localdate()
    une.date_fin = today
    une.save()
    client = client_de("caf")
    response = client.post(page_de(une), {"texte": "Sur une fiche close"})

    assert "Sur une fiche close" in client.get(response.url).content.decode()


def test_deleting_a_fiche_says_that_its_comments_go(client_de, ecrire, dijon):
    modele = fiche()
    vide = FicheProjet.objects.create(convention=dijon, axe=modele.axe, code="PE-99", numero=99)
    fil = ecrire("caf", "Un fil", sur=vide)
    ecrire("referent", "Une réponse", sur=vide, parent=fil)
    client = client_de("cooperation")
    url = "/dijon-2024/fiches/PE-99/supprimer/"

    assert "2\u00a0commentaires" in client.get(url).context["part"]
    client.post(url, {"action": "supprimer"})
    assert not Commentaire.objects.exists()
    assert Commentaire.historique.filter(id=fil.pk, history_type="-").exists()


def test_the_page_asks_as_many_queries_for_2_threads_as_for_30(client_de, ecrire):
    client, nombres = client_de("cooperation"), []
    for nb in (2, 30):
        for n in range(nb):
            fil = ecrire("caf", f"Fil {n} @Compte referent")
            ecrire("referent", f"Réponse {n} @Compte caf", parent=fil)
        client.get(FICHE)
        with CaptureQueriesContext(connection) as queries:
            client.get(FICHE)
        nombres.append(len(queries))

    assert nombres[0] == nombres[1]
