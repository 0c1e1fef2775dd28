"""A second factor that is set up closes the sessions that never gave one."""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver


@receiver(authenticator_added)
def fermer_les_autres_sessions(sender, request, user, authenticator, **kwargs):
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        user.fermer_sessions(sauf=request.session.session_key or "")
