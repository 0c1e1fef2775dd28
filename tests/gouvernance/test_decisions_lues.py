"""Decisions wait for the minutes: who prepares or gives the aval reads them before, the others once distributed."""

import datetime
import importlib
import io
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from ctg.calendrier import collect_dates
from evaluation.models import DecisionFiche, DecisionIndicateur, Indicateur
from fiches.models import FicheProjet
from gouvernance.envois import convoquer
from gouvernance.models import Decision, Reunion
from gouvernance.ordre_du_jour import collect_suites
from gouvernance.transitions import annuler, appliquer

CE_JOUR = timezone.localdate()
DEMAIN = CE_JOUR + datetime.timedelta(days=1)
SECRET = "Zébrer les passages"
PREPARENT = {"cooperation", "petite-enfance", "referent", "quartier", "caf", "admin"}
AVANT = {"brouillon": PREPARENT} | dict.fromkeys(("transmis", "avalise"), PREPARENT | {"signataire"})
TOUS = [*sorted(PREPARENT), "signataire", "copil", "lecteur"]


@pytest.fixture
def secrete(reunir, decider):
    """Decided last winter, due tomorrow, on a fiche and an indicator; the minutes are a draft."""
    decision = decider(reunir("2026-02-03", compte_rendu="Dit"), SECRET, echeance=DEMAIN)
    DecisionFiche.objects.create(
        decision=decision, fiche=FicheProjet.objects.get(code="PE-1", successeur=None), annee=2026
    )
    DecisionIndicateur.objects.create(decision=decision, indicateur=Indicateur.objects.get(code="PE-1-01"))
    return decision


@pytest.mark.parametrize("etat", ["brouillon", "transmis", "avalise", "diffuse"])
def test_who_reads_them_when(secrete, mener, compte, etat):
    if etat != "brouillon":
        mener(secrete.reunion, etat)

    lisent = {nom for nom in TOUS if Decision.objects.visible_to(compte(nom)).contains(secrete)}

    assert lisent == AVANT.get(etat, set(TOUS))


def test_two_mandates_add_up_and_another_convention_gives_nothing(secrete, compte, ailleurs):
    caf = compte("caf")

    assert Decision.objects.visible_to(caf).contains(secrete)
    assert not Decision.objects.visible_to(caf).contains(ailleurs["remplace"])


def pages(decision):
    base = "/dijon-2024/"
    return [
        decision.reunion.get_absolute_url(),
        f"{base}gouvernance/decisions/",
        f"{base}gouvernance/decisions/?export=csv",
        f"{base}recherche/?q=zebrer",
        base,
        f"{base}fiches/PE-1/",
        Indicateur.objects.get(code="PE-1-01").get_absolute_url(),
        f"{base}gouvernance/calendrier/?vue=mois&mois={DEMAIN:%Y-%m}",
    ]


@pytest.mark.parametrize("nom", ["copil", "lecteur", "cooperation"])
def test_no_page_says_them_before(secrete, mener, client_de, nom):
    client = client_de(nom)

    def lues():
        textes = [client.get(url).content.decode() for url in pages(secrete)]
        return {
            url
            for url, page in zip(pages(secrete), textes, strict=True)
            if secrete.numero in page or SECRET in page
        }

    assert lues() == (set(pages(secrete)) if nom == "cooperation" else set())
    assert client.get(secrete.page).status_code == (200 if nom == "cooperation" else 404)
    mener(secrete.reunion, "diffuse")
    assert lues() == set(pages(secrete))
    assert client.get(secrete.page).status_code == 200


def test_the_page_of_the_meeting_says_why_and_no_count_betrays_them(secrete, client_de, copil):
    client, url = client_de("lecteur"), secrete.reunion.get_absolute_url()
    phrase = "Les décisions se lisent une fois le compte rendu diffusé."

    page = client.get(url).content.decode()

    assert phrase in page
    assert "Décisions <span" not in page
    for liste in ("/dijon-2024/gouvernance/", f"{copil.get_absolute_url()}?annee=2026"):
        assert "décisions à lire une fois le compte rendu diffusé" in client.get(liste).content.decode()
    avant = client.get("/dijon-2024/gouvernance/decisions/").context["totaux"]
    page = client_de("cooperation").get(url).content.decode()
    assert phrase not in page
    assert "liront les décisions une fois le compte rendu diffusé" in page
    secrete.delete()
    assert client_de("lecteur").get("/dijon-2024/gouvernance/decisions/").context["totaux"] == avant


def test_what_replaces_a_decision_is_told_to_who_reads_it(secrete, reunir, decider, mener, client_de):
    ancienne = decider(
        reunir("2025-12-01", is_anterieure=True), "Peindre", echeance=CE_JOUR - datetime.timedelta(days=2)
    )
    secrete.remplace = ancienne
    secrete.save()
    liste, retard = "/dijon-2024/gouvernance/decisions/", {"en_retard": "on"}

    def dit(nom):
        client = client_de(nom)
        textes = [
            client.get(u).content.decode()
            for u in (ancienne.page, ancienne.reunion.get_absolute_url(), liste)
        ]
        tard = ancienne.numero in client.get(liste, retard).content.decode()
        return {secrete.numero in texte for texte in textes}, tard

    assert dit("lecteur") == ({False}, True)
    assert dit("cooperation") == ({True}, False)
    mener(secrete.reunion, "diffuse")
    assert dit("lecteur") == ({True}, False)


def test_suites_of_the_next_meeting_are_those_that_one_reads(secrete, reunir, mener, compte, client_de):
    prochaine = reunir(str(DEMAIN) if DEMAIN.year == 2026 else "2026-12-31")

    def texte():
        octets = client_de("cooperation").get(f"{prochaine.get_absolute_url()}documents/dossier/").content
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(octets)).pages)

    def suites(nom):
        return [d for d, _ in collect_suites(prochaine, au=CE_JOUR, lecteur=compte(nom)) if d == secrete]

    assert (suites("copil"), suites("cooperation")) == ([], [secrete])
    assert secrete.numero not in texte()  # it is printed for the members
    mener(secrete.reunion, "diffuse")
    assert suites("copil") == [secrete]
    assert secrete.numero in texte()


def test_the_calendar_of_a_person_waits_too(secrete, mener, compte, dijon):
    def due(nom):
        dates = collect_dates(compte(nom), dijon, debut=DEMAIN, fin=DEMAIN)
        return f"decision-{secrete.pk}" in {date.cle for date in dates}

    assert (due("copil"), due("caf")) == (False, True)
    mener(secrete.reunion, "diffuse")
    assert due("copil")


def test_nobody_is_reminded_of_a_decision_before(secrete, mener, zoe):
    secrete.responsable = zoe
    secrete.save()
    Decision.objects.exclude(pk=secrete.pk).update(responsable=None)

    call_command("envoyer_rappels", stdout=io.StringIO())
    assert not [courriel for courriel in mail.outbox if zoe.email in courriel.to]
    mener(secrete.reunion, "diffuse")
    call_command("envoyer_rappels", stdout=io.StringIO())
    assert [courriel.to for courriel in mail.outbox if zoe.email in courriel.to] == [[zoe.email]]


def test_meetings_from_before_the_application_are_recognised_once(reunir, inscrire, zoe, compte):
    dit = {"compte_rendu": "Dit"}
    avant, demain = reunir("2026-02-03", **dit), reunir(str(DEMAIN))
    refusee, annulee = reunir("2026-02-04", **dit), reunir("2026-02-05")
    convoquee = reunir(str(DEMAIN))
    inscrire(convoquee)
    convoquer(convoquee.pk, [zoe], user=compte("cooperation"), now=timezone.now())
    Reunion.objects.filter(pk=convoquee.pk).update(date="2026-02-06", annee=2026)
    annuler(annulee.pk, user=compte("cooperation"), now=timezone.now(), motif="Grève")
    for action, nom in (("transmettre", "cooperation"), ("refuser", "caf")):
        appliquer(action, refusee.pk, user=compte(nom), now=timezone.now(), motif="Non")

    migration = importlib.import_module("gouvernance.migrations.0005_reunions_anterieures")
    migration.reconnaitre(apps, SimpleNamespace(connection=connection))

    for reunion, attendu in (
        (avant, True),
        (demain, False),
        (refusee, False),
        (annulee, False),
        (convoquee, False),
    ):
        reunion.refresh_from_db()
        assert reunion.is_anterieure is attendu
