"""Drafts of forms, kept on the server while one types, and forms that were already received."""

import datetime
import uuid

from django.db import transaction
from django.http import QueryDict

from ctg.envois import TECHNIQUES, Numero, empreinte, lire_envoi, lire_jeton_envoi
from ctg.models import Brouillon, Envoi, Utilisateur
from ctg.onglets import reunir

TAILLE_MAX = 1_000_000  # characters of one draft, far above any form of ours
# What comes without a session is bounded in number for each account, and in time until the account comes back.
HORS_SESSION_MAX, HORS_SESSION_DUREE = 20, datetime.timedelta(days=7)
SANS_NUMERO = uuid.UUID(int=0)


@transaction.atomic
def garder(
    user, adresse: str, data: QueryDict, *, now: datetime.datetime, is_hors_session: bool = False
) -> bool:
    """Keep what was typed; false when it is too large, or when that very form has been saved meanwhile.

    The draft of a page takes the place of those that the page gave back: it holds them.
    """
    donnees = {name: data.getlist(name) for name in data if name not in TECHNIQUES}
    if sum(len(value) for values in donnees.values() for value in values) > TAILLE_MAX:
        return False
    envoi = data.get("envoi", "")
    if est_recu(envoi, data if is_hors_session else None):
        return False
    numero = _numero(envoi, user, adresse)
    jeton = numero.jeton if numero else SANS_NUMERO
    # A page without script does not say what changed: all that it sends counts.
    dits = data["modifies"].split() if "modifies" in data else list(donnees)
    modifies = {nom: age for nom, _, age in (dit.partition("@") for dit in dits)}
    gardes = Brouillon.objects.filter(utilisateur=user, adresse=adresse)
    if not modifies and not gardes.filter(jeton=jeton).exists():
        return True
    repris = _repris(gardes, numero)
    quand = {nom: _il_y_a(age, now) for nom, age in modifies.items()}
    for avant in gardes.filter(jeton=jeton) | repris:
        for name, moment in avant.modifies.items():
            # What is as it was then was not typed now: it does not stand over what another tab wrote meanwhile.
            if not modifies.get(name):
                meme = avant.donnees.get(name) == donnees.get(name)
                quand[name] = moment if meme else now.isoformat()
    valeurs = {"donnees": donnees, "modifies": dict(sorted(quand.items())), "updated_at": now}
    Brouillon.objects.update_or_create(
        utilisateur=user,
        adresse=adresse,
        jeton=jeton,
        defaults=valeurs,
        create_defaults=valeurs | {"is_hors_session": is_hors_session},
    )
    repris.exclude(jeton=jeton).delete()
    return True


def _il_y_a(age: str, now: datetime.datetime) -> str:
    """When a field was typed: the page says how many milliseconds ago; one that does not say means now."""
    connu = age.isdecimal() and len(age) < 12
    return (now - datetime.timedelta(milliseconds=int(age) if connu else 0)).isoformat()


def _numero(envoi: str, user, adresse: str) -> Numero | None:
    numero = lire_envoi(envoi)
    return numero if numero and (numero.utilisateur, numero.adresse) == (user.pk, adresse) else None


def _repris(gardes, numero: Numero | None):
    """The drafts that the page gave back, as long as their own page has not gone on since."""
    if numero is None:
        return gardes.none()
    return gardes.filter(pk__in=numero.reprend, updated_at__lte=numero.moment)


def lire(user, adresse: str) -> Brouillon | None:
    """The drafts of all the pages of that form put together: not a row, and `remplaces` are the texts left over."""
    gardes = list(Brouillon.objects.filter(utilisateur=user, adresse=adresse).order_by("updated_at", "pk"))
    if not gardes:
        return None
    for garde in gardes:
        if garde.is_hors_session:  # its author came back: it is a draft like the others
            garde.is_hors_session = False
            garde.save(update_fields=["is_hors_session"])
    donnees, remplaces = reunir([(garde.donnees, garde.modifies) for garde in gardes])
    reuni = Brouillon(utilisateur=user, adresse=adresse, donnees=donnees, updated_at=gardes[-1].updated_at)
    reuni.modifies = {name: quand for garde in gardes for name, quand in garde.modifies.items()}
    reuni.reprend, reuni.remplaces = [garde.pk for garde in gardes], remplaces
    return reuni


def existe(user, adresse: str) -> bool:
    return Brouillon.objects.filter(utilisateur=user, adresse=adresse).exists()


def en_formulaire(brouillon: Brouillon) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in brouillon.donnees.items():
        data.setlist(name, values)
    return data


def oublier(user, adresse: str, envoi: str = "") -> None:
    """Forget the draft of that page and those that it gave back; of a page without number, all of them."""
    gardes = Brouillon.objects.filter(utilisateur=user, adresse=adresse)
    if numero := _numero(envoi, user, adresse):
        gardes = gardes.filter(jeton=numero.jeton) | _repris(gardes, numero)
    gardes.delete()


def recueillir(envoi: str, adresse: str, data: QueryDict, *, now: datetime.datetime) -> bool | None:
    """A form that comes without its session becomes a draft of the account that it was shown to.

    None: it does not prove whose it is. False: it could not be kept. A page of another site cannot know the number.
    """
    numero = lire_envoi(envoi)
    if numero is None or numero.adresse != adresse or numero.moment < now - HORS_SESSION_DUREE:
        return None
    user = Utilisateur.objects.filter(pk=numero.utilisateur, is_active=True).first()
    if user is None:
        return None
    recus = Brouillon.objects.filter(is_hors_session=True)
    recus.filter(updated_at__lt=now - HORS_SESSION_DUREE).delete()
    if recus.filter(utilisateur=user).exclude(jeton=numero.jeton).count() >= HORS_SESSION_MAX:
        return False
    return garder(user, adresse, data, now=now, is_hors_session=True)


def est_recu(envoi: str, data: QueryDict | None = None) -> bool:
    """Whether that form was received; with `data`, whether it was received with that very content."""
    if (jeton := lire_jeton_envoi(envoi)) is None:
        return False
    recus = Envoi.objects.filter(jeton=jeton)
    return (recus if data is None else recus.filter(empreinte=empreinte(data))).exists()


def recevoir(envoi: str, *, now: datetime.datetime, data: QueryDict | None = None) -> bool:
    """Mark a form as received, in the transaction that saves it; false if it was already."""
    if (jeton := lire_jeton_envoi(envoi)) is None:
        return True
    contenu = "" if data is None else empreinte(data)
    recu, created = Envoi.objects.get_or_create(
        jeton=jeton, defaults={"created_at": now, "empreinte": contenu}
    )
    if not created and contenu and recu.empreinte != contenu:  # the same page, typed in again
        recu.empreinte = contenu
        recu.save(update_fields=["empreinte"])
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
