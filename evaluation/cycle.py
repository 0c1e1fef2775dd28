"""Where the year stands: the steps of annexes 4 and 5, from the opening of its campaign to the publication."""

import datetime

from ctg.models import Convention
from ctg.permissions import check
from evaluation.echeances import en_mots
from evaluation.enums import NatureCampagne, StatutBilan, StatutCampagne
from evaluation.lecture_bilan import versions_lisibles
from evaluation.models import Bilan, Campagne
from evaluation.parcours_bilan import Jalon, jalons

A_VENIR = ("Figé", "Débat", "Transmis pour aval", "Aval", "COPIL", "Publié")


def annee_du_cycle(convention: Convention) -> Campagne | None:
    """The campaign of the earliest year that is not published yet; else of the latest year."""
    publiees = Bilan.objects.filter(convention=convention, statut=StatutBilan.PUBLIEE).values("annee")
    campagnes = Campagne.objects.filter(convention=convention, nature=NatureCampagne.ANNUELLE)
    en_cours = campagnes.exclude(annee__in=publiees).order_by("annee").first()
    return en_cours or campagnes.order_by("-annee").first()


def jalons_de_la_campagne(campagne: Campagne, *, today: datetime.date) -> list[Jalon]:
    ouverte, close = campagne.statut == StatutCampagne.OUVERTE, campagne.statut == StatutCampagne.CLOSE
    en_retard = ouverte and campagne.date_limite < today
    return [
        Jalon("Campagne ouverte", "fait" if campagne.date_ouverture else "en cours", campagne.date_ouverture),
        Jalon(
            "Date limite",
            "fait" if close or en_retard else "en cours" if ouverte else "a venir",
            campagne.date_limite,
            en_mots(campagne.date_limite, today) if ouverte and not en_retard else "",
        ),
        Jalon(
            "Campagne close",
            "fait" if close else "en cours" if en_retard else "a venir",
            campagne.date_cloture,
        ),
    ]


def cycle(user, convention: Convention, *, today: datetime.date) -> tuple[int, list[Jalon]] | None:
    """(year, its steps in order), of a bilan as far as this person reads it; None before the first campaign."""
    campagne = annee_du_cycle(convention)
    if campagne is None:
        return None
    bilan = versions_lisibles(user, convention, campagne.annee).first()
    suite = [Jalon(nom, "a venir", None) for nom in A_VENIR]
    if bilan is not None:
        avec_motifs = bool(check(user, "evaluation.travailler_bilan", convention))
        connus = jalons(bilan, avec_motifs=avec_motifs)
        suite = [
            Jalon(nom, connu.etat, connu.date, connu.detail)
            for nom, connu in zip(A_VENIR, connus, strict=True)
        ]
    elif campagne.statut == StatutCampagne.CLOSE:
        suite[0] = Jalon(A_VENIR[0], "en cours", None)
    return campagne.annee, [*jalons_de_la_campagne(campagne, today=today), *suite]
