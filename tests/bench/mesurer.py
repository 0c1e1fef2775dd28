"""One size, in a process of its own: its memory is that of one report. Prints one line of JSON."""

import json
import resource
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from weasyprint import HTML  # noqa: E402

from ctg.models import Convention  # noqa: E402
from ctg.pdf import STATIC_BASE, StaticFetcher, write_pdf  # noqa: E402
from evaluation.documents import FORMATS, contexte  # noqa: E402
from evaluation.edition import Edition  # noqa: E402
from evaluation.reports import collect_bilan  # noqa: E402

ANNEE = 2025


def mesurer(dossier: Path) -> dict:
    """Seconds of each part, the first warmed up by a small document; the HTML is left in `dossier`."""
    convention = Convention.objects.get(slug="dijon-2024")
    write_pdf("<html lang='fr'><title>Un</title><body><p>Un</p></body></html>")
    collect_bilan(convention, ANNEE, now=timezone.now())
    temps, debut = {}, time.perf_counter()

    def noter(nom):
        nonlocal debut
        temps[nom] = time.perf_counter() - debut
        debut = time.perf_counter()

    with CaptureQueriesContext(connection) as requetes:
        edition = Edition(collect_bilan(convention, ANNEE, now=timezone.now()))
    noter("collecte")
    html = render_to_string("evaluation/bilan_pdf.html", contexte(edition))
    noter("gabarit")
    pdf = write_pdf(html)
    noter("pdf")
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    HTML(string=html, base_url=STATIC_BASE, url_fetcher=StaticFetcher()).write_pdf()
    noter("moteur")
    FORMATS["xlsx"].render(edition)
    noter("xlsx")
    (dossier / "bilan.html").write_text(html)
    (dossier / "bilan.pdf").write_bytes(pdf)
    return temps | {
        "fiches": len(edition.contenu.fiches),
        "requetes": len(requetes),
        "memoire": memoire,
        "octets": len(pdf),
    }


if __name__ == "__main__":
    print(json.dumps(mesurer(Path(sys.argv[1]))))
