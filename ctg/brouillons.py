"""Drafts of forms, kept on the server while one types, and forms that were already received."""

import datetime
import uuid

from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from ctg.models import Brouillon, Envoi

TAILLE_MAX = 1_000_000  # characters of one draft, far above any form of ours
HORS_BROUILLON = frozenset({"csrfmiddlewaretoken", "brouillon", "abandonner", "password"})


def garder(user, adresse: str, data: QueryDict, *, now: datetime.datetime) -> bool:
    """Keep what was typed; false when it is too large, or when that very form has been saved meanwhile."""
    donnees = {name: data.getlist(name) for name in data if name not in HORS_BROUILLON}
    if sum(len(value) for values in donnees.values() for value in values) > TAILLE_MAX:
        return False
    if est_recu(data.get("envoi", "")):
        return False
    Brouillon.objects.update_or_create(
        utilisateur=user, adresse=adresse, defaults={"donnees": donnees, "updated_at": now}
    )
    return True


def lire(user, adresse: str) -> Brouillon | None:
    return Brouillon.objects.filter(utilisateur=user, adresse=adresse).first()


def en_formulaire(brouillon: Brouillon) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in brouillon.donnees.items():
        data.setlist(name, values)
    return data


def oublier(user, adresse: str) -> None:
    Brouillon.objects.filter(utilisateur=user, adresse=adresse).delete()


def garde_brouillon(adresse: str) -> bool:
    """Whether the page at this address keeps drafts."""
    try:
        view = resolve(adresse).func
    except Resolver404:
        return False
    return getattr(getattr(view, "view_class", None), "garde_brouillon", False)


def garder_avant_de_partir(request) -> None:
    """A form sent too late (session ended, page too old) is kept for the person's return."""
    if request.method == "POST" and request.user.is_authenticated and garde_brouillon(request.path_info):
        garder(request.user, request.path, request.POST, now=timezone.now())


def _uuid(jeton: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(jeton)
    except ValueError:
        return None


def est_recu(jeton: str) -> bool:
    return (cle := _uuid(jeton)) is not None and Envoi.objects.filter(jeton=cle).exists()


def recevoir(jeton: str, *, now: datetime.datetime) -> bool:
    """Mark a form as received, in the transaction that saves it; false if it was already."""
    if (cle := _uuid(jeton)) is None:
        return True
    _, created = Envoi.objects.get_or_create(jeton=cle, defaults={"created_at": now})
    return created


def sans_erreurs(*formulaires) -> None:
    """A draft is shown as it was left: nothing is said of its faults before it is sent."""
    for formulaire in formulaires:
        if hasattr(formulaire, "forms"):
            formulaire._errors = [{} for _ in formulaire.forms]
            formulaire._non_form_errors = formulaire.error_class()
            sans_erreurs(*formulaire.forms)
        else:
            formulaire._errors = {}
            formulaire.cleaned_data = {}
