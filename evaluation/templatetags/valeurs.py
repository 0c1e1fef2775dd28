"""Values, gaps and charts of indicators in templates."""

from django import template

from evaluation.ecriture import couper, ecrire_part, ecrire_valeur
from evaluation.graphiques import courbe
from evaluation.veille.alertes import signe as avec_signe

register = template.Library()
register.filter("couper", couper)


@register.filter
def de(table: dict | None, cle: str):
    """What a table holds for a key, or None."""
    return table.get(cle) if table else None


COTE_A_COTE = 320  # characters of the texts of an indicator that stands beside another


@register.filter
def cote_a_cote(indicateurs) -> list[list]:
    """Two by two on a printed page, where each is short; what has parts, or much to say, alone on its width."""
    groupes: list[list] = []
    for ligne in indicateurs:
        lue = ligne.valeur
        textes = (ligne.intitule, ligne.definition, *((lue.commentaire, lue.motif) if lue else ()))
        est_court = not (lue and lue.parts) and sum(map(len, filter(None, textes))) <= COTE_A_COTE
        attend = groupes and len(groupes[-1]) == 1 and groupes[-1][0][1]
        if est_court and attend:
            groupes[-1].append((ligne, est_court))
        else:
            groupes.append([(ligne, est_court)])
    return [[ligne for ligne, _ in groupe] for groupe in groupes]


@register.filter
def valeur(mesure, indicateur) -> str:
    return ecrire_valeur(mesure, indicateur)


@register.filter
def part(part_, indicateur) -> str:
    return ecrire_part(part_, indicateur)


@register.inclusion_tag("evaluation/_courbe.svg")
def graphique(indicateur, annee=None):
    """The years of an indicator against its targets, as an SVG with its words; after `annee`, the years to come."""
    return {"courbe": courbe(indicateur, annee)}


@register.inclusion_tag("evaluation/_etincelle.svg")
def etincelle(dessin):
    """A sparkline: one of `evaluation.etincelles.petits_multiples`, or None."""
    return {"etincelle": dessin}


@register.filter
def signe(ecart) -> str:
    """« +12,3 », « −4,5 »."""
    return avec_signe(ecart)
