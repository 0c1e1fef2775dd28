"""The PDF of a review, for the COPIL."""

import datetime

from django.utils import timezone

from ctg.renderers import render_pdf
from evaluation.mi_parcours.reports import collect_revue
from evaluation.models import RevueMiParcours

TRAVAIL = "DOCUMENT DE TRAVAIL — REVUE EN PRÉPARATION"


def render_revue_pdf(revue: RevueMiParcours, *, now: datetime.datetime) -> bytes:
    """The same bytes of figures for every reader: those that the COPIL may read."""
    _, date, precision = revue.convention.dates[-1]
    context = {
        "lue": collect_revue(revue, now=now),
        "revue": revue,
        "convention": revue.convention,
        "date": date,
        "precision": precision,
        "jour": timezone.localdate(now),
        "marque": TRAVAIL if revue.is_en_preparation else "",
    }
    return render_pdf("evaluation/mi_parcours/revue_pdf.html", context)
