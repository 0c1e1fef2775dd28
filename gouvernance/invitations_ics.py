"""The invitation that calendars understand (RFC 5545, 5546): asked, changed, cancelled, always under one identifier."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from gouvernance.enums import NatureEnvoi
from gouvernance.models import EnvoiReunion, Reunion

DUREE_PAR_DEFAUT = 120  # minutes, where the meeting does not say how long it lasts


def uid(reunion: Reunion) -> str:
    """The same for ever: it is by it that a calendar knows what changes."""
    return f"reunion-{reunion.pk}@{urlsplit(settings.ADRESSE).hostname}"


def horaire(reunion: Reunion) -> tuple[datetime.datetime, datetime.datetime] | None:
    """Its two moments; None: its hour is not written."""
    if reunion.heure_debut is None:
        return None
    return _moments(reunion.date, reunion.heure_debut, reunion.duree)


def _moments(jour: datetime.date, heure: datetime.time, duree: int | None):
    debut = datetime.datetime.combine(jour, heure, tzinfo=timezone.get_default_timezone())
    return debut, debut + datetime.timedelta(minutes=duree or DUREE_PAR_DEFAUT)


def methode(envoi: EnvoiReunion) -> str:
    return "CANCEL" if envoi.nature == NatureEnvoi.ANNULATION else "REQUEST"


def composer_ics(envoi: EnvoiReunion, *, email: str, nom: str, now: datetime.datetime) -> bytes:
    """For one person. The hours are those that the message says, not those of the meeting today."""
    reunion, contenu = envoi.reunion, envoi.contenu
    event = Event()
    event.add("uid", uid(reunion))
    event.add("sequence", envoi.sequence)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add(
        "summary", f"{reunion.instance_gouvernance}" + (f" – {reunion.intitule}" if reunion.intitule else "")
    )
    jour = datetime.date.fromisoformat(contenu["date"])
    if contenu["heure_debut"]:
        debut, fin = _moments(jour, datetime.time.fromisoformat(contenu["heure_debut"]), contenu["duree"])
        event.add("dtstart", debut)
        event.add("dtend", fin)
    else:
        event.add("dtstart", jour)
        event.add("dtend", jour + datetime.timedelta(days=1))
    if contenu["lieu"]:
        event.add("location", contenu["lieu"])
    event.add(
        "description", "\n".join([*contenu["points"], f"{settings.ADRESSE}{reunion.get_absolute_url()}"])
    )
    event.add("url", f"{settings.ADRESSE}{reunion.get_absolute_url()}")
    event.add("status", "CANCELLED" if methode(envoi) == "CANCEL" else "CONFIRMED")
    organisateur = vCalAddress(f"mailto:{_adresse(settings.DEFAULT_FROM_EMAIL)}")
    organisateur.params["cn"] = vText(str(reunion.convention))
    event.add("organizer", organisateur)
    invite = vCalAddress(f"mailto:{email}")
    invite.params["cn"] = vText(nom)
    invite.params["role"] = vText("REQ-PARTICIPANT")
    event.add("attendee", invite, encode=0)
    calendrier = Calendar()
    calendrier.add("prodid", "-//Pilotage CTG//FR")
    calendrier.add("version", "2.0")
    calendrier.add("method", methode(envoi))
    calendrier.add_component(event)
    calendrier.add_missing_timezones()
    return calendrier.to_ical()


def _adresse(expediteur: str) -> str:
    """« Pilotage CTG <a@b> » → « a@b »."""
    return expediteur.rpartition("<")[2].rstrip(">")
