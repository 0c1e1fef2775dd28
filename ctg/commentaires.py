"""Threads of comments: read, written, resolved. Every door comes here."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.commentables import commentable_de
from ctg.mentions import Mentions, lire_mentions, mentionnables, prevenir
from ctg.models import Commentaire
from ctg.permissions import ALLOWED, Access, check

RESOLU = "Ce fil est résolu : rouvrez-le pour y répondre, ou écrivez un nouveau commentaire sur la page."
NON_RESOLVABLE = Access(
    allowed=False,
    reason="Un fil se résout ou se rouvre par qui l’a ouvert, ou par qui modifie ce qu’il commente.",
)


@dataclass(slots=True)
class Fil:
    """A thread: the comment that opened it, and its answers."""

    racine: Commentaire
    reponses: list[Commentaire] = field(default_factory=list)

    @property
    def commentaires(self) -> list[Commentaire]:
        return [self.racine, *self.reponses]


def fils(objet, champ: str | None = None) -> list[Fil]:
    """Threads on an object, the oldest first; `champ`: those on that field only.

    Three queries, whatever the number of threads. The caller has checked the right to read.
    """
    lus = Commentaire.objects.filter(
        convention=objet.convention_id,
        type_objet=ContentType.objects.get_for_model(objet),
        objet_id=objet.pk,
    )
    if champ is not None:
        lus = lus.filter(champ=champ)
    commentaires = list(lus.for_list())
    par_racine = {c.pk: Fil(c) for c in commentaires if c.parent_id is None}
    for commentaire in commentaires:
        if commentaire.parent_id is not None:
            par_racine[commentaire.parent_id].reponses.append(commentaire)
    return list(par_racine.values())


def peut_commenter(user, objet) -> Access:
    """To write to others about an object, one reads it."""
    access = check(user, "ctg.commenter", objet)
    return check(user, commentable_de(objet).lire, objet) if access else access


def peut_resoudre(user, racine: Commentaire, objet) -> Access:
    """Whoever opened the thread, and whoever may change what it is about."""
    if not (access := peut_commenter(user, objet)):
        return access
    modifie = check(user, commentable_de(objet).modifier, objet)
    return ALLOWED if racine.auteur_id == user.pk or modifie else NON_RESOLVABLE


@transaction.atomic
def commenter(
    *,
    objet,
    texte: str,
    auteur,
    now: datetime.datetime,
    adresse: Callable[[str], str],
    champ: str = "",
    parent: Commentaire | None = None,
) -> tuple[Commentaire, Mentions]:
    """Write a comment and tell those whom it mentions. Raises PermissionDenied or ValidationError.

    `adresse(path)`: the absolute address of a page, for the mail. An answer stands where its thread stands.
    """
    commentable = commentable_de(objet)
    _exiger(peut_commenter(auteur, objet))
    if parent is not None:
        parent = _verrouiller(parent)
        if parent.is_resolu:
            raise ValidationError(RESOLU)
        champ = parent.champ
    elif champ and champ not in commentable.champs(objet):
        raise ValidationError("Cette rubrique ne se commente pas.")
    commentaire = Commentaire(
        convention=objet.convention,
        objet=objet,
        champ=champ,
        parent=parent,
        texte=texte,
        auteur=auteur,
        created_at=now,
    )
    commentaire.full_clean()
    commentaire.save()
    lues = lire_mentions(texte, mentionnables(objet))
    a_prevenir = [personne for personne in lues.personnes if personne.utilisateur_id != auteur.pk]
    commentaire.mentions.set(a_prevenir)
    lien = adresse(f"{commentable.url(objet, timezone.localdate(now))}#{commentaire.ancre}")
    prevenir(commentaire, a_prevenir, lien=lien)
    return commentaire, Mentions(a_prevenir, lues.inconnues)


@transaction.atomic
def resoudre(racine: Commentaire, *, par, now: datetime.datetime) -> bool:
    """Close a thread; false if it was already. Raises PermissionDenied."""
    racine = _verrouiller(racine)
    _exiger(peut_resoudre(par, racine, racine.objet))
    if racine.is_resolu:
        return False
    racine.date_resolution, racine.resolu_par = now, par
    racine.save(update_fields=["date_resolution", "resolu_par"])
    return True


@transaction.atomic
def rouvrir(racine: Commentaire, *, par) -> bool:
    """Open a thread again; false if it was open. Raises PermissionDenied."""
    racine = _verrouiller(racine)
    _exiger(peut_resoudre(par, racine, racine.objet))
    if not racine.is_resolu:
        return False
    racine.date_resolution = racine.resolu_par = None
    racine.save(update_fields=["date_resolution", "resolu_par"])
    return True


def _verrouiller(racine: Commentaire) -> Commentaire:
    return Commentaire.objects.select_for_update(of=("self",), no_key=True).get(pk=racine.pk)


def _exiger(access: Access) -> None:
    if not access:
        raise PermissionDenied(access.reason)
