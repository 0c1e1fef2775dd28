"""Where django-allauth asks the project: who may open an account, how secrets are kept, who must have two factors."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from ctg.enums import Role
from ctg.models import Utilisateur


class CompteAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Trop d’essais en peu de temps, par prudence. Attendez cinq minutes, puis recommencez, "
        "ou demandez un nouveau code."
    }

    def is_open_for_signup(self, request):
        """An account is opened by an invitation and by nothing else."""
        return False

    def get_from_email(self):
        return settings.DEFAULT_FROM_EMAIL


class SecondFacteurAdapter(DefaultMFAAdapter):
    """The secrets of second factors are not readable in a copy of the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Votre rôle demande un second facteur : ajoutez-en un autre, puis ôtez celui-ci."
    }

    def _get_user_identifier(self, user):
        return user.email

    def encrypt(self, text):
        return _coffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _coffre().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        """The last factor stays where one is owed: replace it first, then remove it."""
        if not doit_second_facteur(authenticator.user):
            return True
        autres = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return autres.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def _coffre() -> MultiFernet:
    cles = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second-facteur" + cle.encode()).digest() for cle in cles]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def doit_second_facteur(user: Utilisateur) -> bool:
    """Those who grant rights, write everything or give the aval must have a second factor, in production."""
    return settings.SECOND_FACTEUR and any(mandat.role in Role.SENSIBLES for mandat in user.mandats_actifs)
