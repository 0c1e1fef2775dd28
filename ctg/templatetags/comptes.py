"""What the pages of an account ask about it."""

from allauth.mfa.models import Authenticator
from django import template

register = template.Library()


@register.filter
def a_une_cle(user) -> bool:
    """Whether a passkey can stand for the code of the second factor."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
