"""Versions of a bilan: every action from every state, rights, conditions, what the database itself refuses."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.models import Organisme
from evaluation.campagnes import preparer_correction
from evaluation.enums import StatutBilan as B
from evaluation.figement import figer
from evaluation.models import (
    ActePublication,
    Aval,
    Bilan,
    ConclusionCopil,
    Debat,
    Dispense,
    DocumentPublie,
    Mesure,
    Saisie,
)
from evaluation.publication import publier
from evaluation.transitions import TransitionError, appliquer_campagne, appliquer_saisie
from evaluation.transitions_bilan import BILAN, CONDITIONS, appliquer_bilan, possibles_bilan
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM
from tests.evaluation.conftest import ANNEE, DEBAT, DONNEES, changer

pytestmark = pytest.mark.django_db
CHARGE, AVAL = {"cooperation"}, {"caf", "signataire"}


@pytest.mark.parametrize("statut", B.values)
def test_every_action_from_every_state(amener, agir, statut):
    bilan = amener(statut)

    for action, transition in BILAN.items():
        if statut not in transition.sources:
            with pytest.raises(TransitionError, match="Impossible"):
                agir(action, bilan, **DONNEES.get(action, {}))
            continue
        raison = CONDITIONS.get(action, lambda b: "")(bilan)
        if raison:
            with pytest.raises(TransitionError) as refus:
                agir(action, bilan, **DONNEES.get(action, {}))
            assert str(refus.value) == raison
            continue
        with transaction.atomic():
            change = agir(action, bilan, **DONNEES.get(action, {}))
            assert change.statut == (transition.cible or statut)
            ligne = change.historique.latest("history_id")
            assert ligne.history_change_reason.startswith(transition.label)
            transaction.set_rollback(True)
    bilan.refresh_from_db()
    assert bilan.statut == statut


@pytest.mark.parametrize("action", BILAN)
def test_every_action_is_refused_to_whoever_may_not(amener, agir, compte, action):
    statut = min(BILAN[action].sources)
    bilan = amener(statut)
    permis = AVAL if action in {"avaliser", "refuser"} else CHARGE

    for nom in set(COMPTES_PAR_NOM) - permis:
        with pytest.raises(PermissionDenied):
            agir(action, bilan, nom, **DONNEES.get(action, {}))
        assert action not in dict(possibles_bilan(compte(nom), bilan))


def test_a_campaign_that_is_not_over_is_not_frozen(dijon, compte):
    with pytest.raises(TransitionError, match="n’est pas close"):
        figer(dijon, ANNEE, user=compte("cooperation"), now=timezone.now())
    with pytest.raises(PermissionDenied):
        figer(dijon, ANNEE, user=compte("caf"), now=timezone.now())


def test_a_running_exception_or_correction_keeps_from_freezing(dijon, compte, close, figer_v):
    now, user = timezone.now(), compte("cooperation")
    saisie = Saisie.objects.get(campagne=close, fiche__code="PE-1")
    demain = timezone.localdate() + datetime.timedelta(days=1)
    with transaction.atomic():
        appliquer_saisie("rouvrir", saisie.pk, user=user, now=now, motif="Erreur", jusqu_au=demain)
        with pytest.raises(TransitionError, match="PE-1"):
            figer_v()
        transaction.set_rollback(True)
    correction = preparer_correction(
        close, motif="m", date_limite=demain, fiches={saisie.fiche: {}}, user=user, now=now
    )
    with pytest.raises(TransitionError, match="correction"):
        figer_v()
    appliquer_campagne("ouvrir", correction.pk, user=user, now=now)
    with pytest.raises(TransitionError, match="correction"):
        figer_v()
    appliquer_campagne("clore", correction.pk, user=user, now=now)
    assert figer_v().version == 1


def test_the_next_version_replaces_what_was_not_published(amener, figer_v):
    bilan = amener(B.FIGEE)
    with pytest.raises(TransitionError, match="Rien n’a changé"):
        figer_v()
    changer()

    suivante = figer_v()

    bilan.refresh_from_db()
    assert (suivante.version, suivante.statut, bilan.statut) == (2, B.FIGEE, B.REMPLACEE)


@pytest.mark.parametrize("statut", [B.TRANSMISE, B.AVALISEE, B.SOUMISE_COPIL, B.PUBLIEE])
@pytest.mark.parametrize("is_change", [True, False])
def test_what_others_have_read_is_replaced_after_a_correction_only(
    amener, figer_v, corriger, client_de, statut, is_change
):
    bilan = amener(statut)
    if is_change:
        changer()
    page = client_de("cooperation").get(f"/dijon-2024/evaluation/{ANNEE}/bilan/figer/", follow=True)
    assert "qu’après une campagne de correction" in page.content.decode()
    with pytest.raises(TransitionError, match="qu’après une campagne de correction"):
        figer_v()
    corriger(bilan)

    assert figer_v().version == 2


def test_a_published_version_is_replaced_when_the_next_is_published(amener, figer_v, agir, corriger):
    bilan = amener(B.PUBLIEE)
    changer()
    corriger(bilan)
    suivante = figer_v()
    bilan.refresh_from_db()
    assert bilan.statut == B.PUBLIEE

    for action in ("dispenser-debat", "transmettre", "avaliser", "dispenser-copil", "publier"):
        suivante = agir(action, suivante, **DONNEES.get(action, {}))

    bilan.refresh_from_db()
    assert (bilan.statut, suivante.statut) == (B.REMPLACEE, B.PUBLIEE)
    assert '"rectificatif":1' in suivante.acte.contenu
    assert suivante.documents.count() == 6


def test_a_correction_that_finds_nothing_to_change_is_followed_by_a_version(amener, figer_v, corriger):
    refusee = amener(B.REFUSEE)
    corriger(refusee)

    suivante = figer_v()

    assert (suivante.version, suivante.statut) == (2, B.FIGEE)
    with pytest.raises(TransitionError, match="Rien n’a changé"):
        figer_v()


def test_a_debate_is_not_earlier_than_what_it_debates(amener, agir):
    bilan = amener(B.AU_DEBAT)
    with pytest.raises(TransitionError, match="Cette date n’est pas possible"):
        agir("consigner", bilan, **DEBAT | {"date": "2026-02-03"})


def test_a_debate_is_recorded_then_closed_and_serves_the_next_version(amener, agir, figer_v, corriger):
    bilan = amener(B.AU_DEBAT)
    with pytest.raises(TransitionError, match="au moins une réunion"):
        agir("clore-debat", bilan)
    with pytest.raises(TransitionError, match="n’est pas clos"):
        agir("transmettre", bilan)
    pe1 = FicheProjet.objects.get(code="PE-1")
    agir("consigner", bilan, **DEBAT, par_fiche={pe1: "Revoir les moyens"}, is_modification_demandee=True)
    bilan = agir("clore-debat", bilan)
    with pytest.raises(TransitionError, match="demande des modifications"):
        agir("transmettre", bilan)
    with pytest.raises(TransitionError, match="clos"):
        agir("consigner", bilan, **DEBAT)
    changer()
    with pytest.raises(TransitionError, match="La version 1 est à modifier : préparez une campagne"):
        figer_v()
    corriger(bilan)

    suivante = agir("transmettre", figer_v())

    assert suivante.statut == B.TRANSMISE
    [remarque] = Debat.objects.get(bilan=bilan).par_fiche.all()
    assert (remarque.fiche, remarque.texte) == (pe1, "Revoir les moyens")


def test_a_version_without_debate_is_not_transmitted(amener, agir):
    bilan = amener(B.FIGEE)
    with pytest.raises(TransitionError, match="n’a pas eu lieu"):
        agir("transmettre", bilan)
    with pytest.raises(TransitionError, match="Écrivez pourquoi"):
        agir("dispenser-debat", bilan, motif="  ")


def test_the_aval_is_bound_to_what_was_read(amener, agir):
    bilan = amener(B.TRANSMISE)
    with pytest.raises(TransitionError, match="rouvrez-la"):
        agir("avaliser", bilan, empreinte="0" * 64)
    with pytest.raises(TransitionError, match="pourquoi vous refusez"):
        agir("refuser", bilan)

    agir("avaliser", bilan)

    aval = Aval.objects.get(bilan=bilan)
    assert (aval.empreinte, str(aval.organisme), aval.fonction) == (
        bilan.empreinte,
        "Caf de la Côte-d’Or",
        "conseiller Caf",
    )


def test_all_give_the_aval_and_one_refusal_refuses(amener, agir, dijon, compte):
    msa = Organisme.objects.create(nom="MSA de Bourgogne")
    dijon.organismes_aval.set([msa, Organisme.objects.get(nom="Caf de la Côte-d’Or")])
    bilan = amener(B.FIGEE)
    agir("dispenser-debat", bilan, **DONNEES["dispenser-debat"])
    bilan = agir("transmettre", bilan)

    bilan = agir("avaliser", bilan)
    assert bilan.statut == B.TRANSMISE
    with pytest.raises(TransitionError, match="déjà répondu"):
        agir("avaliser", bilan, "signataire")  # the same organisme
    mandat = compte("signataire").mandats.get()
    mandat.organisme = msa
    mandat.save()

    assert agir("refuser", bilan, "signataire", motif="Non").statut == B.REFUSEE


def test_the_copil_concludes_or_is_waived(amener, agir):
    bilan = amener(B.SOUMISE_COPIL)
    with pytest.raises(TransitionError, match="n’a pas conclu"):
        agir("publier", bilan)
    agir("conclure", bilan, date=str(timezone.localdate()), texte="À revoir", is_modification_demandee=True)
    with pytest.raises(TransitionError, match="demande des modifications"):
        agir("publier", bilan)


def test_without_an_organisme_nobody_gives_the_aval(amener, agir, dijon):
    bilan = amener(B.FIGEE)
    agir("dispenser-debat", bilan, **DONNEES["dispenser-debat"])
    Organisme.objects.filter(nature="caf").update(nature="autre")
    with pytest.raises(TransitionError, match="Aucun organisme"):
        agir("transmettre", bilan)


@pytest.mark.parametrize(
    ("modele", "champs"),
    [
        (Bilan, ("contenu", "empreinte", "annee", "version", "date_figement")),
        (ActePublication, ("contenu", "empreinte")),
        (DocumentPublie, ("fichier", "empreinte", "nom", "taille")),
        (Aval, ("empreinte", "decision")),
    ],
)
def test_what_is_frozen_does_not_change_by_any_door(amener, modele, champs):
    amener(B.PUBLIEE)
    objet = modele.objects.order_by("pk").first()
    faux = {
        "contenu": "{}",
        "empreinte": "0" * 64,
        "annee": 2024,
        "version": 9,
        "date_figement": timezone.now(),
        "fichier": "autre",
        "nom": "autre",
        "taille": 1,
        "decision": "refuse",
    }

    for champ in champs:
        with pytest.raises(IntegrityError, match="bilan_fige"), transaction.atomic():
            modele.objects.filter(pk=objet.pk).update(**{champ: faux[champ]})
    with pytest.raises(IntegrityError, match="bilan_fige"), transaction.atomic():
        modele._base_manager.filter(pk=objet.pk)._raw_delete("default")
    modele.objects.get(pk=objet.pk).save()  # unchanged, it is written


def raw(modele, contrainte, **champs):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        modele.objects.create(**champs)


def test_incoherent_rows_are_refused_by_the_database(amener, compte, dijon):
    bilan, user, now = amener(B.TRANSMISE), compte("cooperation"), timezone.now()
    caf = Organisme.objects.get(nom="Caf de la Côte-d’Or")
    fonction = {"fonction": "x"}

    raw(
        Dispense,
        "dispense_motivee",
        bilan=bilan,
        etape="aval",
        motif="x",
        accordee_par=user,
        date=now,
        **fonction,
    )
    raw(
        Dispense,
        "dispense_motivee",
        bilan=bilan,
        etape="copil",
        motif="",
        accordee_par=user,
        date=now,
        **fonction,
    )
    raw(
        ConclusionCopil,
        "conclusion_ecrite",
        bilan=bilan,
        date=now.date(),
        texte="",
        saisie_par=user,
        **fonction,
    )
    raw(
        Aval,
        "aval_refus_motive",
        bilan=bilan,
        organisme=caf,
        decision="refuse",
        empreinte=bilan.empreinte,
        rendu_par=user,
        date=now,
        **fonction,
    )
    with pytest.raises(IntegrityError, match="bilan_publication_coherente"), transaction.atomic():
        Bilan.objects.filter(pk=bilan.pk).update(statut="publiee")
    with pytest.raises(IntegrityError, match="bilan_transmission_coherente"), transaction.atomic():
        Bilan.objects.filter(pk=bilan.pk).update(statut="figee")


def test_publishing_says_when_something_moved_meanwhile(amener, compte, monkeypatch):
    bilan = amener(B.SOUMISE_COPIL)
    appliquer_bilan(
        "conclure", bilan.pk, user=compte("cooperation"), now=timezone.now(), donnees=DONNEES["conclure"]
    )
    from evaluation import publication

    vrai = publication.rendre

    def rendre_et_changer(bilan, acte):
        yield from vrai(bilan, acte)
        Dispense.objects.create(
            bilan=bilan,
            etape="copil",
            motif="m",
            accordee_par=compte("cooperation"),
            fonction="f",
            date=timezone.now(),
        )

    monkeypatch.setattr(publication, "rendre", rendre_et_changer)
    with pytest.raises(TransitionError, match="a changé pendant"):
        publier(bilan.pk, user=compte("cooperation"), now=timezone.now())
    assert not DocumentPublie.objects.exists()


def test_nothing_later_than_the_closing_is_frozen(close, figer_v):
    """The floor of the closed campaign holds: no value can be written for the year that is frozen."""
    bilan = figer_v()
    with pytest.raises(IntegrityError, match="campagne_close"), transaction.atomic():
        Mesure.objects.filter(indicateur__code="PE-1-01", annee=ANNEE).update(valeur=1)
    assert close.date_cloture <= bilan.date_figement


def test_the_closing_is_not_earlier_than_what_was_being_written(dijon, compte, clore):
    """The clock is read before the locks: an entry that went first may bear a later instant."""
    apres = timezone.now() + datetime.timedelta(minutes=5)
    mesure = Mesure.objects.get(indicateur__code="PE-1-01", annee=ANNEE)
    mesure.updated_at = apres
    mesure.save()

    assert clore().date_cloture == apres


def test_after_a_refusal_the_next_version_waits_for_a_correction(amener, figer_v):
    amener(B.REFUSEE)
    changer()
    with pytest.raises(TransitionError, match="préparez une campagne de correction"):
        figer_v()
