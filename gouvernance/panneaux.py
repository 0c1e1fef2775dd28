"""Committees and their decisions on the dashboard: those that are late come first."""

from django.utils import timezone

from ctg.panneaux import Panneau, register
from gouvernance.models import Decision
from gouvernance.obligations import collect_obligations

NB_DECISIONS = 5


def _instances(request, convention):
    today = timezone.localdate()
    instances = list(convention.instances_gouvernance.for_list(au=today))
    obligations = collect_obligations(convention, instances, au=today)
    return {"lignes": [(instance, obligations[instance.pk][today.year]) for instance in instances]}


def _decisions(request, convention):
    today = timezone.localdate()
    lues = Decision.objects.visible_to(request.user)
    decisions = lues.filter(reunion__convention=convention)
    en_retard = decisions.en_retard(au=today, parmi=lues)
    dernieres = decisions.for_list(lues).order_by("-reunion__date", "-reunion__rang", "-rang")[:NB_DECISIONS]
    return {
        "nb_en_retard": en_retard.count(),
        "en_retard": list(en_retard.for_list(lues).order_by("echeance", "pk")[:NB_DECISIONS]),
        "lignes": [decision for decision in dernieres if not decision.is_en_retard(today)],
    }


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
