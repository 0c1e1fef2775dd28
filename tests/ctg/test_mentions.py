"""« @Prénom Nom »: who is meant, who is told, and what the mail says."""

import datetime

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg.commentaires import commenter
from ctg.mentions import lire_mentions, mentionnables
from ctg.models import Commentaire, Mandat, Personne, Utilisateur
from ctg.perimetres import charger_droits, droits
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM

ELODIE, JEAN, JEAN_PIERRE, OMAR = 1, 2, 3, 4
PERSONNES = [
    Personne(pk=ELODIE, prenom="Élodie", nom="Martin-Dupont"),
    Personne(pk=JEAN, prenom="Jean", nom="Martin"),
    Personne(pk=JEAN_PIERRE, prenom="Jean", nom="Martin Duval"),
    Personne(pk=OMAR, nom="عمر"),
]


def fiche():
    return FicheProjet.objects.select_related("convention").get(code="PE-1")


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("@Élodie Martin-Dupont", [ELODIE]),
        ("Bonjour @elodie MARTIN DUPONT, merci", [ELODIE]),
        ("(@E\u0301lodie\u00a0Martin\u2011Dupont)", [ELODIE]),
        ("@Jean Martin.", [JEAN]),
        ("@Jean Martin Duval et @Jean Martin", [JEAN_PIERRE, JEAN]),
        ("@Jean Martin @Jean Martin", [JEAN]),
        ("@Jean Martine", []),
        ("@Jean\nMartin", []),
        ("@Jean, Martin", []),
        ("@Jean", []),
        ("jean@martin.fr @ Jean Martin, @@Jean Martin", []),
        ("contact.@Jean Martin", []),
        ("@عمر", [OMAR]),
        ("@" * 10_000, []),
        ("@Jean " * 1_600, []),
        ("Jean Martin", []),
    ],
)
def test_who_is_meant(texte, attendu):
    assert [personne.pk for personne in lire_mentions(texte, PERSONNES).personnes] == attendu


def test_two_people_of_one_name_are_both_meant_and_an_unknown_one_is_said():
    deux = [*PERSONNES, Personne(pk=9, prenom="JEAN", nom="Martin")]
    lues = lire_mentions("@Jean Martin, @Paul Durand de la Caf, @paul durand", deux)

    assert {personne.pk for personne in lues.personnes} == {JEAN, 9}
    assert lues.inconnues == ["Paul Durand"]


def test_who_can_be_mentioned(compte, dijon):
    ailleurs = type(dijon).objects.create(territoire=dijon.territoire, slug="autre", intitule="Une autre")
    hier = timezone.localdate() - datetime.timedelta(days=1)
    Mandat.objects.filter(utilisateur=compte("avs")).update(date_fin=hier)
    Utilisateur.objects.filter(pk=compte("jeunesse").pk).update(is_active=False)
    Personne.objects.filter(utilisateur=compte("enfance")).update(convention=ailleurs)
    Personne.objects.filter(utilisateur=compte("quartier")).update(is_anonyme=True)
    Personne.objects.create(convention=dijon, nom="Sans compte")

    noms = {personne.utilisateur.email.partition("@")[0] for personne in mentionnables(fiche())}

    assert noms == {"admin", "cooperation", "petite-enfance", "referent", "caf"}


def test_rights_loaded_together_are_those_loaded_one_by_one(compte, dijon):
    comptes = [compte(nom) for nom in COMPTES_PAR_NOM]
    charger_droits(comptes, dijon.pk, au=timezone.localdate())

    assert [droits(c, dijon.pk) for c in comptes] == [
        droits(compte(nom), dijon.pk) for nom in COMPTES_PAR_NOM
    ]
    assert droits(comptes[2], dijon.pk).dans("axes")


def test_those_who_can_be_mentioned_are_found_in_as_many_queries_however_many_they_are(dijon):
    nombres = []
    for nb in (1, 30):
        for n in range(nb):
            autre = Utilisateur.objects.create_user(f"autre-{nb}-{n}@demo.invalid", None)
            Mandat.objects.create(utilisateur=autre, role="coordinateur_territorial", convention=dijon)
            Personne.objects.create(convention=dijon, utilisateur=autre, nom=f"Autre {nb} {n}")
        with CaptureQueriesContext(connection) as queries:
            mentionnables(fiche())
        nombres.append(len(queries))

    assert nombres[0] == nombres[1]


@pytest.fixture
def ecrire(compte, django_capture_on_commit_callbacks):
    """Write, commit, and return the mails that left."""

    def _ecrire(nom, texte, **options):
        with django_capture_on_commit_callbacks(execute=True):
            commenter(
                objet=fiche(),
                texte=texte,
                auteur=compte(nom),
                now=timezone.now(),
                adresse=lambda chemin: f"https://ctg.test{chemin}",
                **options,
            )
        return mail.outbox

    return _ecrire


def test_each_person_is_told_once_and_never_the_author(ecrire):
    texte = "@Compte caf, @compte CAF et @Compte cooperation, vu avec @Compte referent"

    envoyes = ecrire("cooperation", texte)

    assert [m.to for m in envoyes] == [["caf@demo.invalid"], ["referent@demo.invalid"]]
    assert {str(p) for p in Commentaire.objects.get().mentions.all()} == {"Compte caf", "Compte referent"}


def test_who_may_not_read_is_not_told(ecrire):
    envoyes = ecrire("cooperation", "@Compte copil @Compte lecteur @Compte signataire")

    assert envoyes == []
    assert not Commentaire.objects.get().mentions.exists()


def test_the_mail_says_it_as_text_and_leads_to_the_comment(ecrire):
    une = fiche()
    une.notes_internes = "SECRET-DE-LA-VILLE"
    une.save()

    [message] = ecrire("cooperation", "@Compte caf <b>Gras</b> & « guillemets »")
    lien = f"https://ctg.test/dijon-2024/fiches/PE-1/#commentaire-{Commentaire.objects.get().pk}"
    [(html, genre)] = message.alternatives

    assert message.subject == "Pilotage CTG – Compte cooperation vous mentionne à propos de la fiche PE-1"
    assert "<b>Gras</b> & « guillemets »" in message.body
    assert (genre, "&lt;b&gt;Gras&lt;/b&gt; &amp;" in html, "<b>" in html) == ("text/html", True, False)
    assert lien in message.body
    assert f'href="{lien}"' in html
    assert "SECRET-DE-LA-VILLE" not in message.body + html


def test_a_long_comment_is_cut_in_the_mail(ecrire):
    [message] = ecrire("cooperation", "@Compte caf " + "long " * 1_900 + "FIN")

    assert "FIN" not in message.body
    assert len(message.body) < 2_000


def test_a_name_on_two_lines_stays_in_the_subject(ecrire, compte):
    Utilisateur.objects.filter(pk=compte("cooperation").pk).update(nom="Deux\nlignes")

    [message] = ecrire("cooperation", "@Compte caf")

    assert "\n" not in message.subject


def test_nothing_leaves_before_all_is_saved(compte, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as attendent:
        commenter(
            objet=fiche(), texte="@Compte caf", auteur=compte("referent"), now=timezone.now(), adresse=str
        )

    assert (len(mail.outbox), len(attendent)) == (0, 1)


def test_a_mail_server_that_fails_does_not_undo_the_comment(
    client_de, monkeypatch, django_capture_on_commit_callbacks
):
    def echouer(self):
        raise OSError("le serveur ne répond pas")

    monkeypatch.setattr(EmailMultiAlternatives, "send", echouer)
    url = f"/dijon-2024/commentaires/fiche/{fiche().pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        response = client_de("caf").post(url, {"texte": "@Compte referent"})

    assert response.status_code == 302
    assert Commentaire.objects.count() == 1


def test_the_page_says_who_was_told_and_who_was_not_understood(client_de):
    client, url = client_de("caf"), f"/dijon-2024/commentaires/fiche/{fiche().pk}/"
    page = client.post(url, {"texte": "@Compte referent et @Paul Durand"}, follow=True).content.decode()

    assert "Prévenus par courriel\u00a0: Compte referent." in page
    assert "«\u00a0@Paul Durand\u00a0» ne désigne personne" in page
    assert "<li>@Compte referent</li>" in page
    assert "<li>@Compte copil</li>" not in page
    assert "<li>@Compte caf</li>" not in page  # oneself


def test_the_link_of_the_mail_is_the_site_s(client_de, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client_de("caf").post(f"/dijon-2024/commentaires/fiche/{fiche().pk}/", {"texte": "@Compte referent"})

    assert "http://testserver/dijon-2024/fiches/PE-1/#commentaire-" in mail.outbox[0].body
