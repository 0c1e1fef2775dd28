"""Which fiche a code is in a year, and on which day what hangs on it is read."""

import datetime

from ctg.models import Convention
from evaluation.models import Saisie
from fiches.models import FicheProjet

UN_JOUR = datetime.timedelta(days=1)


def fiche_de_la_saisie(convention: Convention, code: str, annee: int, *, today: datetime.date) -> int | None:
    """The fiche of that code that has an entry of the year; where none has, the one of the year, else today's."""
    fiches = FicheProjet.objects.filter(convention=convention, code=code)
    saisies = Saisie.objects.filter(campagne__convention=convention, campagne__annee=annee, fiche__in=fiches)
    if (saisie := saisies.order_by("-campagne__nature", "-pk").first()) is not None:
        return saisie.fiche_id
    de_l_annee = fiches.de_l_annee(annee).order_by("-date_effet", "-pk").values_list("pk", flat=True).first()
    return de_l_annee or fiches.en_vigueur(au=today).values_list("pk", flat=True).first()


def jour_de(fiche: FicheProjet, today: datetime.date) -> datetime.date:
    """Today, or the last day on which the fiche was in force: what hangs on it is read as of then."""
    return fiche.date_fin - UN_JOUR if fiche.date_fin and today >= fiche.date_fin else today
