"""What the search finds of the committees."""

from django.urls import reverse
from django.utils.text import Truncator

from ctg.recherche_globale import Rubrique, Trouvaille, contient, register
from gouvernance.models import Decision, InstanceGouvernance


def _decisions(user, convention, query):
    decisions = Decision.objects.visible_to(user).filter(reunion__convention=convention)
    return decisions.search(query).for_list().order_by("-reunion__annee", "-reunion__rang", "-rang", "pk")


def _decision(decision, convention):
    return Trouvaille(Truncator(decision.texte).chars(160), decision.get_absolute_url(), decision.numero)


def _liste_decisions(convention):
    return reverse("gouvernance:decisions", kwargs={"convention": convention.slug})


def _instances(user, convention, query):
    instances = InstanceGouvernance.objects.filter(convention=convention).order_by("ordre", "pk")
    return [instance for instance in instances if contient([instance.nom], query)]


def _instance(instance, convention):
    return Trouvaille(instance.nom, instance.get_absolute_url(), detail=instance.get_type_instance_display())


register(Rubrique("decisions", "Décisions", _decisions, _decision, 50, _liste_decisions))
register(Rubrique("instances", "Instances", _instances, _instance, 55))
