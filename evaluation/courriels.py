"""The mail of a reminder: text first, the same in HTML; each line leads to the very field."""

import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from ctg.templatetags.affichage import pluriel
from evaluation.echeances import en_mots
from evaluation.enums import NatureCampagne, NatureRappel
from evaluation.models import Campagne, Rappel
from evaluation.suivi import Devoir

OBJETS = {
    NatureRappel.OUVERTURE: "La campagne de saisie {annee} est ouverte",
    NatureRappel.SOUMISE: "Une saisie {annee} est à valider",
    NatureRappel.RENVOYEE: "Une saisie {annee} vous est renvoyée",
    NatureRappel.ROUVERTE: "Une saisie {annee} est rouverte",
}


def composer(
    rappel: Rappel, campagne: Campagne, devoirs: list[Devoir], *, today: datetime.date
) -> EmailMultiAlternatives:
    a_saisir = [devoir for devoir in devoirs if devoir.nature != "valider"]
    a_valider = [devoir for devoir in devoirs if devoir.nature == "valider"]
    context = {
        "rappel": rappel,
        "campagne": campagne,
        "annee": campagne.annee,
        "convention": campagne.convention,
        "a_saisir": a_saisir,
        "a_valider": a_valider,
        "today": today,
        "adresse": settings.ADRESSE,
    }
    courriel = EmailMultiAlternatives(
        f"Pilotage CTG – {_objet(rappel, campagne, a_saisir, a_valider, today)}",
        render_to_string("evaluation/courriels/campagne.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [rappel.utilisateur.email],
    )
    courriel.attach_alternative(render_to_string("evaluation/courriels/campagne.html", context), "text/html")
    return courriel


def _objet(rappel, campagne, a_saisir, a_valider, today) -> str:
    if rappel.nature == NatureRappel.OUVERTURE and campagne.nature == NatureCampagne.CORRECTION:
        return f"Une correction de la saisie {campagne.annee} vous est demandée"
    if objet := OBJETS.get(rappel.nature):
        return objet.format(annee=campagne.annee)
    if not a_saisir:
        nb = len(a_valider)
        return f"{nb} saisie{pluriel(nb)} {campagne.annee} à valider"
    nb = len(a_saisir)
    return f"{nb} fiche{pluriel(nb)} à saisir pour {campagne.annee}, {en_mots(campagne.date_limite, today)}"
