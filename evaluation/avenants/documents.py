"""The annexes of an avenant, printed."""

import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from ctg.models import DONNEES_DEMONSTRATION
from ctg.renderers import html_en_pdf
from evaluation.avenants.contenu import ContenuAvenant
from evaluation.avenants.enums import EtatProjet
from evaluation.models import ProjetAvenant

PROJET = "PROJET — NON SIGNÉ"


def nom_de_fichier(projet: ProjetAvenant) -> str:
    return f"avenant-{projet.numero}-annexes-{slugify(projet.convention.slug)}.pdf"


def marque(projet: ProjetAvenant) -> str:
    """What every page says at its head."""
    demonstration = projet.is_demonstration or projet.convention.is_demonstration
    non_signe = projet.statut not in {EtatProjet.SIGNE, EtatProjet.APPLIQUE}
    return " · ".join([DONNEES_DEMONSTRATION] * demonstration + [PROJET] * non_signe)


def render_annexes(projet: ProjetAvenant, contenu: ContenuAvenant, *, now: datetime.datetime) -> bytes:
    context = {
        "titre": f"Avenant n° {contenu.numero} : annexes",
        "projet": projet,
        "contenu": contenu,
        "marque": marque(projet),
        "jour": timezone.localdate(now),
    }
    return html_en_pdf(render_to_string("evaluation/avenants/annexes_pdf.html", context))
