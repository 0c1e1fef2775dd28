from django import template

register = template.Library()


@register.simple_tag
def etat_de(fins, fiche):
    """What the year said of the fiche, or None. `fins`: fiches.etats.EtatsDeFin."""
    return fins.de(fiche)
