"""The writer of versions of the protocole, of questions, and of what hangs on them. Raises ValidationError."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from ctg.models import Convention
from evaluation.models import Preuve, Protocole, QuestionEvaluative, Recommandation
from evaluation.models.approuvables import Approuvable
from evaluation.protocole.approbation import nommer
from evaluation.protocole.enums import StatutProtocole, StatutQuestion

# What stays open once the question is approved: the choice of the question conditions the methods (annexe 5).
APRES_APPROBATION = ("evaluateur", "sous_questions", "methodes", "detail_methodes")
PAS_ENCORE = "Preuves, réponse et recommandations s’écrivent une fois que tous les signataires ont approuvé la question."


@transaction.atomic
def commencer_version(convention: Convention) -> Protocole:
    """A new version, with the texts of the last one. Raises ValidationError while another is under way."""
    _verrouiller(convention)
    versions = Protocole.objects.filter(convention=convention)
    derniere = versions.order_by("-version").first()
    if derniere and derniere.statut in {StatutProtocole.BROUILLON, StatutProtocole.SOUMISE}:
        raise ValidationError(
            f"La version {derniere.version} est déjà en cours : terminez-la avant d’en commencer une autre."
        )
    protocole = Protocole(convention=convention, version=_suivant(Protocole, "version", convention))
    if derniere:
        for nom in (*Protocole.RUBRIQUES, "type_evaluation", "source", "mention"):
            setattr(protocole, nom, getattr(derniere, nom))
        protocole._change_reason = f"Reprise de la version {derniere.version}"
    protocole.full_clean()
    protocole.save()
    return protocole


@transaction.atomic
def enregistrer_protocole(protocole: Protocole) -> Protocole:
    exiger_a_ecrire(protocole)
    protocole.full_clean()
    protocole.save()
    return protocole


@transaction.atomic
def enregistrer_question(question: QuestionEvaluative) -> QuestionEvaluative:
    """A new one takes the next number."""
    if question._state.adding:
        _verrouiller(question.convention)
        question.numero = _suivant(QuestionEvaluative, "numero", question.convention)
    else:
        exiger_a_ecrire(question)
    question.full_clean()
    question.save()
    return question


@transaction.atomic
def enregistrer_methodes(question: QuestionEvaluative) -> QuestionEvaluative:
    """Evaluator, sub-questions and methods of an approved question."""
    exiger_approuvee(question)
    question.full_clean()
    question.save(update_fields=APRES_APPROBATION)
    return question


@transaction.atomic
def proposer_un_remplacement(question: QuestionEvaluative) -> QuestionEvaluative:
    """A new question, which takes the place of this one once it is approved."""
    _verrouiller(question.convention)  # two never take the same number
    question = QuestionEvaluative.objects.select_related("convention").get(pk=question.pk)
    if question.statut not in {StatutQuestion.APPROUVEE, StatutQuestion.REFUSEE}:
        raise ValidationError(
            f"{question.code} est « {question.get_statut_display()} » : elle se modifie encore."
            if question.is_a_ecrire
            else f"{question.code} est « {question.get_statut_display()} »."
        )
    if (autre := QuestionEvaluative.objects.filter(remplace=question).first()) is not None:
        raise ValidationError(f"{autre.code} est déjà écrite pour la remplacer.")
    champs = ("convention", "libelle", "precisions", "critere", "objet", "axe", "fiche", "phase")
    nouvelle = QuestionEvaluative(
        numero=_suivant(QuestionEvaluative, "numero", question.convention),
        remplace=question,
        **{nom: getattr(question, nom) for nom in (*champs, *APRES_APPROBATION)},
    )
    nouvelle._change_reason = f"Reprise de {question.code}"
    nouvelle.full_clean()
    nouvelle.save()
    return nouvelle


@transaction.atomic
def supprimer(objet: Approuvable) -> None:
    """Only what is still being written; the history keeps its lines, and its number is not given again."""
    exiger_a_ecrire(objet)
    objet.delete()


@transaction.atomic
def enregistrer_reponse(question: QuestionEvaluative) -> QuestionEvaluative:
    question.date_communication = exiger_approuvee(question).date_communication
    if question.date_communication and not question.reponse:
        raise ValidationError("La réponse est communiquée : cessez de la communiquer avant de l’effacer.")
    question.full_clean()
    question.save(update_fields=["reponse", "confiance", "motif_confiance"])
    return question


@transaction.atomic
def communiquer(question: QuestionEvaluative, *, now: datetime.datetime, oui: bool) -> None:
    """Whether who does not read the figures of the year reads the answer and what it stands on."""
    question = exiger_approuvee(question)
    if oui and not question.reponse:
        raise ValidationError("Écrivez d’abord la réponse : c’est elle qui se communique.")
    question.date_communication = now if oui else None
    question._change_reason = "Réponse communiquée" if oui else "Réponse retirée de la communication"
    question.save(update_fields=["date_communication"])


@transaction.atomic
def enregistrer_suite(objet: Preuve | Recommandation) -> Preuve | Recommandation:
    """A piece of evidence or a recommandation; a new one comes last."""
    exiger_approuvee(objet.question)
    if objet._state.adding:
        dernier = type(objet).objects.filter(question=objet.question_id).aggregate(dernier=Max("ordre"))
        objet.ordre = (dernier["dernier"] or 0) + 1
    objet.full_clean()
    objet.save()
    return objet


@transaction.atomic
def retirer_suite(objet: Preuve | Recommandation) -> None:
    exiger_approuvee(objet.question)
    objet.delete()


@transaction.atomic
def monter_suite(objet: Preuve | Recommandation) -> bool:
    """Trade its place with the one before; false where there is none."""
    exiger_approuvee(objet.question)
    siens = type(objet).objects.filter(question=objet.question_id)
    objet = siens.get(pk=objet.pk)  # another may have moved it
    voisin = siens.filter(ordre__lt=objet.ordre).order_by("-ordre").first()
    if voisin is None:
        return False
    objet.ordre, voisin.ordre = voisin.ordre, objet.ordre
    # No two have one place, even for a moment.
    siens.filter(pk=voisin.pk).update(ordre=0)
    objet.save()
    voisin.save()
    return True


def exiger_a_ecrire(objet: Approuvable) -> None:
    """What is put to approval is not edited: the state is read under the lock."""
    if raison := raison_de_ne_pas_ecrire(_verrouiller(objet)):
        raise ValidationError(f"Rien n’est enregistré : {raison}")


def raison_de_ne_pas_ecrire(objet: Approuvable) -> str:
    if objet.is_a_ecrire:
        return ""
    suite = (
        "commencez une nouvelle version"
        if isinstance(objet, Protocole)
        else "proposez une question qui la remplace"
    )
    return f"{nommer(objet)} est « {objet.get_statut_display()} » et ne se modifie plus. Pour changer ce texte, {suite}."


def exiger_approuvee(question: QuestionEvaluative) -> QuestionEvaluative:
    """One writer at a time on a question: what is saved of it, read under the lock."""
    actuelle = _verrouiller(question)
    if raison := raison_de_ne_pas_suivre(actuelle):
        raise ValidationError(raison)
    return actuelle


def raison_de_ne_pas_suivre(question: QuestionEvaluative) -> str:
    """Why nothing is written after it: evidence, answer, recommandations."""
    if question.statut == StatutQuestion.APPROUVEE:
        return ""
    if question.statut == StatutQuestion.REMPLACEE:
        return "Cette question est remplacée : écrivez sur celle qui la remplace."
    return PAS_ENCORE


def _verrouiller(objet: Approuvable | Convention) -> Approuvable | Convention:
    return type(objet).objects.select_for_update(of=("self",), no_key=True).get(pk=objet.pk)


def _suivant(modele, champ: str, convention: Convention) -> int:
    """Read in the history too: the number of what was deleted is not given again."""
    lus = (
        gestion.filter(convention=convention).aggregate(dernier=Max(champ))["dernier"]
        for gestion in (modele.objects, modele.historique)
    )
    return max(numero or 0 for numero in lus) + 1
