"""A person who left, with traces everywhere, and what is still said of them."""

import datetime
import io
import re

from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

EMAIL = "zoe.martin@exemple.fr"
GRAPHIES = ("Zoé Martin", "ZOE MARTIN", "Martin Zoé", "zoé\u00a0martin", EMAIL.upper(), "Zoe\u0301 Martin")


def il_y_a_jours(jours):
    return timezone.localdate() - datetime.timedelta(days=jours)


def base() -> str:
    """All that the database holds, but the tables of the packages that hold no text of ours."""
    return "\n".join(
        str(value)
        for modele in apps.get_models(include_auto_created=True)
        for ligne in modele._base_manager.values_list()
        for value in ligne
    )


def nomme(texte):
    return re.findall(r"zo(?:é|e|e\u0301)\W+martin|martin\W+zo[ée]|zoe\.martin@", texte, re.IGNORECASE)


def commande(*args):
    sortie = io.StringIO()
    call_command("anonymiser", *args, stdout=sortie, stderr=sortie)
    assert nomme(sortie.getvalue()) == []  # a scheduled job writes to a log
    return sortie.getvalue()
