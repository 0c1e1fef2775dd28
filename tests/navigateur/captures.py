"""The pictures of the README and of the guide: `make captures` takes them of the demonstration, and nothing else runs this.

The name of the file keeps it out of `make test`.
"""

import io
from pathlib import Path

import pypdfium2
from django.conf import settings
from django.test import Client
from PIL import Image

from ctg.models import Utilisateur
from tests.conftest import COMPTES_PAR_NOM

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
    ("calendrier", "cooperation", "gouvernance/calendrier/?annee=2026", ""),
)
# (name, address, words of its page): the first page of the document that holds them all
PAGES = (
    ("document-couverture", "evaluation/2025/bilan/pdf/", "Convention territoriale globale"),
    ("document-synthese", "evaluation/2025/bilan/pdf/", "Météo Avancement moyen"),
    ("document-tableau", "evaluation/2025/bilan/pdf/", "récapitulatif Intitulé, Réalisations,"),
    ("document-fiche", "evaluation/2025/fiches/PE-1/pdf/", ""),
    ("document-coup-d-oeil", "evaluation/2025/coup-d-oeil/pdf/", ""),
    ("document-schema", "evaluation/2025/schema-petite-enfance/pdf/", ""),
)


def poser(prise: Image.Image, nom: str) -> None:
    prise.convert("RGB").quantize(COULEURS).save(DOSSIER / f"{nom}.png", optimize=True)


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
        poser(Image.open(io.BytesIO(page.screenshot())), nom)


def test_captures_of_the_documents(demonstration):
    client, octets = Client(), {}
    client.force_login(Utilisateur.objects.get(email=COMPTES_PAR_NOM["cooperation"]))
    for nom, adresse, mots in PAGES:
        if adresse not in octets:
            octets[adresse] = client.get(f"/dijon-2024/{adresse}").getvalue()
        pdf = pypdfium2.PdfDocument(octets[adresse])
        page = next(p for p in pdf if all(mot in p.get_textpage().get_text_bounded() for mot in mots.split()))
        poser(page.render(scale=1.4).to_pil(), nom)
