"""What must be seen without scrolling sideways."""

import os

from django.utils import timezone

from ctg.models import Commentaire, Utilisateur
from evaluation.models import Avancement, Mesure
from fiches.models import FicheProjet

LONG = "é" * 10_000
DEPASSEMENT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CACHES = "[...document.querySelectorAll('.defile')].filter(d => d.scrollWidth > d.clientWidth + 1).length"
TABLEAU = "/dijon-2024/evaluation/2025/tableau/"
FICHE = "/dijon-2024/fiches/PE-1/"


def commenter_longuement():
    fiche, auteur = FicheProjet.objects.get(code="PE-1"), Utilisateur.objects.first()
    Commentaire.objects.create(
        convention=fiche.convention, objet=fiche, texte=LONG, auteur=auteur, created_at=timezone.now()
    )


def test_long_words_and_comments_are_seen_whole(page, site):
    page.goto(f"{site}/compte/connexion/")
    page.get_by_role("button", name="Entrer avec cooperation@demo.invalid").click()
    page.wait_for_url("**/dijon-2024/")
    mesures = {}
    for moment in ("avant", "long"):
        for url in (TABLEAU, FICHE):
            for width in (1280, 360):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(site + url)
                mesures[moment, url, width] = page.evaluate(DEPASSEMENT), page.evaluate(CACHES)
                if os.environ.get("SHOTS"):
                    page.screenshot(
                        path=f"{os.environ['SHOTS']}/{moment}-{width}-{url.split('/')[-2]}.png",
                        full_page=moment == "avant",
                    )
        Avancement.objects.filter(fiche__code="PE-1", annee=2025).update(realisations=LONG, difficultes=LONG)
        Mesure.objects.filter(indicateur__code="PE-1-01", annee=2025).update(commentaire=LONG)
        commenter_longuement()
        FicheProjet.objects.filter(code="PE-1").update(constat=LONG, intitule="é" * 300)

    assert {cas: mesure for cas, mesure in mesures.items() if mesure != (0, 0)} == {}
