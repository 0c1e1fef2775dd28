"""Approving one text for the public, or taking it back."""

import datetime

from ctg.models import Convention
from evaluation.models import TextePublic
from fiches.models import FicheProjet


def approuver(
    *,
    convention: Convention,
    fiche: FicheProjet | None,
    annee: int,
    champ: str,
    texte: str,
    user,
    now: datetime.datetime,
) -> TextePublic:
    """Raises ValidationError."""
    cle = {"convention": convention, "fiche": fiche, "annee": annee, "champ": champ}
    public = TextePublic.objects.filter(**cle).first() or TextePublic(**cle)
    public.texte, public.approuve_par, public.date_approbation = texte, user, now
    public.full_clean()
    public.save()
    return public


def retirer(*, convention: Convention, fiche: FicheProjet | None, annee: int, champ: str) -> None:
    for public in TextePublic.objects.filter(convention=convention, fiche=fiche, annee=annee, champ=champ):
        public.delete()
