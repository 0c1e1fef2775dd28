"""Committees and their decisions on the dashboard."""

from django.utils import timezone

from ctg.panneaux import Panneau, register
from gouvernance.models import Decision
from gouvernance.obligations import collect_obligations

NB_DECISIONS = 5


def _instances(request, convention):
    instances = list(convention.instances_gouvernance.for_list())
    today = timezone.localdate()
    obligations = collect_obligations(convention, instances, au=today)
    return {"lignes": [(instance, obligations[instance.pk][today.year]) for instance in instances]}


def _decisions(request, convention):
    today = timezone.localdate()
    decisions = Decision.objects.visible_to(request.user).filter(reunion__convention=convention)
    decisions = decisions.for_list().order_by("-reunion__date", "-reunion__rang", "-rang")[:NB_DECISIONS]
    return {"lignes": [(decision, decision.is_en_retard(today)) for decision in decisions]}


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
register(
    Panneau(
        "tableau_de_bord",
        "decisions",
        "Dernières décisions",
        "gouvernance/_panneau_decisions.html",
        _decisions,
        45,
    )
)
