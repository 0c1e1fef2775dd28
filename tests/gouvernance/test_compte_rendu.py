"""The minutes: drafted from the points, sent for the aval, distributed, frozen; who reads them when."""

import datetime
import io

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from pypdf import PdfReader

from ctg.models import Mandat, Organisme, Personne
from gouvernance import declencheurs
from gouvernance.compte_rendu import rediger
from gouvernance.models import Decision, EtapeCompteRendu, Invite
from gouvernance.services import (
    deplacer_point,
    enregistrer_decision,
    enregistrer_point,
    enregistrer_reunion,
    noter_invites,
    noter_presences,
    supprimer,
)
from gouvernance.transitions import TransitionError, annuler, appliquer, raison_de_ne_pas_transmettre
from tests.navigation import formulaire

NOW = timezone.now()
TODAY = timezone.localdate()


def test_minutes_are_drafted_from_what_was_noted_and_the_history_keeps_the_text_before(tenue):
    rediger(tenue, au=TODAY)

    tenue.refresh_from_db()
    assert tenue.compte_rendu.splitlines() == [
        "**Présents**",
        "- le Préfet de la Côte-d’Or ou son représentant pour la Cité éducative",
        "",
        "**Point 1 : Petite enfance (CTG)**",
        "Longuement dit",
        f"- Décision {tenue.numero}-D01 : Ouvrir une crèche.",
        "",
        "**Point 2 : Quartiers (Cité éducative)**",
        f"- Décision {tenue.numero}-D02 : Se revoir au printemps.",
    ]
    assert "Ce qui s’est dit" in tenue.historique.values_list("compte_rendu", flat=True)


def test_nothing_noted_gives_nothing_to_draft(reunir):
    with pytest.raises(ValidationError, match="rien à reprendre"):
        rediger(reunir(), au=TODAY)


@pytest.mark.parametrize(
    ("action", "etat", "compte_nom", "attendu"),
    [
        ("transmettre", "brouillon", "cooperation", "transmis"),
        ("avaliser", "transmis", "caf", "avalise"),
        ("refuser", "transmis", "caf", "brouillon"),
        ("diffuser", "avalise", "cooperation", "diffuse"),
    ],
)
def test_the_circuit(tenue, mener, compte, action, etat, compte_nom, attendu):
    if etat != "brouillon":
        mener(tenue, etat)

    autres = {"copil", "petite-enfance", "lecteur", "admin", "cooperation" if compte_nom == "caf" else "caf"}
    for nom in autres:
        with pytest.raises(PermissionDenied):
            appliquer(action, tenue.pk, user=compte(nom), now=NOW, motif="Non")
    apres = appliquer(action, tenue.pk, user=compte(compte_nom), now=NOW, motif="À préciser")

    assert apres.etat_compte_rendu == attendu
    etape = EtapeCompteRendu.objects.filter(reunion=tenue).latest("pk")
    assert (etape.action, etape.par, etape.date) == (action, compte(compte_nom), NOW)
    assert bool(etape.organisme_id) is (action in {"avaliser", "refuser"})


@pytest.mark.parametrize(
    ("action", "etat"),
    [
        ("avaliser", "brouillon"),
        ("refuser", "avalise"),
        ("diffuser", "brouillon"),
        ("diffuser", "transmis"),
        ("transmettre", "transmis"),
        ("transmettre", "diffuse"),
    ],
)
def test_no_step_is_skipped_nor_done_twice(tenue, mener, compte, action, etat):
    if etat != "brouillon":
        mener(tenue, etat)
    user = compte("caf" if action in {"avaliser", "refuser"} else "cooperation")

    with pytest.raises(TransitionError, match="Impossible : le compte rendu est"):
        appliquer(action, tenue.pk, user=user, now=NOW, motif="Non")


def test_what_is_not_ready_is_not_sent(reunir, dijon, tenue, compte):
    user = compte("cooperation")
    with pytest.raises(TransitionError, match="est vide"):
        appliquer("transmettre", reunir("2026-03-03").pk, user=user, now=NOW)
    with pytest.raises(TransitionError, match="n’a pas encore eu lieu"):
        appliquer("transmettre", reunir("2027-03-03", compte_rendu="Dit").pk, user=user, now=NOW)
    annulee = annuler(reunir("2026-04-03", compte_rendu="Dit").pk, user=user, now=NOW, motif="Grève")
    with pytest.raises(TransitionError, match="annulée"):
        appliquer("transmettre", annulee.pk, user=user, now=NOW)


def test_a_refusal_says_why_and_opens_the_text_again(tenue, mener, compte):
    mener(tenue, "transmis")
    with pytest.raises(TransitionError, match="pourquoi"):
        appliquer("refuser", tenue.pk, user=compte("caf"), now=NOW, motif=" ")

    reunion = appliquer("refuser", tenue.pk, user=compte("caf"), now=NOW, motif="Les montants manquent")
    reunion.compte_rendu = "Avec les montants"
    enregistrer_reunion(reunion)
    mener(tenue, "diffuse")

    assert list(
        EtapeCompteRendu.objects.filter(reunion=tenue).order_by("pk").values_list("tour", "action")
    ) == [
        (1, "transmettre"),
        (1, "refuser"),
        (2, "transmettre"),
        (2, "avaliser"),
        (2, "diffuser"),
    ]


def test_all_the_organismes_of_the_setting_must_give_it(tenue, dijon, mener, compte):
    ville = Organisme.objects.get(nom="Ville de Dijon")
    Mandat.objects.create(
        utilisateur=compte("lecteur"), role="representant", convention=dijon, organisme=ville
    )
    dijon.organismes_aval.set([*dijon.get_organismes_aval(), ville.pk])
    mener(tenue, "transmis")

    assert appliquer("avaliser", tenue.pk, user=compte("caf"), now=NOW).etat_compte_rendu == "transmis"
    with pytest.raises(TransitionError, match="déjà répondu"):
        appliquer("avaliser", tenue.pk, user=compte("caf"), now=NOW)
    assert appliquer("avaliser", tenue.pk, user=compte("lecteur"), now=NOW).etat_compte_rendu == "avalise"


def changer_lieu(reunion):
    reunion.refresh_from_db()
    reunion.lieu = "Ailleurs"
    enregistrer_reunion(reunion)


def changer_notes(reunion):
    point = reunion.points.first()
    point.notes = "Autrement dit"
    enregistrer_point(point)


def changer_decision(reunion):
    decision = reunion.decisions.first()
    decision.texte = "Autre chose"
    enregistrer_decision(decision)


def confier(reunion):
    decision = reunion.decisions.first()
    decision.responsable = Personne.objects.create(convention=reunion.convention, nom="Petit")
    enregistrer_decision(decision)


def reporter(reunion):
    decision = reunion.decisions.first()
    decision.echeance = TODAY
    enregistrer_decision(decision)


ECRITURES = {
    "responsable": confier,
    "échéance": reporter,
    "lieu": changer_lieu,
    "notes": changer_notes,
    "point": lambda r: deplacer_point(r.points.order_by("ordre").first(), monter=False),
    "retrait d’un point": lambda r: supprimer(r.points.first()),
    "présence": lambda r: noter_presences(r, [], oublier=[r.presences.get().cle]),
    "autre personne": lambda r: noter_invites(r, [Invite(reunion=r, nom="Ada Roux")]),
    "décision": changer_decision,
    "nouvelle décision": lambda r: enregistrer_decision(Decision(reunion=r, texte="Encore")),
    "retrait d’une décision": lambda r: supprimer(r.decisions.first()),
    "réunion": supprimer,
}


@pytest.mark.parametrize("etat", ["transmis", "avalise", "diffuse"])
@pytest.mark.parametrize("quoi", ECRITURES)
def test_minutes_that_left_change_no_more(tenue, mener, etat, quoi):
    mener(tenue, etat)

    with pytest.raises(ValidationError, match="Le compte rendu"):
        ECRITURES[quoi](tenue)


@pytest.mark.parametrize("quoi", ECRITURES)
def test_a_draft_takes_all_that(tenue, quoi):
    if quoi in {"retrait d’un point", "réunion"}:
        tenue.decisions.all().delete()

    ECRITURES[quoi](tenue)


def test_how_far_a_decision_is_goes_on_once_the_minutes_are_distributed(tenue, mener, client_de):
    mener(tenue, "diffuse")
    decision = tenue.decisions.first()
    client, url = client_de("cooperation"), f"/dijon-2024/gouvernance/decisions/{decision.pk}/modifier/"

    response = client.post(url, formulaire(client.get(url)) | {"etat": "faite", "texte": "Autre chose"})

    assert response.status_code == 302
    decision.refresh_from_db()
    assert (decision.etat, decision.texte) == ("faite", "Ouvrir une crèche")


@pytest.mark.parametrize(
    "ecrire",
    [
        lambda r: type(r).objects.filter(pk=r.pk).update(compte_rendu="Autre"),
        lambda r: type(r).objects.filter(pk=r.pk).update(etat_compte_rendu="brouillon"),
        lambda r: r.points.update(notes="Autre"),
        lambda r: r.points.first().fiches.add(*r.convention.fiches.all()[:1]),
        lambda r: r.presences.update(etat="absent"),
        lambda r: r.presences.all().delete(),
        lambda r: Invite.objects.create(reunion=r, nom="Ada Roux"),
        lambda r: r.decisions.update(texte="Autre"),
        lambda r: r.decisions.all().delete(),
        lambda r: Decision.objects.create(reunion=r, texte="Encore", rang=9),
    ],
)
def test_the_database_keeps_distributed_minutes_whatever_writes(tenue, mener, ecrire):
    mener(tenue, "diffuse")

    with pytest.raises(DatabaseError, match=declencheurs.MESSAGE), transaction.atomic():
        ecrire(tenue)
    tenue.decisions.update(etat="faite")


LISENT_AVANT = {
    "cooperation",
    "petite-enfance",
    "caf",
    "signataire",
}  # « signataire » gives the aval of the Caf


@pytest.mark.parametrize("etat", ["avalise", "diffuse"])
@pytest.mark.parametrize("nom", ["cooperation", "petite-enfance", "caf", "signataire", "copil", "lecteur"])
def test_members_read_minutes_once_distributed_and_lecteurs_never(tenue, mener, client_de, nom, etat):
    mener(tenue, etat)
    lit = nom in LISENT_AVANT or (etat == "diffuse" and nom != "lecteur")
    client, url = client_de(nom), tenue.get_absolute_url()

    page = client.get(url).content.decode()

    for secret in ("Ce qui s’est dit", "Toute l’instance"):
        assert (secret in page) is lit
    for document in ("compte-rendu", "dossier"):
        assert client.get(f"{url}documents/{document}/").status_code == (200 if lit else 403)


def test_by_the_pages_from_draft_to_distribution(tenue, client_de, zoe, django_capture_on_commit_callbacks):
    url = tenue.get_absolute_url()

    def faire(nom, action, **champs):
        client, adresse = client_de(nom), f"{url}compte-rendu/{action}/"
        return client.post(adresse, formulaire(client.get(adresse)) | champs)

    assert faire("cooperation", "transmettre").status_code == 302
    refus = faire("caf", "refuser", motif="")
    assert "Écrivez pourquoi." in refus.content.decode()
    assert faire("caf", "avaliser").status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert faire("cooperation", "diffuser", personnes=[zoe.pk]).status_code == 302

    [courriel] = mail.outbox
    assert courriel.to == [zoe.email]
    assert f"{tenue.numero}-D01 : Ouvrir une crèche" in courriel.body
    [(nom, octets, _)] = courriel.attachments
    assert (nom, octets[:5]) == (f"compte-rendu-{tenue.numero}.pdf", b"%PDF-")
    page = client_de("cooperation").get(url).content.decode()
    assert "Le compte rendu est diffusé" in page
    assert f"{url}modifier/" not in page


def test_a_meeting_is_cancelled_with_a_reason_and_counts_no_more(client_de, reunir, copil):
    reunion = reunir("2026-06-02")
    client, url = client_de("cooperation"), f"{reunion.get_absolute_url()}annuler/"

    assert (
        "Écrivez pourquoi." in client.post(url, formulaire(client.get(url)) | {"motif": ""}).content.decode()
    )
    client.post(url, formulaire(client.get(url)) | {"motif": "Salle indisponible"})

    reunion.refresh_from_db()
    assert (reunion.is_annulee, reunion.motif_annulation) == (True, "Salle indisponible")
    page = client.get(reunion.get_absolute_url()).content.decode()
    assert "Salle indisponible" in page
    assert f"{reunion.get_absolute_url()}conduite/" not in page
    from gouvernance.obligations import collect_obligations

    tenues = collect_obligations(copil.convention, [copil], au=TODAY)[copil.pk][2026].tenues
    assert tenues == 1  # that of the demonstration


def texte_du_pdf(octets) -> str:
    pages = PdfReader(io.BytesIO(octets)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_extract_of_a_label_holds_what_concerns_it(tenue, client_de, dijon):
    client, url = client_de("cooperation"), f"{tenue.get_absolute_url()}documents/compte-rendu/"
    cite = dijon.labels.get(nom="Cité éducative")

    tout = texte_du_pdf(client.get(url).content)
    extrait = texte_du_pdf(client.get(url, {"label": cite.pk}).content)

    for decision in ("Ouvrir une crèche", "Se revoir au printemps", "PROJET — NE PAS DIFFUSER"):
        assert decision in tout
    assert "Se revoir au printemps" in extrait
    assert "Ouvrir une crèche" not in extrait
    assert "1 siège présent ou représenté sur 9 qui siègent pour Cité éducative" in extrait
    du_point = texte_du_pdf(client.get(url, {"label": dijon.labels.get(nom="CTG").pk}).content)
    assert "Ouvrir une crèche" in du_point
    assert "Longuement dit" not in du_point  # notes have no aval: the text of the minutes has it
    for faux in ("x", "99999999999999999999", "0"):
        assert client.get(url, {"label": faux}).status_code == 404
    assert client.get(f"{tenue.get_absolute_url()}documents/autre/").status_code == 404


def test_minutes_that_say_another_due_date_are_not_transmitted(tenue, decider, client_de, service):
    decision = decider(tenue, "Écrire la charte", service=service, echeance=datetime.date(2026, 12, 2))
    rediger(tenue, au=TODAY)
    decision.echeance = datetime.date(2026, 12, 1)
    enregistrer_decision(decision)

    raison = raison_de_ne_pas_transmettre(tenue, TODAY)

    assert f"{decision.numero} est dite pour le 2 décembre 2026, son échéance est 1er décembre 2026" in raison
    assert raison in client_de("cooperation").get(tenue.get_absolute_url()).content.decode()
    rediger(tenue, au=TODAY)
    assert raison_de_ne_pas_transmettre(tenue, TODAY) == ""


@pytest.mark.parametrize(
    "ligne",
    ["- Décision {} : Écrire la charte (adopté à l’unanimité).", "- Décision {} : une autre phrase", "rien"],
)
def test_what_the_officer_wrote_in_other_words_is_transmitted(tenue, decider, ligne):
    decision = decider(tenue, "Écrire la charte (voir l’annexe)", echeance=datetime.date(2026, 12, 2))
    tenue.compte_rendu = ligne.format(decision.numero)
    enregistrer_reunion(tenue)

    assert raison_de_ne_pas_transmettre(tenue, TODAY) == ""


def test_a_decision_that_is_gone_is_not_left_in_the_minutes(tenue, decider):
    decision = decider(tenue, "À oublier")
    rediger(tenue, au=TODAY)
    numero = decision.numero
    decision.delete()

    assert f"{numero} n’est plus une décision" in raison_de_ne_pas_transmettre(tenue, TODAY)
