"""Values, gaps and charts of indicators in templates."""

from django import template

from evaluation.ecriture import couper, ecrire_part, ecrire_valeur
from evaluation.graphiques import courbe

register = template.Library()
register.filter("couper", couper)


@register.filter
def valeur(mesure, indicateur) -> str:
    return ecrire_valeur(mesure, indicateur)


@register.filter
def part(part_, indicateur) -> str:
    return ecrire_part(part_, indicateur)


@register.inclusion_tag("evaluation/_courbe.svg")
def graphique(indicateur):
    """The years of an indicator against its targets, as an SVG with its words."""
    return {"courbe": courbe(indicateur)}
