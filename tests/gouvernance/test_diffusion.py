"""What was distributed is what is downloaded, for ever: the files are drawn once and kept with their hash."""

import datetime
import hashlib
import io

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from pypdf import PdfReader

from ctg.declencheurs import leves
from ctg.renderers import html_en_pdf
from gouvernance import declencheurs
from gouvernance.envois import distribuer, envoyer_compte_rendu
from gouvernance.models import DocumentDiffuse, EtapeCompteRendu, Reunion, SuiteDecision
from gouvernance.suivi import noter_suite
from gouvernance.transitions import CHANGE, TransitionError, appliquer, preparer_diffusion
from tests.navigation import formulaire

NOW = timezone.now()
DECIDEE, REPORTEE = datetime.date(2026, 5, 4), datetime.date(2026, 9, 7)


@pytest.fixture
def confiee(tenue, zoe):
    decision = tenue.decisions.get(rang=1)
    decision.responsable, decision.echeance = zoe, DECIDEE
    decision.save()
    return decision


@pytest.fixture
def lire(tenue, client_de):
    """lire("copil", label=…) downloads the minutes, or the extract of a label."""
    url = f"{tenue.get_absolute_url()}documents/compte-rendu/"

    def telecharger(nom="cooperation", label=None, **entetes):
        data = {"label": label.pk} if label else {}
        return client_de(nom).get(url, data, headers=entetes)

    return telecharger


def test_what_was_distributed_is_what_is_downloaded_whatever_becomes_of_the_decisions(
    tenue, confiee, mener, lire, compte, service
):
    mener(tenue, "diffuse")
    avant = lire("copil").getvalue()
    suite = SuiteDecision(
        decision=confiee,
        auteur=compte("cooperation"),
        texte="Le bail tarde.",
        etat="en_cours",
        echeance=REPORTEE,
        service=service,
    )
    noter_suite(suite)

    apres = lire("copil")

    assert apres.getvalue() == avant
    texte = avant.decode()
    for dit in ("Zoé Martin", "4\u00a0mai\u00a02026", "Ouvrir une crèche", "Se revoir au printemps"):
        assert dit in texte
    assert "PROJET" not in texte
    empreinte = hashlib.sha256(avant).hexdigest()
    assert apres["ETag"] == f'"{empreinte}"'
    assert apres["Cache-Control"] == "private, no-cache"
    assert apres["Content-Type"] == "application/pdf"
    assert f"compte-rendu-{tenue.numero}.pdf" in apres["Content-Disposition"]
    assert lire("copil", if_none_match=f'"{empreinte}"').status_code == 304
    assert lire("lecteur", if_none_match=f'"{empreinte}"').status_code == 403


def test_each_label_has_its_extract(tenue, mener, lire, dijon):
    mener(tenue, "diffuse")
    cite = dijon.labels.get(nom="Cité éducative")

    extrait = lire("copil", label=cite).getvalue().decode()

    assert "Se revoir au printemps" in extrait
    assert "Ouvrir une crèche" not in extrait
    noms = sorted(tenue.documents_diffuses.values_list("nom", flat=True))
    assert noms == [
        f"compte-rendu-{tenue.numero}.pdf",
        f"extrait-cite-educative-{tenue.numero}.pdf",
        f"extrait-ctg-{tenue.numero}.pdf",
    ]
    ailleurs = dijon.labels.get(nom="Génération Dijon")
    assert lire("copil", label=ailleurs).status_code == 404
    assert lire("lecteur", label=cite).status_code == 403


def test_the_mail_of_the_minutes_attaches_the_very_file(tenue, mener, lire, zoe, compte):
    mener(tenue, "diffuse")
    envoi = envoyer_compte_rendu(tenue.pk, [zoe], user=compte("cooperation"), now=NOW)

    distribuer(envoi.pk, now=NOW)

    [courriel] = mail.outbox
    [(nom, octets, genre)] = courriel.attachments
    assert (nom, genre) == (f"compte-rendu-{tenue.numero}.pdf", "application/pdf")
    assert octets == lire("copil").getvalue()


def test_the_real_engine_draws_it(tenue, mener, monkeypatch, lire):
    monkeypatch.setattr("gouvernance.diffusion.html_en_pdf", html_en_pdf)
    tenue.points.all().update(label=None)
    mener(tenue, "diffuse")

    pages = PdfReader(io.BytesIO(lire("copil").getvalue())).pages
    assert "Ce qui s’est dit" in " ".join(page.extract_text() for page in pages)


def rien_n_est_fait(reunion) -> bool:
    _, fichiers = default_storage.listdir("") if default_storage.exists("") else ([], [])
    return (
        Reunion.objects.get(pk=reunion.pk).etat_compte_rendu == "avalise"
        and not DocumentDiffuse.objects.exists()
        and not EtapeCompteRendu.objects.filter(reunion=reunion, action="diffuser").exists()
        and fichiers == []
    )


def test_a_file_that_cannot_be_drawn_or_written_leaves_nothing_half_done(tenue, mener, compte, monkeypatch):
    mener(tenue, "avalise")
    vrai, faits = DocumentDiffuse.save, []

    def tomber(*args, **kwargs):
        raise OSError("disque plein")

    def save(self, *args, **kwargs):
        faits.append(self.fichier.name)
        if len(faits) == 2:
            tomber()
        vrai(self, *args, **kwargs)

    for cible, panne in (
        ("gouvernance.diffusion.html_en_pdf", tomber),
        ("gouvernance.models.DocumentDiffuse.save", save),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(cible, panne)
            with pytest.raises(OSError, match="disque plein"):
                appliquer("diffuser", tenue.pk, user=compte("cooperation"), now=NOW)
        assert rien_n_est_fait(tenue)
    assert len(faits) == 2
    assert [nom for nom in faits if default_storage.exists(nom)] == []


def test_what_changed_while_the_files_were_drawn_is_not_distributed(tenue, mener, compte):
    """Names and labels are not of the minutes: nothing holds them while they wait."""
    user = compte("cooperation")
    mener(tenue, "avalise")
    dessins = preparer_diffusion(tenue.pk, user=user, now=NOW)
    tenue.decisions.update(texte="Autre chose")

    with pytest.raises(TransitionError, match=CHANGE):
        appliquer("diffuser", tenue.pk, user=user, now=NOW, dessins=dessins)
    assert rien_n_est_fait(tenue)


@pytest.mark.parametrize(
    "ecrire",
    [
        lambda documents: documents.update(empreinte="0" * 64),
        lambda documents: documents.update(fichier="reunions/autre.pdf"),
        lambda documents: documents.delete(),
    ],
)
def test_the_database_keeps_the_files_whatever_writes(tenue, mener, ecrire):
    mener(tenue, "diffuse")

    with pytest.raises(DatabaseError, match=declencheurs.MESSAGE), transaction.atomic():
        ecrire(DocumentDiffuse.objects.all())


def test_by_the_page_a_form_that_is_refused_keeps_nothing(tenue, mener, client_de):
    mener(tenue, "avalise")
    client, url = client_de("cooperation"), f"{tenue.get_absolute_url()}compte-rendu/diffuser/"

    page = client.post(url, formulaire(client.get(url)) | {"personnes": []}).content.decode()

    assert "Choisissez au moins une personne." in page
    assert rien_n_est_fait(tenue)


def test_minutes_distributed_before_files_were_kept_are_still_read(tenue, mener, lire):
    mener(tenue, "diffuse")
    with leves():
        DocumentDiffuse.objects.all().delete()

    assert lire("copil").content.startswith(b"%PDF-")


def test_verifier_says_what_is_no_longer_the_file_that_was_distributed(tenue, mener, capsys):
    mener(tenue, "diffuse")
    call_command("verifier")
    assert "est intact" in capsys.readouterr().out
    document = tenue.documents_diffuses.get(label=None)
    with default_storage.open(document.fichier.name, "ab") as fichier:
        fichier.write(b"x")

    with pytest.raises(CommandError, match="1 anomalie"):
        call_command("verifier")
    assert f"le fichier {document.nom} n’est plus celui qui a été publié" in capsys.readouterr().err
    default_storage.delete(document.fichier.name)
    with pytest.raises(CommandError, match="1 anomalie"):
        call_command("verifier")
    assert "ne se lit pas" in capsys.readouterr().err
    with leves():
        document.delete()
    with pytest.raises(CommandError, match="1 anomalie"):
        call_command("verifier")
    assert "le fichier du compte rendu diffusé manque" in capsys.readouterr().err
