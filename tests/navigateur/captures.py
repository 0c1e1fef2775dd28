"""The pictures of the README and of the guide: `make captures` takes them of the demonstration, and nothing else runs this.

The name of the file keeps it out of `make test`.
"""

import io
from pathlib import Path

from django.conf import settings
from PIL import Image

DOSSIER = Path(settings.BASE_DIR) / "docs" / "captures"
LARGEUR, HAUTEUR, COULEURS = 1280, 860, 96
# (name, who looks, address, what is at the top of the picture)
CAPTURES = (
    ("tableau-de-bord", "cooperation", "", ""),
    ("arbre", "cooperation", "arbre/", ""),
    ("fiche", "cooperation", "fiches/PE-1/", ""),
    ("fiche-indicateurs", "cooperation", "fiches/PE-1/", "#etapes"),
    ("fiche-modifier", "cooperation", "fiches/PE-1/modifier/", ""),
    ("listes", "cooperation", "fiches/?statut=en_cours&tri=-etapes", ""),
    ("acteurs", "cooperation", "acteurs/", ""),
    ("grille", "petite-enfance", "evaluation/2026/saisie/", ""),
    ("annee", "cooperation", "evaluation/2025/", ""),
    ("bilan", "copil", "evaluation/2025/bilan/", ""),
    ("decisions", "cooperation", "gouvernance/decisions/", ""),
)


def test_captures(demonstration, entrer, page, site):
    DOSSIER.mkdir(exist_ok=True)
    # Hints are for readers of the application, not of its pictures.
    page.add_init_script("Storage.prototype.getItem = () => '1'")
    page.set_viewport_size({"width": LARGEUR, "height": HAUTEUR})
    for nom, qui, adresse, ancre in CAPTURES:
        page.context.clear_cookies()
        entrer(qui)
        page.goto(f"{site}/dijon-2024/{adresse}", wait_until="networkidle")
        if ancre:
            page.locator(ancre).evaluate("element => element.scrollIntoView({ behavior: 'instant' })")
        prise = Image.open(io.BytesIO(page.screenshot()))
        prise.convert("RGB").quantize(COULEURS).save(DOSSIER / f"{nom}.png", optimize=True)
