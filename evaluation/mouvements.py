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
    """A fiche that an avenant succeeds bears the same code: it has neither come nor left."""
    de_la_convention = FicheProjet.objects.filter(convention=convention)
    avant = {fiche.code: fiche for fiche in de_la_convention.de_l_annee(annee - 1).order_by("code")}
    apres = {fiche.code: fiche for fiche in de_la_convention.de_l_annee(annee).order_by("code")}
    closes = {
        code
        for code, fiche in apres.items()
        if fiche.date_fin is not None and fiche.date_fin <= datetime.date(annee, 12, 31)
    }
    return [
        *(Mouvement(FICHE, ENTREE, c, f.titre) for c, f in apres.items() if c not in avant),
        *(Mouvement(FICHE, AVENANT, c, f.titre) for c, f in apres.items() if c in avant and avant[c] != f),
        *(
            Mouvement(FICHE, SORTIE, c, f.titre)
            for c, f in (avant | apres).items()
            if c not in apres or c in closes
        ),
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
