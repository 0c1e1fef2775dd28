"""The plan as documents."""

import datetime

from ctg.models import Convention
from ctg.renderers import render_pdf
from fiches.comparaison import Changement


def render_comparaison_pdf(
    convention: Convention, changements: tuple[Changement, ...], *, depuis: datetime.date, au: datetime.date
) -> bytes:
    """What changed of the plan between two days."""
    contexte = {"convention": convention, "changements": changements, "depuis": depuis, "au": au}
    return render_pdf("fiches/arbre_compare_pdf.html", contexte)
