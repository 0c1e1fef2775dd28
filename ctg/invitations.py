"""Invitations: a named person, a role, a scope, and a mail with a link that serves once.

The account has no password until the link is followed; its holder may also enter by a code sent by mail.
"""

import datetime
import hashlib
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from ctg.mandats import accorder
from ctg.models import Mandat, Personne, Utilisateur

SEL = "invitation"
DUREE = 14 * 24 * 3600  # seconds
DESACTIVE = (
    "Ce compte est désactivé : un mandat n’y ouvrirait rien. Demandez à un administrateur de le rouvrir."
)
ENTRE_DEUX = datetime.timedelta(minutes=1)


def _empreinte(compte: Utilisateur) -> str:
    """Changes with the password: a link that served, serves no more."""
    return hashlib.sha256(f"{compte.pk}{compte.password}".encode()).hexdigest()[:20]


def jeton_invitation(compte: Utilisateur) -> str:
    return signing.dumps([compte.pk, _empreinte(compte)], salt=SEL)


def lire_invitation(jeton: str) -> Utilisateur | None:
    """The account that the link was made for; None if it is false, too old or already used."""
    try:
        pk, empreinte = signing.loads(jeton, salt=SEL, max_age=DUREE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    compte = Utilisateur.objects.filter(pk=pk, is_active=True).first()
    return compte if compte and empreinte == _empreinte(compte) else None


@transaction.atomic
def inviter(
    *, par: Utilisateur, personne: Personne, email: str, adresse: Callable[[str], str], **mandat
) -> Mandat:
    """Open the account if there is none, grant the mandate, and send the mail once all is saved.

    `adresse(token)`: the absolute address of the invitation. Raises what `accorder` raises.
    """
    compte = personne.utilisateur or Utilisateur.objects.filter(email__iexact=email).first()
    if compte is None:
        compte = Utilisateur.objects.create_user(email, None, prenom=personne.prenom, nom=personne.nom)
    if not compte.is_active:
        raise ValidationError(DESACTIVE)
    if not personne.email:
        personne.email = compte.email
        personne.save()
    accorde = accorder(par=par, personne=personne, compte=compte, **mandat)
    compte.date_invitation = timezone.now()
    compte.save(update_fields=["date_invitation"])
    _envoyer(compte, personne, par=par, adresse=adresse, role=accorde.get_role_display())
    return accorde


def renvoyer(compte: Utilisateur, personne: Personne, *, par: Utilisateur, adresse, now) -> bool:
    """Send the invitation again; False, and no mail, within a minute of the last one: a button pressed twice."""
    seul = Utilisateur.objects.filter(pk=compte.pk).filter(
        Q(date_invitation=None) | Q(date_invitation__lt=now - ENTRE_DEUX)
    )
    if not seul.update(date_invitation=now):
        return False
    _envoyer(compte, personne, par=par, adresse=adresse)
    return True


def _envoyer(compte: Utilisateur, personne: Personne, *, par: Utilisateur, adresse, role: str = "") -> None:
    jeton = "" if compte.has_usable_password() else jeton_invitation(compte)
    context = {
        "personne": personne,
        "convention": personne.convention,
        "par": par,
        "role": role,
        "lien": adresse(jeton),
        "jours": DUREE // 86400,
        "nouveau": bool(jeton),
    }
    corps = render_to_string("ctg/courriels/invitation.txt", context)
    sujet = f"Pilotage CTG – {personne.convention.intitule}"
    transaction.on_commit(
        partial(
            send_mail,
            sujet,
            corps,
            settings.DEFAULT_FROM_EMAIL,
            [compte.email],
            fail_silently=False,
            html_message=render_to_string("ctg/courriels/invitation.html", context),
        )
    )
