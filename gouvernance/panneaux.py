"""Committees on the dashboard."""

from ctg.panneaux import Panneau, register


def _instances(request, convention):
    return {"instances": list(convention.instances_gouvernance.for_list())}


register(
    Panneau(
        "tableau_de_bord",
        "instances",
        "Instances et obligations",
        "gouvernance/_panneau_instances.html",
        _instances,
        40,
    )
)
