"""OpenID Connect: whom the provider vouches for, and which account that is. It never opens an account, nor a right.

What the provider says is signed and checked; nothing that it says goes to a log.
"""

import hmac
import logging

import jwt
import requests
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from ctg.models import IdentiteExterne, Utilisateur

LOGGER = logging.getLogger(__name__)
DECALAGE = 30  # seconds between the provider's clock and ours
# Whatever an unreachable provider, or one that answers anything, can raise.
ERREURS = (
    SuspiciousOperation,
    requests.RequestException,
    jwt.PyJWTError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class Echec(Exception):
    """The provider did not answer, or its answer is not to be trusted."""


class SansCompte(Exception):
    """The provider vouches for somebody who has no account here."""


class OIDCBackend(OIDCAuthenticationBackend):
    def authenticate(self, request, *, nonce, code_verifier):
        """Only for the return from the provider: a login by password does not even call this signature."""
        if not nonce:
            raise Echec
        try:
            return super().authenticate(request, nonce=nonce, code_verifier=code_verifier)
        except ERREURS as error:
            LOGGER.warning("OpenID Connect login failed: %s", type(error).__name__)
            raise Echec from None

    def verify_token(self, token, **kwargs):
        """The id_token: from this provider, for us, now, and for this very request."""
        claims = self._lire(token, obligatoires=["iss", "aud", "exp", "iat", "sub"])
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), kwargs["nonce"].encode()):
            raise SuspiciousOperation("nonce")
        if claims.get("azp", self.OIDC_RP_CLIENT_ID) != self.OIDC_RP_CLIENT_ID:
            raise SuspiciousOperation("azp")
        return claims

    def _lire(self, token, *, obligatoires):
        entete = jwt.get_unverified_header(token)
        if entete["alg"] != self.OIDC_RP_SIGN_ALGO:
            raise SuspiciousOperation("alg")
        return jwt.decode(
            token,
            self.retrieve_matching_jwk(token),
            algorithms=[self.OIDC_RP_SIGN_ALGO],
            issuer=self.get_settings("OIDC_OP_ISSUER"),
            audience=self.OIDC_RP_CLIENT_ID,
            leeway=DECALAGE,
            options={"require": obligatoires},
        )

    def get_userinfo(self, access_token, id_token, payload):
        """About the same person as the id_token; signed where the provider signs it (ProConnect does)."""
        response = requests.get(
            self.OIDC_OP_USER_ENDPOINT,
            headers={"Authorization": f"Bearer {access_token}"},
            timeout=self.get_settings("OIDC_TIMEOUT"),
        )
        response.raise_for_status()
        if response.headers.get("Content-Type", "").lower().startswith("application/jwt"):
            claims = self._lire(response.text.strip(), obligatoires=["iss", "aud", "sub"])
        else:
            claims = response.json()
        if claims["sub"] != payload["sub"]:
            raise SuspiciousOperation("sub")
        return claims

    def get_or_create_user(self, access_token, id_token, payload):
        """The account of this subject; else the one of this address, if nobody has taken it at this provider."""
        claims = self.get_userinfo(access_token, id_token, payload)
        emetteur, sujet, email = payload["iss"], payload["sub"], claims.get("email")
        if not est_texte(sujet):
            raise Echec
        if any(c.get("email_verified") not in (None, True, "true") for c in (payload, claims)):
            raise SansCompte
        identite = (
            IdentiteExterne.objects.select_related("utilisateur")
            .filter(emetteur=emetteur, sujet=sujet)
            .first()
        )
        compte = identite.utilisateur if identite else rattacher(emetteur, sujet, email)
        if compte is None or not compte.is_active:
            raise SansCompte
        return compte

    def get_user(self, user_id):
        """A deactivated account is refused at its next request."""
        return Utilisateur.objects.filter(pk=user_id, is_active=True).first()


def est_texte(value) -> bool:
    """What a column of 255 characters holds in any database."""
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()


def rattacher(emetteur: str, sujet: str, email) -> Utilisateur | None:
    """First login by this provider: the address was invited, and is written the same but for the case."""
    if not est_texte(email):
        return None
    compte = (
        Utilisateur.objects.filter(email__iexact=email, is_active=True)
        .exclude(identites__emetteur=emetteur)
        .first()
    )
    # What a database holds for equal without case is wider than this (the dotless i).
    if compte is None or compte.email.lower() != email.lower():
        return None
    try:
        with transaction.atomic():
            IdentiteExterne.objects.create(utilisateur=compte, emetteur=emetteur, sujet=sujet)
    except IntegrityError:  # another login of the same person, or of somebody else, at this very moment
        raise Echec from None
    return compte
