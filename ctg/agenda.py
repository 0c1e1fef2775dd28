"""A person's agenda as an iCalendar feed, at a secret address: what they may read today, in all their conventions."""

import datetime
import hashlib
import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from icalendar import Calendar, Event, vDuration

from ctg.calendrier import DateCalendrier, collect_dates
from ctg.models import AdresseAgenda, Convention, Utilisateur

AVANT, APRES = datetime.timedelta(days=366), datetime.timedelta(days=731)
RELECTURE = datetime.timedelta(hours=6)  # how often an agenda is asked to come back


def _empreinte(secret: str) -> str:
    """The secret is drawn at random, 256 bits: nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def renouveler(user: Utilisateur, *, now: datetime.datetime) -> str:
    """A new secret, said this once; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    AdresseAgenda.objects.update_or_create(
        utilisateur=user, defaults={"empreinte": _empreinte(secret), "created_at": now}
    )
    return secret


def revoquer(user: Utilisateur) -> bool:
    """False: there was none."""
    return bool(AdresseAgenda.objects.filter(utilisateur=user).delete()[0])


def titulaire(secret: str) -> Utilisateur | None:
    """Whose address it is; nobody's where it was taken back, or where the account is closed."""
    adresses = AdresseAgenda.objects.filter(empreinte=_empreinte(secret), utilisateur__is_active=True)
    adresse = adresses.select_related("utilisateur").first()
    return adresse.utilisateur if adresse else None


def ecrire_agenda(user: Utilisateur, *, today: datetime.date) -> bytes:
    """The same dates give the same bytes: an agenda that comes back is told that nothing changed."""
    calendrier = Calendar()
    calendrier.add("prodid", "-//Pilotage CTG//FR")
    calendrier.add("version", "2.0")
    calendrier.add("x-wr-calname", "Pilotage CTG")
    calendrier.add("x-published-ttl", vDuration(RELECTURE))
    calendrier.add("refresh-interval", vDuration(RELECTURE), parameters={"value": "DURATION"})
    conventions = Convention.objects.visible_to(user).select_related("territoire").order_by("slug")
    for convention in conventions:
        for date in collect_dates(user, convention, debut=today - AVANT, fin=today + APRES):
            calendrier.add_component(_evenement(convention, date))
    return calendrier.to_ical()


def _evenement(convention: Convention, date: DateCalendrier) -> Event:
    evenement = Event()
    hote = urlsplit(settings.ADRESSE).hostname
    modification = date.modification or datetime.datetime.combine(date.debut, datetime.time(), datetime.UTC)
    evenement.add("uid", date.uid or f"{date.cle}.ctg-{convention.pk}@{hote}")
    evenement.add("dtstamp", modification.astimezone(datetime.UTC).replace(microsecond=0))
    evenement.add("summary", date.titre_entier)
    if date.horaire:
        for nom, moment in zip(("dtstart", "dtend"), date.horaire, strict=True):
            evenement.add(nom, moment.astimezone(datetime.UTC))
    else:
        evenement.add("dtstart", date.debut)
        evenement.add("dtend", date.fin + datetime.timedelta(days=1))  # the first day after
        evenement.add("transp", "TRANSPARENT")
    evenement.add("categories", [convention.intitule])
    if date.lieu:
        evenement.add("location", date.lieu)
    if date.note:
        evenement.add("description", date.note)
    if date.url:
        evenement.add("url", f"{settings.ADRESSE}{date.url}")
    return evenement
