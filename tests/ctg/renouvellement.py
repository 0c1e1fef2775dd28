"""What the tests of the renewal open: a next convention, and what it takes over."""

import datetime

from ctg.models import Convention
from ctg.renouvellement.choix import Choix, collect_sections

OPTIONS = frozenset({"texte", "pilote", "acteurs", "etapes"})


def nouvelle(**champs):
    return Convention(
        **{
            "slug": "suite-2028",
            "intitule": "Convention 2028-2031",
            "date_debut": datetime.date(2028, 1, 1),
            "precision_debut": "annee",
        }
        | champs
    )


def tout(convention, **champs):
    """All that the page proposes beforehand."""
    sections = collect_sections(convention, None)
    lignes = {e.cle for s in sections for racine in s.elements for e in racine.tous() if e.is_coche}
    return Choix(**{"lignes": frozenset(lignes), "options": OPTIONS} | champs)


def peu(convention, **champs):
    """The first axe and two of its fiches, and nothing else."""
    fiches = convention.fiches.filter(code__in=["PE-1", "PE-2"], date_fin=None)
    axe = convention.axes.get(code="PE", date_fin=None)
    lignes = {f"axes:{axe.pk}", *(f"fiches:{fiche.pk}" for fiche in fiches)}
    return Choix(**{"lignes": frozenset(lignes)} | champs)


def sans(choix, *objets):
    cles = {f"{tableau}:{objet.pk}" for tableau, objet in objets}
    return Choix(choix.lignes - cles, choix.options, choix.mandats)
