"""The only authorisation door, for views, templates, services and the admin alike.

A predicate takes (user, object) and answers with an `Access`: a refusal carries the sentence that the
person reads where the button would have been.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ctg.enums import Role
from ctg.perimetres import AUCUN, droits


@dataclass(frozen=True, slots=True)
class Access:
    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Access(allowed=True)
_registry: dict[str, Callable] = {}


def denied(reason: str) -> Access:
    return Access(allowed=False, reason=reason)


def permission(code: str):
    def register(predicate):
        if code in _registry:
            raise ValueError(f"Permission déjà déclarée : {code}")
        _registry[code] = predicate
        return predicate

    return register


def codes() -> frozenset[str]:
    return frozenset(_registry)


def check(user, code: str, obj=None) -> Access:
    """An unknown code is a bug: KeyError."""
    predicate = _registry[code]
    if not (user.is_authenticated and user.is_active):
        return denied("Connectez-vous pour continuer.")
    return predicate(user, obj)


@permission("ctg.consulter")
def can_consulter(user, convention):
    if droits(user, convention.pk) is not AUCUN:
        return ALLOWED
    return denied("Vous n’avez pas de mandat dans cette convention. Demandez-en un au chargé de coopération.")


@permission("ctg.administrer")
def can_administrer(user, obj):
    if user.is_administrateur:
        return ALLOWED
    return denied("Réservé aux administrateurs de l’application.")


@permission("ctg.lire_chiffres")
def can_lire_chiffres(user, convention):
    """Live figures are the team's and the Caf's; the others read a version of the bilan, once it has the aval."""
    if droits(user, convention.pk).has(*Role.EQUIPE):
        return ALLOWED
    return denied(
        "Les chiffres de l’année se lisent dans le bilan, une fois que la Caf a donné son aval. "
        "Aucun bilan n’a encore reçu cet aval."
    )
