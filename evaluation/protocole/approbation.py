"""The states of a version of the protocole and of a question: one table, one function, one line of history a change.

Nothing else assigns `statut`. The row is locked, then its state and the right are judged anew. Every signataire in
force must approve; one refusal refuses. An answer is bound to the hash of what its person had under the eyes.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.fonctions import fonction_de
from ctg.models import Convention, Organisme, Signataire
from ctg.perimetres import droits
from ctg.permissions import check
from evaluation.models import Approbation, Protocole, QuestionEvaluative
from evaluation.models.approuvables import Approuvable
from evaluation.protocole import tasks
from evaluation.protocole.contenus import figer
from evaluation.protocole.enums import INITIAUX, DecisionApprobation
from evaluation.protocole.enums import StatutProtocole as P
from evaluation.protocole.enums import StatutQuestion as Q
from evaluation.transitions import TransitionError

TENIR, APPROUVER = "evaluation.tenir_protocole", "evaluation.approuver"


@dataclass(frozen=True, slots=True)
class Transition:
    label: str
    sources: frozenset[str]
    permission: str


TRANSITIONS = {
    "soumettre": Transition("Soumettre à l’approbation", frozenset(INITIAUX), TENIR),
    "approuver": Transition("Approuver", frozenset({P.SOUMISE}), APPROUVER),
    "refuser": Transition("Refuser", frozenset({P.SOUMISE}), APPROUVER),
    "consigner": Transition("Consigner une réponse donnée sur papier", frozenset({P.SOUMISE}), TENIR),
    "reprendre": Transition("Reprendre pour corriger", frozenset({P.SOUMISE}), TENIR),
}


@transaction.atomic
def appliquer(
    action: str, objet: Approuvable, *, user, now: datetime.datetime, donnees: Mapping | None = None
) -> Approuvable:
    """Raises TransitionError, PermissionDenied, ValidationError. `donnees`: what the action is told."""
    objet = verrouiller(objet)
    transition = TRANSITIONS[action]
    if objet.statut not in transition.sources:
        raise TransitionError(f"Impossible : {nommer(objet)} est « {objet.get_statut_display()} ».")
    if not (access := check(user, transition.permission, objet)):
        raise PermissionDenied(access.reason)
    if raison := raison_de_ne_pas(action, objet, user):
        raise TransitionError(raison)
    motif = _EFFETS[action](objet, user=user, now=now, donnees=donnees or {})
    objet._change_reason = f"{transition.label} : {motif}" if motif else transition.label
    objet.full_clean()
    objet.save()
    return objet


def verrouiller(objet: Approuvable) -> Approuvable:
    """Two answers at once come one after the other: the second sees the first."""
    return type(objet).objects.select_for_update(of=("self",), no_key=True).get(pk=objet.pk)


def nommer(objet: Approuvable) -> str:
    if isinstance(objet, Protocole):
        return f"la version {objet.version} du protocole"
    return f"la question {objet.code}"


def signataires(convention: Convention, *, au: datetime.date) -> list[Organisme]:
    """Those whose approval is needed that day, in the order of the signatures."""
    lignes = Signataire.objects.filter(convention=convention).en_vigueur(au=au).select_related("organisme")
    return list(dict.fromkeys(ligne.organisme for ligne in lignes.order_by("ordre", "pk")))


def attendus(objet: Approuvable, *, au: datetime.date) -> list[Organisme]:
    """Signataires in force that have not answered."""
    rendus = set(objet.approbations.values_list("organisme_id", flat=True))
    return [organisme for organisme in signataires(objet.convention, au=au) if organisme.pk not in rendus]


def siens(user, objet: Approuvable, *, au: datetime.date) -> list[Organisme]:
    """Those for whom this person still has to answer."""
    miens = droits(user, objet.convention_id).dans("organismes")
    return [organisme for organisme in attendus(objet, au=au) if organisme.pk in miens]


def raison_de_ne_pas(action: str, objet: Approuvable, user) -> str:
    """Why an action that the state allows is not possible; empty where it is."""
    au = timezone.localdate()
    if action == "soumettre":
        return raison_de_ne_pas_soumettre(objet, au=au)
    if action == "reprendre" and objet.approbations.exists():
        return "Un signataire a déjà répondu sur ce contenu : il ne se reprend plus."
    if action == "consigner" and not attendus(objet, au=au):
        return "Tous les signataires ont répondu."
    if action in {"approuver", "refuser"} and not siens(user, objet, au=au):
        return "Votre organisme a déjà répondu, ou n’est pas un signataire en vigueur de cette convention."
    return ""


def raison_de_ne_pas_soumettre(objet: Approuvable, *, au: datetime.date) -> str:
    if not signataires(objet.convention, au=au):
        return "La convention n’a aucun signataire en vigueur : complétez d’abord ses signataires."
    if isinstance(objet, QuestionEvaluative):
        manquent = [
            dit
            for dit, ecrit in (("son critère", objet.critere), ("sur quoi elle porte", objet.objet))
            if not ecrit
        ]
        return f"Avant de soumettre la question, dites {' et '.join(manquent)}." if manquent else ""
    vides = [
        str(Protocole._meta.get_field(nom).verbose_name)
        for nom in ("outils", "moyens", "participation", "type_evaluation")
        if not getattr(objet, nom)
    ]
    questions = QuestionEvaluative.objects.filter(convention=objet.convention_id).en_cours()
    if not objet.questions_methodes and not questions.exists():
        vides.append("questions évaluatives et méthodes")
    if vides:
        return f"Le protocole a cinq rubriques ; il reste à écrire : {', '.join(vides)}."
    return ""


def possibles(user, objet: Approuvable) -> list[tuple[str, Transition]]:
    """What to offer on screen: the same table, the same rights, the same conditions."""
    return [
        (action, transition)
        for action, transition in TRANSITIONS.items()
        if objet.statut in transition.sources
        and check(user, transition.permission, objet)
        and not raison_de_ne_pas(action, objet, user)
    ]


def _soumettre(objet: Approuvable, *, user, now, **_) -> str:
    objet.contenu, objet.empreinte = figer(objet)
    objet.statut, objet.soumise_par, objet.date_soumission = P.SOUMISE.value, user, now
    genre = "protocole" if isinstance(objet, Protocole) else "question"
    transaction.on_commit(partial(tasks.prevenir.enqueue, genre, objet.pk), robust=True)
    return ""


def _reprendre(objet: Approuvable, **_) -> str:
    objet.contenu, objet.empreinte, objet.soumise_par, objet.date_soumission = "", "", None, None
    objet.statut = (P.BROUILLON if isinstance(objet, Protocole) else Q.PROPOSEE).value
    return ""


def _repondre(decision: str):
    def effet(objet: Approuvable, *, user, now, donnees: Mapping) -> str:
        if donnees.get("empreinte") != objet.empreinte:
            raise TransitionError("Ce que vous avez lu a changé : rouvrez la page, relisez, puis répondez.")
        jour, motif = timezone.localdate(now), donnees.get("motif", "").strip()
        for organisme in siens(user, objet, au=jour):
            _noter(
                objet,
                Approbation(
                    organisme=organisme,
                    decision=decision,
                    motif=motif,
                    fonction=fonction_de(user, objet.convention, now=now),
                    date_acte=jour,
                ),
                user=user,
                now=now,
            )
        _conclure(objet, decision, now=now)
        return motif

    return effet


def _consigner(objet: Approuvable, *, user, now, donnees: Mapping) -> str:
    """`donnees`: organisme, decision, motif, date_acte, fonction, document, reference."""
    approbation = Approbation(is_papier=True, **donnees)
    jour = timezone.localdate(now)
    if approbation.organisme not in attendus(objet, au=jour):
        raise ValidationError(
            {"organisme": "Ce signataire a déjà répondu, ou n’est pas en vigueur : choisissez-en un autre."}
        )
    if approbation.date_acte > jour:
        raise ValidationError({"date_acte": "Ce jour n’est pas passé : écrivez celui que porte le document."})
    _noter(objet, approbation, user=user, now=now)
    _conclure(objet, approbation.decision, now=now)
    return f"{approbation.organisme}, {approbation.get_decision_display()}"


def _noter(objet: Approuvable, approbation: Approbation, *, user, now) -> None:
    setattr(approbation, "protocole" if isinstance(objet, Protocole) else "question", objet)
    approbation.empreinte, approbation.rendue_par, approbation.date = objet.empreinte, user, now
    if approbation.decision == DecisionApprobation.REFUSE and not approbation.motif.strip():
        raise ValidationError({"motif": "Écrivez pourquoi : c’est ce qui sera corrigé."})
    approbation.full_clean()
    approbation.save()


def _conclure(objet: Approuvable, decision: str, *, now: datetime.datetime) -> None:
    if decision == DecisionApprobation.REFUSE:
        objet.statut, objet.date_reponse = P.REFUSEE.value, now
    elif not attendus(objet, au=timezone.localdate(now)):
        objet.statut, objet.date_reponse = P.APPROUVEE.value, now
        _remplacer_la_precedente(objet)


def _remplacer_la_precedente(objet: Approuvable) -> None:
    if isinstance(objet, Protocole):
        anciens = Protocole.objects.filter(convention=objet.convention_id, statut=P.APPROUVEE)
    else:
        anciens = QuestionEvaluative.objects.filter(pk=objet.remplace_id, statut=Q.APPROUVEE)
    for ancien in anciens.exclude(pk=objet.pk):
        ancien.statut = P.REMPLACEE.value
        ancien._change_reason = f"Remplacée par {nommer(objet)}"
        ancien.save()


_EFFETS = {
    "soumettre": _soumettre,
    "approuver": _repondre(DecisionApprobation.APPROUVE),
    "refuser": _repondre(DecisionApprobation.REFUSE),
    "consigner": _consigner,
    "reprendre": _reprendre,
}
