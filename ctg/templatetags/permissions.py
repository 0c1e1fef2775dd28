"""`{% can "fiches.modifier" fiche as droit %}`: the same door as the views, with its reason."""

from django import template

from ctg.permissions import check

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context, code, obj=None):
    return check(context["user"], code, obj)
