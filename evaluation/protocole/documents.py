"""A version of the protocole as PDF: from its frozen content, and the answers of the signataires."""

import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from ctg.renderers import html_en_pdf
from evaluation.models import Protocole
from evaluation.protocole.contenus import contenu_de
from evaluation.protocole.enums import StatutProtocole
from evaluation.protocole.reports import collect_approbations

MARQUES = {
    StatutProtocole.BROUILLON: "PROJET — NE PAS DIFFUSER",
    StatutProtocole.SOUMISE: "PROJET SOUMIS À L’APPROBATION",
    StatutProtocole.REFUSEE: "PROJET REFUSÉ",
    StatutProtocole.REMPLACEE: "VERSION REMPLACÉE",
}


def nom_de_fichier(protocole: Protocole) -> str:
    return f"protocole-{protocole.convention.slug}-v{protocole.version}.pdf"


def render_protocole(protocole: Protocole, *, now: datetime.datetime) -> bytes:
    return html_en_pdf(composer_protocole(protocole, now=now))


def composer_protocole(protocole: Protocole, *, now: datetime.datetime) -> str:
    contenu = contenu_de(protocole)
    context = {
        "protocole": protocole,
        "contenu": contenu,
        "approbations": collect_approbations(protocole, au=timezone.localdate(now)),
        "marque": MARQUES.get(protocole.statut, ""),
        "is_demonstration": contenu.is_demonstration or protocole.is_demonstration,
        "jour": timezone.localdate(now),
    }
    return render_to_string("evaluation/protocole/protocole_pdf.html", context)
