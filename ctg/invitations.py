"""Invitations: a named person, a role, a scope, and a mail with a link that serves once.

The account has no password until the link is followed; its holder may also enter by a code sent by mail.
"""

import datetime
import hashlib
from functools import partial

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ctg.enums import Role
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
def inviter(*, par: Utilisateur, personne: Personne, email: str, site: str, **mandat) -> Mandat:
    """Open the account if there is none, grant the mandate, and send the mail once all is saved.

    `site`: the address of its root. Raises what `accorder` raises.
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
    _faire_partir(compte, personne, par=par, site=site, role=accorde.role)
    return accorde


def renvoyer(compte: Utilisateur, personne: Personne, *, par: Utilisateur, site: str, now) -> bool:
    """Send the invitation again; False, and no mail, within a minute of the last one: a button pressed twice."""
    seul = Utilisateur.objects.filter(pk=compte.pk).filter(
        Q(date_invitation=None) | Q(date_invitation__lt=now - ENTRE_DEUX)
    )
    if not seul.update(date_invitation=now):
        return False
    _faire_partir(compte, personne, par=par, site=site)
    return True


def _faire_partir(
    compte: Utilisateur, personne: Personne, *, par: Utilisateur, site: str, role: str = ""
) -> None:
    """Once all is saved, by a worker: a mail server that is down undoes nothing, and loses no invitation."""
    from ctg.tasks import inviter as tache  # noqa: PLC0415 -- it calls `envoyer`

    transaction.on_commit(partial(tache.enqueue, compte.pk, personne.pk, par.pk, role, site), robust=True)


def envoyer(compte: int, personne: int, *, par: int, role: str, site: str) -> None:
    """The mail, as things are when it leaves; nothing to somebody who is gone. Raises what the mail server raises."""
    invite = Utilisateur.objects.filter(pk=compte, is_active=True).first()
    nommee = Personne.objects.select_related("convention").filter(pk=personne, is_anonyme=False).first()
    if invite is None or nommee is None:
        return
    jeton = "" if invite.has_usable_password() else jeton_invitation(invite)
    chemin = reverse("ctg:invitation", kwargs={"jeton": jeton}) if jeton else reverse("account_login")
    context = {
        "personne": nommee,
        "convention": nommee.convention,
        "par": Utilisateur.objects.get(pk=par),
        "role": Role(role).label if role else "",
        "lien": f"{site}{chemin}",
        "jours": DUREE // 86400,
        "nouveau": bool(jeton),
    }
    send_mail(
        f"Pilotage CTG – {nommee.convention.intitule}",
        render_to_string("ctg/courriels/invitation.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [invite.email],
        fail_silently=False,
        html_message=render_to_string("ctg/courriels/invitation.html", context),
    )
