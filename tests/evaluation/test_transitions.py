"""Every action from every state, generated from both tables; rights, four eyes, corrections, exceptions."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.campagnes import champ_de, preparer_campagne, preparer_correction
from evaluation.enums import StatutCampagne, StatutSaisie
from evaluation.models import Avancement, Campagne, ChampRenvoye, Indicateur, Mesure, Saisie
from evaluation.services import Ecriture
from evaluation.transitions import (
    CAMPAGNE,
    SAISIE,
    TransitionError,
    appliquer_campagne,
    appliquer_saisie,
    lever_exception,
    possibles,
)
from evaluation.verrous import VerrouError, champs_ouverts, saisie_courante, verrou
from tests.conftest import COMPTES_PAR_NOM
from tests.evaluation.outils import campagne, clore, commencer, dans, faire, fiche, mettre, qui, saisie

pytestmark = pytest.mark.django_db
AUTORISES = {  # on PE-1
    "soumettre": {"cooperation", "petite-enfance", "referent"},
    "valider": {"cooperation", "petite-enfance"},
    "renvoyer": {"cooperation", "petite-enfance"},
    "rouvrir": {"cooperation"},
}


def arguments(action):
    return {
        "soumettre": {},
        "valider": {},
        "renvoyer": {"champs": {"difficultes": "Précisez."}},
        "rouvrir": {"motif": "Oubli", "jusqu_au": dans(3)},
    }[action]


@pytest.mark.parametrize("statut", StatutSaisie.values)
@pytest.mark.parametrize("action", SAISIE)
@pytest.mark.parametrize("close", [False, True])
def test_every_action_on_an_entry_from_every_state(action, statut, close):
    mettre(statut)
    if close:
        clore()
    transition = SAISIE[action]
    avant = saisie().historique.count()
    permis = statut in transition.sources and transition.close is close

    if not permis:
        with pytest.raises(TransitionError):
            faire(action, "cooperation", **arguments(action))
        assert (saisie().statut, saisie().historique.count()) == (statut, avant)
        return
    faire(action, "cooperation", **arguments(action))

    assert saisie().statut == transition.cible
    assert saisie().historique.count() == avant + 1
    assert saisie().historique.latest().history_change_reason.startswith(transition.label[:4])


@pytest.mark.parametrize("statut", StatutCampagne.values)
@pytest.mark.parametrize("action", CAMPAGNE)
def test_every_action_on_a_campaign_from_every_state(dijon, action, statut):
    neuve = preparer_campagne(dijon, 2027, date_limite=dans(30), fiches=[fiche()], today=timezone.localdate())
    now, user = timezone.now(), qui("cooperation")
    for prealable in {"en_preparation": (), "ouverte": ("ouvrir",), "close": ("ouvrir", "clore")}[statut]:
        appliquer_campagne(prealable, neuve.pk, user=user, now=now)
    transition = CAMPAGNE[action]

    if statut not in transition.sources:
        with pytest.raises(TransitionError):
            appliquer_campagne(action, neuve.pk, user=user, now=now)
    else:
        appliquer_campagne(action, neuve.pk, user=user, now=now)
        neuve.refresh_from_db()
        assert neuve.statut == transition.cible
        assert neuve.historique.latest().history_change_reason == transition.label


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
@pytest.mark.parametrize("action", SAISIE)
def test_who_may_act_on_an_entry(action, nom):
    mettre({"soumettre": "en_cours", "rouvrir": "en_cours"}.get(action, "soumise"))
    if action == "rouvrir":
        clore()

    if nom in AUTORISES[action]:
        faire(action, nom, **arguments(action))
        assert saisie().statut == SAISIE[action].cible
    else:
        with pytest.raises(PermissionDenied):
            faire(action, nom, **arguments(action))


@pytest.mark.parametrize("nom", COMPTES_PAR_NOM)
def test_only_the_charge_leads_the_campaign(nom):
    if nom == "cooperation":
        appliquer_campagne("clore", campagne().pk, user=qui(nom), now=timezone.now())
    else:
        with pytest.raises(PermissionDenied, match="chargé de coopération"):
            appliquer_campagne("clore", campagne().pk, user=qui(nom), now=timezone.now())


@pytest.mark.parametrize("nom", ["cooperation", "petite-enfance", "referent", "enfance", "caf"])
@pytest.mark.parametrize("statut", StatutSaisie.values)
def test_the_screen_offers_what_the_transition_accepts(statut, nom):
    mettre(statut)
    offertes = {action for action, _ in possibles(qui(nom), saisie(), today=timezone.localdate())}

    for action in SAISIE:
        with transaction.atomic():
            try:
                faire(
                    action, nom, motif="Motif", **{k: v for k, v in arguments(action).items() if k != "motif"}
                )
            except (TransitionError, PermissionDenied):
                assert action not in offertes
            else:
                assert action in offertes
            transaction.set_rollback(True)


# Four eyes ------------------------------------------------------------------------------------------------


def test_who_submitted_does_not_validate_unless_it_is_written_why():
    commencer()
    faire("soumettre", "petite-enfance")

    with pytest.raises(TransitionError, match="une autre personne la valide"):
        faire("valider", "petite-enfance")
    faire("valider", "petite-enfance", motif="Seule en poste cet été")

    assert (saisie().statut, saisie().derogation) == ("validee", "Seule en poste cet été")
    assert "Seule en poste cet été" in saisie().historique.latest().history_change_reason


def test_the_database_holds_the_four_eyes():
    mettre("soumise")
    s = saisie()

    with pytest.raises(IntegrityError, match="saisie_validee_par_un_autre"), transaction.atomic():
        Saisie.objects.filter(pk=s.pk).update(
            statut="validee", validee_par=s.soumise_par, date_validation=timezone.now()
        )


# Sent back ------------------------------------------------------------------------------------------------


def test_only_the_commented_fields_open_again():
    mettre("soumise")
    indicateur = Indicateur.objects.get(code="PE-1-01")
    faire(
        "renvoyer",
        "petite-enfance",
        champs={"difficultes": "Lesquelles ?", champ_de(indicateur): "Ce chiffre est celui de 2023."},
    )

    assert champs_ouverts(saisie()) == {"difficultes", champ_de(indicateur)}
    ecriture = Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now())
    assert ecriture.avancement({"difficultes": "Le recrutement."})
    assert ecriture.mesure(indicateur, {"valeur": 1400})
    for refuse in (
        lambda: ecriture.avancement({"realisations": "Autre chose"}),
        lambda: ecriture.mesure(Indicateur.objects.get(code="PE-1-03"), {"valeur": 2}),
        lambda: ecriture.etape(fiche().etapes.filter(is_faite=False).first(), is_faite=True),
    ):
        with pytest.raises(VerrouError, match="Seuls les champs renvoyés"):
            refuse()
    faire("soumettre", "referent")
    assert not ChampRenvoye.objects.filter(saisie=saisie(), date_reponse=None).exists()


@pytest.mark.parametrize("champs", [{}, {"difficultes": "  "}, {"inconnu": "x"}, {"i999999": "x"}])
def test_sending_back_asks_for_comments_on_fields_of_the_entry(champs):
    mettre("soumise")

    with pytest.raises((TransitionError, ValidationError)), transaction.atomic():
        faire("renvoyer", "petite-enfance", champs=champs)
    assert saisie().statut == "soumise"


def test_validation_gives_the_fiche_its_statut_but_what_the_copil_decides(dijon):
    Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now()).avancement({"statut": "realisee"})
    Avancement.objects.filter(fiche=fiche(), annee__gt=2025).delete()
    faire("soumettre", "referent")
    faire("valider", "petite-enfance")
    assert fiche().statut == "realisee"

    faire("renvoyer", "cooperation", champs={"statut": "Abandonnée ?"})
    Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now()).avancement({"statut": "abandonnee"})
    faire("soumettre", "referent")
    faire("valider", "petite-enfance")
    assert fiche().statut == "realisee"


# After the closing ----------------------------------------------------------------------------------------


def test_an_exception_runs_until_its_day_then_the_entry_is_closed_again():
    mettre("soumise")
    clore()
    faire("rouvrir", "cooperation", motif="Chiffre oublié", jusqu_au=dans(2))
    today = timezone.localdate()

    assert saisie().statut == "a_corriger"
    assert verrou(saisie(), 2025, today=today) is None
    assert verrou(saisie(), 2025, today=dans(2)) is None
    assert verrou(saisie(), 2025, today=dans(3)).code == "close"
    Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now()).avancement({"difficultes": "Voilà"})
    with pytest.raises(VerrouError, match="close depuis"):
        Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now() + datetime.timedelta(days=3))


@pytest.mark.parametrize(
    "manque",
    [
        {"motif": "  ", "jusqu_au": 3},
        {"motif": "Oubli", "jusqu_au": None},
        {"motif": "Oubli", "jusqu_au": -1},
    ],
)
def test_an_exception_has_a_reason_and_a_day_to_come(manque):
    mettre("soumise")
    clore()
    jour = manque["jusqu_au"]

    with pytest.raises(TransitionError):
        faire("rouvrir", "cooperation", motif=manque["motif"], jusqu_au=None if jour is None else dans(jour))


def test_an_exception_is_ended_before_its_day():
    mettre("soumise")
    clore()
    faire("rouvrir", "cooperation", motif="Oubli", jusqu_au=dans(5))

    with pytest.raises(PermissionDenied):
        lever_exception(saisie().pk, user=qui("petite-enfance"), now=timezone.now())
    lever_exception(saisie().pk, user=qui("cooperation"), now=timezone.now())

    assert verrou(saisie(), 2025, today=timezone.localdate()).code == "close"
    with pytest.raises(TransitionError, match="Aucune exception"):
        lever_exception(saisie().pk, user=qui("cooperation"), now=timezone.now())


def test_a_correction_writes_the_same_values():
    mettre("validee")
    indicateur = Indicateur.objects.get(code="PE-1-01")
    avant = Mesure.objects.get(indicateur=indicateur, annee=2025)
    cooperation = qui("cooperation")

    def corriger():
        return preparer_correction(
            campagne(),
            motif="Chiffre de la Caf",
            date_limite=dans(10),
            fiches={fiche(): {champ_de(indicateur): "Reprendre le chiffre de la Caf."}},
            user=cooperation,
            now=timezone.now(),
        )

    with pytest.raises(ValidationError, match="suit une campagne close"):
        corriger()
    clore()
    correction = corriger()
    assert verrou(saisie_courante(fiche(), 2025), 2025, today=timezone.localdate()).code == "close"
    appliquer_campagne("ouvrir", correction.pk, user=cooperation, now=timezone.now())

    ecriture = Ecriture(fiche(), 2025, user=qui("referent"), now=timezone.now())
    assert ecriture.saisie.campagne_id == correction.pk
    ecriture.mesure(indicateur, {"valeur": 1401})
    with pytest.raises(VerrouError):
        ecriture.avancement({"realisations": "Autre"})

    apres = Mesure.objects.get(indicateur=indicateur, annee=2025)
    assert (apres.pk, apres.valeur) == (avant.pk, 1401)
    with pytest.raises(VerrouError, match="close depuis"):
        Ecriture(fiche("PE-2"), 2025, user=cooperation, now=timezone.now())
    now = timezone.now()
    appliquer_saisie("soumettre", ecriture.saisie.pk, user=qui("referent"), now=now)
    appliquer_saisie("valider", ecriture.saisie.pk, user=qui("petite-enfance"), now=now)
    appliquer_campagne("clore", correction.pk, user=qui("cooperation"), now=now)
    assert Campagne.objects.get(pk=correction.pk).statut == "close"
