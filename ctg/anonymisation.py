"""Removes a person from tables, history, texts, drafts, sessions and search; frozen records keep it and are listed."""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from ctg import places
from ctg.donnees_personnelles import (
    Donnees,
    donnees,
    ecrire,
    modele_historique,
    occurrences,
    supprimer_copies,
    verrous_leves,
)
from ctg.enums import Role
from ctg.export_personne import nommer
from ctg.models import Brouillon, Mandat, Porte, acte
from ctg.noms import Chercheur
from ctg.sujets import Sujet, il_y_a, verrouiller


class AnonymisationError(Exception):
    """Why this person is not made anonymous, and what to do first; a French sentence that names nobody."""


DERNIER_ADMINISTRATEUR = (
    "{sujet} : c’est le dernier administrateur. Donnez d’abord ce mandat à un autre compte actif."
)
EN_COURS = (
    "{sujet} : une fonction ou un mandat est encore en cours. Mettez-y fin dans « Personnes », ou relancez avec "
    "--forcer, qui y met fin aujourd’hui."
)


@dataclass(slots=True)
class Resultat:
    """What one anonymisation changed: {kind of row: number}, and what it could not change, said to a person."""

    sujet: Sujet
    changements: Counter[str] = field(default_factory=Counter)
    figes: list[str] = field(default_factory=list)
    restes: list[str] = field(default_factory=list)


@transaction.atomic
def anonymiser(sujet: Sujet, *, au: datetime.date, forcer: bool = False, essai: bool = False) -> Resultat:
    """All or nothing; harmless when repeated. Raises AnonymisationError."""
    sujet = verrouiller(sujet)
    _refuser(sujet, au, forcer=forcer)
    chercheur, restes = sujet.get_chercheur()  # before the names are gone
    resultat = Resultat(sujet, restes=restes)
    resultat.figes = sorted({nommer(o.objet) for o in occurrences(chercheur, sujet, figes=True)})
    with acte(Porte.COMMANDE, "Anonymisation"):
        _mettre_fin(sujet, au, resultat)
        _fermer_sessions(sujet, chercheur, resultat)
        for sorte in donnees():
            _traiter(sorte, sujet, resultat)
    supprimer_copies()
    with verrous_leves():
        for occurrence in list(occurrences(chercheur, sujet)):
            ecrire(occurrence.objet, {occurrence.champ.attname: occurrence.apres})
            resultat.changements[f"textes : {_nom(type(occurrence.objet))}"] += 1
    if essai:
        transaction.set_rollback(True)
    return resultat


def _refuser(sujet: Sujet, au: datetime.date, *, forcer: bool) -> None:
    # Locked: two administrateurs cannot be the other's last one at the same moment.
    administrateurs = Mandat.objects.select_for_update(of=("self",), no_key=True).filter(
        role=Role.ADMINISTRATEUR, utilisateur__is_active=True
    )
    actifs = {mandat.utilisateur_id for mandat in administrateurs.actifs(au=au)}
    if actifs and actifs <= set(sujet.compte_ids):
        raise AnonymisationError(DERNIER_ADMINISTRATEUR.format(sujet=sujet))
    if not forcer and any(lignes.exists() for lignes, _ in _en_cours(sujet, au)):
        raise AnonymisationError(EN_COURS.format(sujet=sujet))


def _en_cours(sujet: Sujet, au: datetime.date) -> list[tuple[models.QuerySet, str]]:
    """Mandates, functions and other places that hold, or will, with the field where they begin."""
    pas_finis = Q(date_fin=None) | Q(date_fin__gt=au)
    mandats = Mandat.objects.filter(pas_finis, utilisateur__in=sujet.compte_ids).order_by("pk")
    return [(mandats, "date_debut"), *places.en_cours(sujet.personne_ids, au)]


def _mettre_fin(sujet: Sujet, au: datetime.date, resultat: Resultat) -> None:
    """What had not begun is deleted; the history keeps it."""
    for lignes, debut in _en_cours(sujet, au):
        for ligne in lignes:
            resultat.changements["fonctions et mandats auxquels il est mis fin"] += 1
            places.quitter(ligne, au, debut=debut)


def _fermer_sessions(sujet: Sujet, chercheur: Chercheur, resultat: Resultat) -> None:
    """Those of the account, and those of a login that was begun with its address."""
    comptes = {str(pk) for pk in sujet.compte_ids}
    for session in Session.objects.order_by("pk").iterator():
        contenu = session.get_decoded()
        texte = str(contenu)
        commencee = SESSION_KEY not in contenu and chercheur.remplacer(texte) != texte
        if contenu.get(SESSION_KEY) in comptes or commencee:
            session.delete()
            resultat.changements["sessions ouvertes"] += 1


def _traiter(sorte: Donnees, sujet: Sujet, resultat: Resultat) -> None:
    # The live rows first: deleting or saving one leaves a line of history, which is cleaned after it.
    for lignes in (sorte.lignes, sorte.lignes_historique):
        for ligne in lignes(sujet):
            if sorte.supprimer:
                ligne.delete()
                resultat.changements[_nom(type(ligne))] += 1
            elif sorte.valeurs:
                _remplacer(ligne, sorte.valeurs(sujet, ligne), resultat)


def _remplacer(ligne: models.Model, valeurs: dict, resultat: Resultat) -> None:
    if all(getattr(ligne, champ) == value for champ, value in valeurs.items()):
        return
    resultat.changements[_nom(type(ligne))] += 1
    if modele_historique(type(ligne)):
        for champ, value in valeurs.items():
            setattr(ligne, champ, value)
        ligne.save()  # the history says when
    else:
        ecrire(ligne, valeurs)


def _nom(modele: type[models.Model]) -> str:
    """« personnes », « personnes (historique) »."""
    vivant = getattr(modele, "instance_type", modele)
    suite = "" if vivant is modele else " (historique)"
    return f"{vivant._meta.verbose_name_plural}{suite}"


# What has no person to name: old drafts and sessions -----------------------------------------------------


@transaction.atomic
def purger(*, now: datetime.datetime, essai: bool = False) -> Counter[str]:
    """Drafts past their delay, sessions that are over; harmless when repeated."""
    limite = il_y_a(settings.CONSERVATION_BROUILLONS, timezone.localdate(now))
    sessions = Session.objects.filter(expire_date__lt=now)
    ouvertes = Session.objects.filter(expire_date__gte=now).values("session_key")
    lots = {
        "brouillons": Brouillon.objects.filter(updated_at__date__lt=limite),
        "sessions expirées": sessions,
        "traces de sessions": UserSession.objects.exclude(session_key__in=ouvertes),
    }
    nombres = Counter({nom: lot.delete()[0] for nom, lot in lots.items()})
    if essai:
        transaction.set_rollback(True)
    return nombres
