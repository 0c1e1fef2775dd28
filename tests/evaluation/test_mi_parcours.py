"""The mid-term review: opened once, written while it is prepared, presented, decided proposition by proposition."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.enums import StatutRevue as S
from evaluation.mi_parcours import services
from evaluation.models import Proposition, RevueMiParcours
from fiches.models import Axe
from gouvernance.models import Decision, PointOrdreDuJour, Reunion
from gouvernance.services import enregistrer_decision, enregistrer_point, enregistrer_reunion
from tests.evaluation.outils import fiche, qui

pytestmark = pytest.mark.django_db
URL = "/dijon-2024/mi-parcours/"


def axe(code="PE"):
    return Axe.objects.get(convention__slug="dijon-2024", code=code, date_fin=None)


def ouvrir(dijon, nom="cooperation"):
    return services.ouvrir(dijon, user=qui(nom), now=timezone.now())


def une_reunion(dijon, slug="copil", date=datetime.date(2026, 11, 3)):
    instance = dijon.instances_gouvernance.get(slug=slug)
    return enregistrer_reunion(Reunion(convention=dijon, instance_gouvernance=instance, date=date))


def un_point(dijon, **kwargs):
    return enregistrer_point(PointOrdreDuJour(reunion=une_reunion(dijon, **kwargs), intitule="Mi-parcours"))


def une_decision(reunion, texte="Le COPIL en décide."):
    return enregistrer_decision(Decision(reunion=reunion, texte=texte))


def proposer(revue, nom="cooperation", **champs):
    defauts = {"nature": "clore", "axe": axe("PE.1"), "motif": "Fait."}
    return services.enregistrer_texte(Proposition(revue=revue, **defauts | champs), user=qui(nom))


@pytest.fixture
def revue(dijon):
    return ouvrir(dijon)


@pytest.fixture
def presentee(dijon, revue):
    proposer(revue)
    return services.presenter(revue, un_point(dijon), user=qui("cooperation"), now=timezone.now())


def test_it_opens_with_each_thematic_axe_and_one_at_a_time(dijon, revue):
    assert [a.axe.code for a in revue.appreciations.order_by("axe__ordre")] == ["PE", "ENF", "JEU", "AVS"]
    assert (revue.rang, revue.statut, str(revue)) == (1, S.EN_PREPARATION, "Revue à mi-parcours")
    with pytest.raises(ValidationError, match="déjà en cours"):
        ouvrir(dijon)
    with pytest.raises(IntegrityError), transaction.atomic():
        RevueMiParcours.objects.create(convention=dijon, rang=2, date_ouverture=timezone.now())


@pytest.mark.parametrize(
    "nom", ["petite-enfance", "referent", "quartier", "caf", "copil", "lecteur", "admin"]
)
def test_only_the_charge_opens_it(dijon, nom):
    with pytest.raises(PermissionDenied):
        ouvrir(dijon, nom)


def test_a_second_one_opens_once_the_first_is_decided(dijon, presentee):
    [proposition] = presentee.propositions.all()
    services.trancher(proposition, "ajournee", une_decision(presentee.point.reunion), user=qui("cooperation"))
    decidee = services.decider(presentee, user=qui("cooperation"), now=timezone.now())

    assert decidee.statut == S.DECIDEE
    assert str(ouvrir(dijon)) == "Revue à mi-parcours n° 2"


@pytest.mark.parametrize(
    ("champs", "faute"),
    [
        ({"motif": ""}, "Ce champ ne peut pas être vide|motif"),
        ({"nature": "danser"}, "n’est pas un choix valide|n'est pas un choix valide"),
        ({"axe": None}, "porte sur un axe ou sur une fiche"),
        ({"fiche": "PE-1"}, "porte sur un axe ou sur une fiche"),
        ({"ajout": "fiche"}, "porte sur un axe ou sur une fiche"),
        ({"intitule": "Autre"}, "Maintenir ou clore ne change pas les mots"),
        ({"nature": "maintenir", "texte": "Autre"}, "Maintenir ou clore ne change pas les mots"),
        ({"nature": "reorienter"}, "Écrivez les nouveaux mots"),
        ({"nature": "ajouter", "ajout": "fiche"}, "Écrivez les nouveaux mots"),
        ({"nature": "ajouter", "intitule": "X"}, "porte sur un axe ou sur une fiche"),
        ({"nature": "ajouter", "ajout": "fiche", "intitule": "X", "axe": None}, "porte sur un axe"),
    ],
)
def test_a_proposition_that_does_not_hold_is_refused_by_the_service_and_the_database(revue, champs, faute):
    if "fiche" in champs:
        champs = champs | {"fiche": fiche(champs["fiche"])}
    with pytest.raises(ValidationError, match=faute):
        proposer(revue, **champs)
    defauts = {"nature": "clore", "axe": axe("PE.1"), "motif": "Fait."}
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposition.objects.create(revue=revue, **defauts | champs)


@pytest.mark.parametrize(
    "champs",
    [
        {"nature": "maintenir"},
        {"nature": "clore", "axe": None, "fiche": "PE-1"},
        {"nature": "reorienter", "texte": "Autrement"},
        {"nature": "reorienter", "axe": None, "fiche": "PE-1", "intitule": "Autrement"},
        {"nature": "ajouter", "ajout": "fiche", "intitule": "Une fiche"},
        {"nature": "ajouter", "ajout": "axe", "intitule": "Un axe"},
        {"nature": "ajouter", "ajout": "axe", "intitule": "Un axe thématique", "axe": None},
    ],
)
def test_what_may_be_proposed(revue, champs):
    if "fiche" in champs:
        champs = champs | {"fiche": fiche(champs["fiche"])}
    assert proposer(revue, **champs).pk


@pytest.mark.parametrize("issue", ["retenue", "ecartee", "ajournee"])
def test_nothing_is_decided_without_a_decision(presentee, issue):
    [proposition] = presentee.propositions.all()
    with pytest.raises(ValidationError, match="c’est une décision du COPIL"):
        services.trancher(proposition, issue, None, user=qui("cooperation"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposition.objects.filter(pk=proposition.pk).update(issue=issue)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposition.objects.filter(pk=proposition.pk).update(
            decision=une_decision(presentee.point.reunion), issue=""
        )


def test_the_decision_is_of_the_copil_and_after_the_presentation(dijon, presentee):
    [proposition] = presentee.propositions.all()
    avant = une_decision(une_reunion(dijon, date=datetime.date(2026, 10, 1)))
    ailleurs = une_decision(une_reunion(dijon, "comite-de-suivi", datetime.date(2026, 11, 20)))
    remplacee = une_decision(presentee.point.reunion)
    enregistrer_decision(Decision(reunion=presentee.point.reunion, texte="Mieux", remplace=remplacee))
    remplacee = Decision.objects.get(pk=remplacee.pk)
    for decision, mots in (
        (avant, "avant que la revue"),
        (ailleurs, "comité de pilotage"),
        (remplacee, "remplacé"),
    ):
        with pytest.raises(ValidationError, match=mots):
            services.trancher(proposition, "retenue", decision, user=qui("cooperation"))

    plus_tard = une_decision(une_reunion(dijon, date=datetime.date(2026, 11, 25)))
    assert services.trancher(proposition, "retenue", plus_tard, user=qui("cooperation")).issue == "retenue"
    assert services.trancher(proposition, "", None, user=qui("cooperation")).decision is None


def test_it_is_presented_at_a_point_of_the_copil_with_something_to_decide(dijon, revue):
    user, now = qui("cooperation"), timezone.now()
    with pytest.raises(ValidationError, match="Rien n’est encore proposé"):
        services.presenter(revue, un_point(dijon), user=user, now=now)
    proposer(revue)
    with pytest.raises(ValidationError, match="comité de pilotage"):
        services.presenter(revue, un_point(dijon, slug="comite-de-suivi"), user=user, now=now)
    annulee = un_point(dijon, date=datetime.date(2026, 11, 9))
    Reunion.objects.filter(pk=annulee.reunion_id).update(date_annulation=now, motif_annulation="Neige")
    with pytest.raises(ValidationError, match="annulée"):
        services.presenter(revue, PointOrdreDuJour.objects.get(pk=annulee.pk), user=user, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        RevueMiParcours.objects.filter(pk=revue.pk).update(statut=S.PRESENTEE)


def test_what_is_presented_is_no_longer_written(presentee):
    [proposition] = presentee.propositions.all()
    appreciation = presentee.appreciations.first()
    for ecrire in (
        lambda: proposer(presentee),
        lambda: services.enregistrer_texte(appreciation, user=qui("cooperation")),
        lambda: services.enregistrer_introduction(presentee, user=qui("cooperation")),
        lambda: services.retirer_proposition(proposition, user=qui("cooperation")),
    ):
        with pytest.raises(ValidationError, match="présentée au COPIL depuis le"):
            ecrire()


def test_it_is_taken_back_as_long_as_nothing_is_decided(presentee):
    [proposition] = presentee.propositions.all()
    services.trancher(proposition, "retenue", une_decision(presentee.point.reunion), user=qui("cooperation"))
    with pytest.raises(ValidationError, match="déjà décidé"):
        services.reprendre(presentee, user=qui("cooperation"))

    services.trancher(proposition, "", None, user=qui("cooperation"))
    reprise = services.reprendre(presentee, user=qui("cooperation"))
    assert (reprise.statut, reprise.point) == (S.EN_PREPARATION, None)
    assert proposer(reprise, axe=axe("ENF")).pk


def test_it_ends_once_everything_is_decided_and_moves_no_more(presentee):
    user, now = qui("cooperation"), timezone.now()
    with pytest.raises(ValidationError, match="1 proposition attend"):
        services.decider(presentee, user=user, now=now)
    [proposition] = presentee.propositions.all()
    decision = une_decision(presentee.point.reunion)
    services.trancher(proposition, "ecartee", decision, user=user)
    services.decider(presentee, user=user, now=now)

    for agir in (
        lambda: services.trancher(proposition, "retenue", decision, user=user),
        lambda: services.reprendre(presentee, user=user),
        lambda: services.decider(presentee, user=user, now=now),
        lambda: proposer(presentee),
    ):
        with pytest.raises(ValidationError, match="elle ne change plus"):
            agir()


@pytest.mark.parametrize(
    "nom", ["petite-enfance", "referent", "caf", "signataire", "copil", "lecteur", "admin"]
)
def test_only_the_charge_leads_it(dijon, presentee, nom):
    [proposition] = presentee.propositions.all()
    decision, user, now = une_decision(presentee.point.reunion), qui(nom), timezone.now()
    for agir in (
        lambda: services.presenter(presentee, presentee.point, user=user, now=now),
        lambda: services.reprendre(presentee, user=user),
        lambda: services.trancher(proposition, "retenue", decision, user=user),
        lambda: services.decider(presentee, user=user, now=now),
        lambda: services.enregistrer_introduction(presentee, user=user),
    ):
        with pytest.raises(PermissionDenied):
            agir()


def test_steps_out_of_order_are_refused(revue):
    proposition = proposer(revue)
    for agir in (
        lambda: services.trancher(proposition, "", None, user=qui("cooperation")),
        lambda: services.reprendre(revue, user=qui("cooperation")),
        lambda: services.decider(revue, user=qui("cooperation"), now=timezone.now()),
    ):
        with pytest.raises(ValidationError, match="pas encore présentée"):
            agir()


def test_a_coordinateur_writes_of_his_axe_and_of_no_other(revue):
    for code, permis in (("PE", True), ("ENF", False)):
        appreciation = revue.appreciations.get(axe__code=code)
        appreciation.pertinence = "Toujours là."
        sienne = {"axe": axe(code)}
        de_fiche = {"axe": None, "fiche": fiche(f"{code}-1")}
        for ecrire in (
            lambda a=appreciation: services.enregistrer_texte(a, user=qui("petite-enfance")),
            lambda c=sienne: proposer(revue, "petite-enfance", **c),
            lambda c=de_fiche: proposer(revue, "petite-enfance", **c),
        ):
            if permis:
                assert ecrire().pk
            else:
                with pytest.raises(PermissionDenied):
                    ecrire()
    with pytest.raises(PermissionDenied):  # a thematic axe more is of the whole convention
        proposer(revue, "petite-enfance", nature="ajouter", ajout="axe", intitule="Un axe", axe=None)


@pytest.mark.parametrize(("premiere", "seconde"), [("clore", "maintenir"), ("maintenir", "clore")])
def test_two_propositions_of_one_axe_do_not_say_the_contrary(revue, premiere, seconde):
    proposer(revue, nature=premiere, axe=axe(), motif="Parce que")

    with pytest.raises(ValidationError, match="modifiez ou retirez"):
        proposer(revue, nature=seconde, axe=axe(), motif="Au contraire")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposition(revue=revue, nature=seconde, axe=axe(), motif="Au contraire").save()
    proposer(revue, nature="ajouter", ajout="fiche", axe=axe(), intitule="Une fiche de plus", motif="Et")
