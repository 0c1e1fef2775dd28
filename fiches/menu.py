"""The plan in the menu."""

from django.urls import reverse

from ctg.panneaux import EntreeMenu, register_menu


def _url(name):
    return lambda convention, today: reverse(name, kwargs={"convention": convention.slug})


register_menu(EntreeMenu("Arbre à objectifs", "network", "arbre/", _url("fiches:arbre"), 10))
register_menu(EntreeMenu("Fiches projet", "files", "fiches/", _url("fiches:list"), 20))
register_menu(EntreeMenu("Démarches liées", "waypoints", "demarches/", _url("fiches:demarches"), 30))
register_menu(EntreeMenu("Moyens", "coins", "moyens/", _url("fiches:moyens"), 70, "ctg.lire_chiffres"))
