"""What came into the convention and what left it in a year: fiches and structures."""

import datetime

from ctg.models import Convention
from evaluation.bilan import Mouvement
from fiches.models import FicheProjet
from structures.models import Inscription

FICHE, STRUCTURE = "fiche", "structure"
ENTREE, SORTIE, AVENANT = "entrée", "sortie", "changée par avenant"


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
    avant, apres = (
        {
            inscription.structure_id: inscription
            for inscription in Inscription.objects.filter(convention=convention)
            .en_vigueur(au=datetime.date(lue, 12, 31))
            .for_list()
        }
        for lue in (annee - 1, annee)
    )
    return [
        *(
            Mouvement(STRUCTURE, ENTREE, f"annexe {i.annexe}", i.nom)
            for k, i in apres.items()
            if k not in avant
        ),
        *(
            Mouvement(STRUCTURE, SORTIE, f"annexe {i.annexe}", i.nom)
            for k, i in avant.items()
            if k not in apres
        ),
        *(
            Mouvement(STRUCTURE, AVENANT, f"annexe {i.annexe}", i.nom)
            for k, i in apres.items()
            if k in avant and avant[k].pk != i.pk
        ),
    ]
