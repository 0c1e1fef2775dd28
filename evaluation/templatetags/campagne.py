"""Dates limites in words, and the addresses of what one may do to an entry."""

from django import template
from django.urls import reverse

from evaluation.echeances import en_mots

register = template.Library()
register.filter("en_mots", en_mots)


@register.filter
def codes(actions) -> list[str]:
    return [code for code, _ in actions]


@register.simple_tag
def adresse_action(code: str, convention, annee: int, fiche) -> str:
    """`code`: one of `evaluation.transitions.SAISIE`."""
    return reverse(
        f"evaluation:saisie_{code}",
        kwargs={"convention": convention.slug, "annee": annee, "code": fiche.code},
    )


@register.filter
def en_liste(form) -> list:
    """One form where a component takes several."""
    return [form]
