"""The writers of a projet d’avenant: drawn up line by line, « arrêté », signed. `application` applies it."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from ctg.models import Avenant, Convention
from ctg.templatetags.affichage import date_longue
from evaluation.avenants.contenu import composer
from evaluation.avenants.enums import EtatProjet
from evaluation.avenants.obstacles import collect_obstacles
from evaluation.canonique import ecrire, empreinte
from evaluation.models import ChangementProjete, ProjetAvenant
from evaluation.models.avenants import FIGE
from evaluation.models.regles_avenants import REGLES, lire_champ, lire_valeurs


@dataclass(frozen=True, slots=True)
class Proposition:
    """A change that a new projet begins with. `sous`: the rank, in the same list, of what is added first and holds it."""

    nature: str
    cible: models.Model | None = None
    valeurs: Mapping = field(default_factory=dict)
    motif: str = ""
    sous: int | None = None


def numero_suivant(convention: Convention) -> int:
    numeros = [
        convention.avenants.aggregate(n=Max("numero"))["n"],
        convention.projets_avenant.vivants().aggregate(n=Max("numero"))["n"],
    ]
    return max(numero or 0 for numero in numeros) + 1


@transaction.atomic
def preparer_projet(
    convention: Convention,
    *,
    objet: str,
    date_effet: datetime.date,
    expose: str = "",
    decision=None,
    numero: int | None = None,
    changements: Iterable[Proposition] = (),
    source: str = "",
) -> ProjetAvenant:
    """A projet in preparation with its first lines; the next number where none is given. Raises ValidationError."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention.pk)
    projet = ProjetAvenant(
        convention=convention,
        numero=numero or numero_suivant(convention),
        objet=objet,
        date_effet=date_effet,
        expose=expose,
        decision=decision,
        source=source,
    )
    enregistrer_projet(projet)
    lignes: list[ChangementProjete] = []
    for proposition in changements:
        sous = None if proposition.sous is None else lignes[proposition.sous]
        lignes.append(
            ajouter_changement(
                projet,
                proposition.nature,
                cible=proposition.cible,
                valeurs=proposition.valeurs,
                motif=proposition.motif,
                sous=sous,
                source=source,
            )
        )
    return projet


@transaction.atomic
def enregistrer_projet(projet: ProjetAvenant) -> ProjetAvenant:
    """Raises ValidationError."""
    if projet.pk:
        _en_preparation(projet.pk)
    annees = projet.convention.annees
    if annees and projet.date_effet and projet.date_effet.year not in annees:
        raise ValidationError(
            f"La convention va de {annees[0]} à {annees[-1]} : l’avenant doit prendre effet dans ces années."
        )
    projet.full_clean()
    projet.save()
    return projet


@transaction.atomic
def ajouter_changement(
    projet: ProjetAvenant,
    nature: str,
    *,
    cible: models.Model | None = None,
    valeurs: Mapping | None = None,
    motif: str = "",
    sous: ChangementProjete | None = None,
    source: str = "",
) -> ChangementProjete:
    """One more line, with what its target says on that day. Raises ValidationError."""
    _en_preparation(projet.pk)
    if nature not in REGLES:
        raise ValidationError("Un avenant ne fait pas cela.")
    dernier = projet.changements.aggregate(ordre=Max("ordre"))["ordre"] or 0
    ligne = ChangementProjete(projet=projet, ordre=dernier + 1, nature=nature, sous=sous, source=source)
    setattr(ligne, ligne.regle.cible, cible)
    return _ecrire(ligne, valeurs or {}, motif)


@transaction.atomic
def modifier_changement(
    ligne_id: int, *, valeurs: Mapping, motif: str, sous: ChangementProjete | None = None
) -> ChangementProjete:
    """The same target, otherwise; what it says is read again. Raises ValidationError."""
    ligne = ChangementProjete.objects.select_related("projet").get(pk=ligne_id)
    _en_preparation(ligne.projet_id)
    ligne.sous = sous
    if ligne.source:
        ligne.source = ""  # what a person writes is no longer a datum of the demonstration
    return _ecrire(ligne, valeurs, motif)


@transaction.atomic
def retirer_changement(ligne_id: int) -> None:
    """Raises ValidationError."""
    ligne = ChangementProjete.objects.select_related("projet").get(pk=ligne_id)
    _en_preparation(ligne.projet_id)
    if dessous := ligne.dessous.order_by("ordre").first():
        raise ValidationError(f"« {dessous.get_nature_display()} » en dépend : retirez d’abord cette ligne.")
    ligne.delete()


def _ecrire(ligne: ChangementProjete, valeurs: Mapping, motif: str) -> ChangementProjete:
    ligne.valeurs, ligne.motif = lire_valeurs(ligne.regle, valeurs), motif.strip()
    ligne.full_clean()
    ligne.avant = lire_avant(ligne)
    verifier_utile(ligne)
    ligne.save()
    return ligne


def lire_avant(ligne: ChangementProjete) -> dict:
    """What the target of a line says now, of the fields that the line writes; nothing for what is added."""
    return {nom: lire_champ(ligne.cible, nom) for nom in ligne.valeurs} if ligne.change_sa_cible else {}


def verifier_utile(ligne: ChangementProjete) -> None:
    """A line that changes nothing is no line of an avenant. Raises ValidationError."""
    inchangee = ligne.change_sa_cible and all(ligne.avant[nom] == dit for nom, dit in ligne.valeurs.items())
    if ligne.regle.champs and inchangee and not ligne.sous_id:
        raise ValidationError("Rien ne change : dites ce que l’avenant change.")
    if getattr(ligne.cible, "date_fin", None) is not None:
        raise ValidationError(f"« {ligne.cible} » prend déjà fin le {date_longue(ligne.cible.date_fin)}.")


def prendre(projet_id: int) -> ProjetAvenant:
    """Under its lock, until the end of the transaction."""
    projets = ProjetAvenant.objects.select_for_update(of=("self",), no_key=True)
    return projets.select_related("convention__territoire", "avenant").get(pk=projet_id)


def _en_preparation(projet_id: int) -> ProjetAvenant:
    projet = prendre(projet_id)
    if not projet.is_modifiable:
        raise ValidationError(FIGE.format(etat=projet.get_statut_display()))
    return projet


@transaction.atomic
def arreter(projet_id: int) -> ProjetAvenant:
    """What the signataires will be given no longer moves: the whole content is kept, with its hash.

    What could not be applied is not signed. Raises ValidationError.
    """
    projet = _en_preparation(projet_id)
    if not projet.changements.exists():
        raise ValidationError("Ce projet ne change rien : ajoutez au moins un changement.")
    if obstacles := collect_obstacles(projet):
        raise ValidationError([obstacle.phrase for obstacle in obstacles])
    projet.contenu = ecrire(composer(projet))
    projet.empreinte = empreinte(projet.contenu)
    return passer(projet, EtatProjet.ARRETE, "Arrêté")


@transaction.atomic
def reprendre(projet_id: int, *, motif: str) -> ProjetAvenant:
    """It is written again; what was frozen is no longer its content. Raises ValidationError."""
    projet = prendre(projet_id)
    if projet.statut not in {EtatProjet.ARRETE, EtatProjet.SIGNE}:
        raise ValidationError("Seul un projet arrêté ou signé, et pas encore appliqué, se reprend.")
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    projet.contenu = projet.empreinte = ""
    projet.date_signature = None
    return passer(projet, EtatProjet.EN_PREPARATION, f"Repris : {motif.strip()[:300]}")


@transaction.atomic
def signer(
    projet_id: int, *, date_signature: datetime.date, today: datetime.date | None = None
) -> ProjetAvenant:
    """The signataires have signed what was frozen. Raises ValidationError."""
    projet = prendre(projet_id)
    if projet.statut != EtatProjet.ARRETE:
        raise ValidationError("Arrêtez d’abord le projet : on signe un contenu qui ne change plus.")
    if date_signature > (today or timezone.localdate()):
        raise ValidationError("Cette date est à venir : l’avenant se note signé quand il l’est.")
    convention = projet.convention
    if (debut := convention.date_signature or convention.date_debut) and date_signature < debut:
        raise ValidationError(
            f"La convention est du {date_longue(debut)} : un avenant se signe après elle. Corrigez la date."
        )
    if Avenant.objects.filter(convention=projet.convention_id, numero=projet.numero).exists():
        raise ValidationError(f"Cette convention a déjà un avenant n° {projet.numero}.")
    projet.date_signature = date_signature
    return passer(projet, EtatProjet.SIGNE, f"Signé le {date_longue(date_signature)}")


@transaction.atomic
def abandonner(projet_id: int, *, motif: str) -> ProjetAvenant:
    """Raises ValidationError."""
    projet = prendre(projet_id)
    if projet.statut not in {EtatProjet.EN_PREPARATION, EtatProjet.ARRETE}:
        raise ValidationError("Un avenant signé ne s’abandonne pas : un autre le change.")
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    projet.contenu = projet.empreinte = ""
    return passer(projet, EtatProjet.ABANDONNE, f"Abandonné : {motif.strip()[:300]}")


def passer(projet: ProjetAvenant, statut: str, raison: str) -> ProjetAvenant:
    projet.statut, projet._change_reason = statut, raison
    projet.full_clean()
    projet.save()
    return projet
