"""What came into the convention and what left it in a year: fiches and structures."""

import datetime

from ctg.models import Convention
from evaluation.bilan import Mouvement
from fiches.models import FicheProjet
from structures.annexes import CHANGEE, ENTREE, SORTIE, comparer_annexes

FICHE, STRUCTURE = "fiche", "structure"
AVENANT = "changée par avenant"


def collect_mouvements(convention: Convention, annee: int) -> tuple[Mouvement, ...]:
    """Between the 31 Decembers; nothing in the first year of the convention. Four queries at most."""
    if annee - 1 not in convention.annees:
        return ()
    return (*_fiches(convention, annee), *_structures(convention, annee))


def _fiches(convention: Convention, annee: int) -> list[Mouvement]:
    premier, dernier = datetime.date(annee, 1, 1), datetime.date(annee, 12, 31)
    fiches = FicheProjet.objects.filter(convention=convention)
    avant = set(fiches.de_l_annee(annee - 1).exclude(date_fin__lte=premier).values_list("pk", flat=True))
    lues = list(fiches.de_l_annee(annee).order_by("code", "pk"))
    changees = set(
        fiches.remplacees().filter(date_fin__range=(premier, dernier)).values_list("code", flat=True)
    )
    return [
        *(Mouvement(FICHE, ENTREE, f.code, f.titre) for f in lues if f.pk not in avant),
        *(Mouvement(FICHE, AVENANT, f.code, f.titre) for f in lues if f.pk in avant and f.code in changees),
        *(Mouvement(FICHE, SORTIE, f.code, f.titre) for f in lues if f.date_fin and f.date_fin <= dernier),
    ]


def _structures(convention: Convention, annee: int) -> list[Mouvement]:
    depuis, au = datetime.date(annee - 1, 12, 31), datetime.date(annee, 12, 31)
    return [
        Mouvement(STRUCTURE, AVENANT if c.quoi == CHANGEE else c.quoi, f"annexe {c.annexe}", c.nom)
        for c in comparer_annexes(convention, depuis=depuis, au=au)
    ]
