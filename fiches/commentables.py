"""A fiche projet is commented as a whole, or one of its texts; the internal notes are not."""

import datetime

from django.urls import reverse

from ctg.commentables import Commentable, register
from fiches.models import FicheProjet
from fiches.services import RESTAURABLES


def _champs(fiche: FicheProjet) -> dict[str, str]:
    textes = RESTAURABLES - {"notes_internes"}
    return {f.name: str(f.verbose_name) for f in FicheProjet._meta.concrete_fields if f.name in textes}


def _url(fiche: FicheProjet, au: datetime.date) -> str:
    """The page of its code; of a day when it was, or will be, in force if its code has none on that day."""
    url = reverse("fiches:detail", kwargs={"convention": fiche.convention.slug, "code": fiche.code})
    meme_code = FicheProjet.objects.filter(convention=fiche.convention_id, code=fiche.code)
    if meme_code.en_vigueur(au=au).exists():
        return url
    jour = fiche.date_fin - datetime.timedelta(days=1) if fiche.date_fin else fiche.date_effet
    return f"{url}?au={jour.isoformat()}"


register(
    Commentable(
        code="fiche",
        modele=FicheProjet,
        lire="fiches.consulter",
        modifier="fiches.modifier",
        nom=lambda fiche: f"la fiche {fiche.code}",
        url=_url,
        panneau="commentaires",
        champs=_champs,
    )
)
