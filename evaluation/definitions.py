"""The writers of definitions: save, copy, order, replace, close, delete. The caller has locked the fiche."""

import datetime
import math

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError

from evaluation.enums import SituationMesure, StatutSaisie
from evaluation.forms_indicateurs import IndicateurForm, part_de
from evaluation.forms_vie_indicateur import RemplacerForm
from evaluation.models import Cible, Indicateur, LigneSaisie, Mesure, ModaliteIndicateur
from evaluation.models.verrouillage import premier, verrous_de
from evaluation.preparation import confier, demander, ne_plus_demander
from fiches.models import FicheProjet


def verrouiller_fiche(fiche_id: int) -> FicheProjet:
    """The submission of an entry locks the fiche too: what is written here comes wholly before it, or after."""
    FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    return FicheProjet.objects.select_related("convention__territoire", "axe").get(pk=fiche_id)


@transaction.atomic
def enregistrer_indicateur(form: IndicateurForm, *, user, now: datetime.datetime) -> Indicateur:
    """Save a valid form; what did not change is not written. A new one is due in the campaigns under way."""
    indicateur, motif = form.instance, form.cleaned_data.get("motif") or ""
    if indicateur._state.adding:
        indicateur.ordre = _ordre_suivant(form.fiche)
        indicateur.save()
        demander(indicateur, user=user, now=now)
    elif set(form.changed_data) & set(form._meta.fields):
        if indicateur.is_demonstration:
            indicateur.source = ""  # what a person writes is no longer a datum of the demonstration
        indicateur.save()
        if "responsable" in form.changed_data:
            confier(indicateur, form.initial.get("responsable"))
    _enregistrer_cibles(indicateur, form.get_cibles(), motif)
    _enregistrer_parts(indicateur, form.get_parts(), motif)
    return indicateur


def _ordre_suivant(fiche: FicheProjet) -> int:
    dernier = Indicateur.objects.filter(fiche=fiche, date_fin=None).aggregate(dernier=Max("ordre"))["dernier"]
    return (dernier or 0) + 1


def _enregistrer_cibles(indicateur: Indicateur, cibles: dict, motif: str) -> None:
    existantes = {cible.annee: cible for cible in indicateur.cibles.all()}
    for annee, valeur in cibles.items():
        cible = existantes.get(annee)
        if valeur == (cible.valeur if cible else None):
            continue
        cible = cible or Cible(indicateur=indicateur, annee=annee)
        cible.motiver(motif)
        if valeur is None:
            cible.delete()
        else:
            cible.valeur, cible.source = valeur, ""
            cible.full_clean()
            cible.save()


def _enregistrer_parts(indicateur: Indicateur, parts: list, motif: str) -> None:
    existantes = {part_de(modalite).cle: modalite for modalite in indicateur.modalites.all()}
    gardees = {part.cle for part in parts}
    if any(part.quartier_id or part.structure_id for part in parts):  # ticked in a list: the order is kept
        parts = sorted(parts, key=lambda part: _rang(existantes.get(part.cle)))
    for cle, modalite in existantes.items():
        if cle not in gardees:
            modalite.motiver(motif)
            modalite.delete()
    for ordre, part in enumerate(parts, start=1):
        modalite = existantes.get(part.cle)
        if modalite is None:
            modalite = ModaliteIndicateur(
                indicateur=indicateur,
                libelle=part.libelle,
                quartier_id=part.quartier_id,
                structure_id=part.structure_id,
            )
        elif modalite.ordre == ordre:
            continue
        modalite.ordre = ordre
        modalite.motiver(motif)
        modalite.save()


def _rang(modalite: ModaliteIndicateur | None) -> float:
    return math.inf if modalite is None else modalite.ordre


@transaction.atomic
def copier_indicateur(
    indicateur: Indicateur,
    fiche: FicheProjet,
    code: str,
    *,
    avec_cibles: bool,
    user,
    now: datetime.datetime,
) -> Indicateur:
    """The same definition under another code, at the end of a fiche. Raises ValidationError."""
    copie = _dupliquer(indicateur, fiche=fiche, code=code)
    copie.ordre, copie._change_reason = _ordre_suivant(fiche), f"Copie de {indicateur.code}"
    copie.succede_a = copie.predecesseur = copie.date_effet = copie.date_fin = None
    copie.source, copie.mention, copie.a_verifier = "", "", ""
    if not avec_cibles:
        copie.valeur_depart = copie.date_depart = None
    copie.full_clean()
    copie.save()
    copier_parts(indicateur, copie)
    if avec_cibles:
        for cible in indicateur.cibles.order_by("annee"):
            Cible(indicateur=copie, annee=cible.annee, valeur=cible.valeur).save()
    demander(copie, user=user, now=now)
    return copie


def _dupliquer(indicateur: Indicateur, **champs) -> Indicateur:
    copie = Indicateur.objects.get(pk=indicateur.pk)
    copie.pk, copie._state.adding = None, True
    for name, valeur in champs.items():
        setattr(copie, name, valeur)
    return copie


def copier_parts(de: Indicateur, vers: Indicateur) -> None:
    for modalite in de.modalites.order_by("ordre", "pk"):
        modalite.pk, modalite._state.adding, modalite.indicateur = None, True, vers
        modalite.save()


@transaction.atomic
def deplacer_indicateur(indicateur: Indicateur, *, vers_le_haut: bool) -> bool:
    """One place up or down among those of its fiche; false at the end of the list."""
    freres = list(Indicateur.objects.filter(fiche=indicateur.fiche, date_fin=None).order_by("ordre", "pk"))
    rang = next((i for i, frere in enumerate(freres) if frere.pk == indicateur.pk), None)
    autre = None if rang is None else rang + (-1 if vers_le_haut else 1)
    if autre is None or not 0 <= autre < len(freres):
        return False
    freres[rang], freres[autre] = freres[autre], freres[rang]
    for ordre, frere in enumerate(freres, start=1):
        if frere.ordre != ordre:
            frere.ordre = ordre
            frere.save()
    return True


@transaction.atomic
def remplacer_indicateur(
    ancien: Indicateur, form: RemplacerForm, *, user, now: datetime.datetime
) -> Indicateur:
    """Close the old one and create its successor, both on the day of the form. Raises ValidationError."""
    jour, motif = form.cleaned_data["date_effet"], form.cleaned_data["motif"]
    suite = form.instance
    clore_indicateur(ancien, au=jour, motif=f"Remplacé par {suite.code} : {motif}")
    suite.date_effet, suite.succede_a, suite.ordre = jour, ancien, ancien.ordre
    suite._change_reason = f"Remplace {ancien.code} : {motif}"
    suite.full_clean()
    suite.save()
    _enregistrer_cibles(suite, form.get_cibles(), motif)
    _enregistrer_parts(suite, form.get_parts(), motif)
    demander(suite, user=user, now=now)
    return suite


@transaction.atomic
def clore_indicateur(indicateur: Indicateur, *, au: datetime.date, motif: str) -> None:
    """From `au` on it is no longer asked; its values stay. Raises ValidationError."""
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    if indicateur.date_fin is not None:
        raise ValidationError("Cet indicateur est déjà clos.")
    valeurs = Mesure.objects.filter(indicateur=indicateur, annee__gte=au.year)
    if derniere := valeurs.exclude(situation=SituationMesure.NON_RENSEIGNEE).aggregate(d=Max("annee"))["d"]:
        raise ValidationError(
            f"Il a une valeur pour {derniere}, qui ne figurerait plus au bilan : choisissez le 1er janvier "
            f"{derniere + 1} ou un jour suivant."
        )
    indicateur.date_fin, indicateur._change_reason = au, motif.strip()
    indicateur.full_clean()
    indicateur.save()
    ne_plus_demander(indicateur)


def empeche_de_supprimer(indicateur: Indicateur) -> str:
    """Why it is closed rather than deleted; empty: it may be deleted."""
    annees = list(indicateur.mesures.order_by("annee").values_list("annee", flat=True))
    if annees:
        return f"Il a une valeur ({', '.join(map(str, annees))}) : il vaut mieux le clore à une date, ou le remplacer."
    if verrou := premier(verrous_de(indicateur)):
        return f"{verrou.raison} Il vaut mieux le clore à une date, ou le remplacer."
    if lien := indicateur.decisions.select_related("decision__reunion").order_by("pk").first():
        return f"La décision {lien.decision.numero} y est liée : déliez-la d’abord, ou gardez l’indicateur."
    if preuve := indicateur.preuves.select_related("question").order_by("pk").first():
        return f"C’est une preuve de la question {preuve.question.code} : retirez-la d’abord, ou gardez l’indicateur."
    return ""


@transaction.atomic
def supprimer_indicateur(indicateur: Indicateur) -> None:
    """Only what has no value; it is no longer due in the campaigns under way. Raises ValidationError."""
    if raison := empeche_de_supprimer(indicateur):
        raise ValidationError(raison)
    ouvertes = LigneSaisie.objects.filter(
        indicateur=indicateur, saisie__statut__in=sorted(StatutSaisie.MODIFIABLES)
    )
    for ligne in ouvertes:
        ligne.delete()
    try:
        indicateur.delete()
    except ProtectedError:
        raise ValidationError(
            "Un autre indicateur lui succède : il se clôt, il ne se supprime pas."
        ) from None
