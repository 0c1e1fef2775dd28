"""What the search finds of the committees."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from ctg.recherche_globale import Rubrique, Trouvaille, contient, register
from ctg.templatetags.affichage import date_longue
from gouvernance.acteurs import collect_acteurs
from gouvernance.models import Decision, InstanceGouvernance, Jalon, Reunion


def _decisions(user, convention, query):
    lues = Decision.objects.visible_to(user)
    trouvees = lues.filter(reunion__convention=convention).search(query)
    return trouvees.for_list(lues).order_by("-reunion__annee", "-reunion__rang", "-rang", "pk")


def _decision(decision, convention):
    return Trouvaille(Truncator(decision.texte).chars(160), decision.page, decision.numero)


def _liste_decisions(convention):
    return reverse("gouvernance:decisions", kwargs={"convention": convention.slug})


def _reunions(user, convention, query):
    reunions = Reunion.objects.visible_to(user).filter(convention=convention).for_list()
    return [
        r for r in reunions if contient([r.numero, r.intitule, r.instance_gouvernance.nom, r.lieu], query)
    ]


def _reunion(reunion, convention):
    titre = reunion.intitule or str(reunion.instance_gouvernance)
    return Trouvaille(titre, reunion.get_absolute_url(), reunion.numero, date_longue(reunion.date))


def _instances(user, convention, query):
    instances = InstanceGouvernance.objects.filter(convention=convention).order_by("ordre", "pk")
    return [i for i in instances if contient([i.nom, i.slug, i.get_type_instance_display()], query)]


def _instance(instance, convention):
    return Trouvaille(instance.nom, instance.get_absolute_url(), detail=instance.get_type_instance_display())


def _jalons(user, convention, query):
    jalons = Jalon.objects.visible_to(user).filter(convention=convention)
    jalons = jalons.select_related("convention", "quartier").order_by("-date_debut", "pk")
    return [j for j in jalons if contient([j.titre, j.lieu, j.note, str(j.quartier or "")], query)]


def _jalon(jalon, convention):
    quand = date_longue(jalon.date_debut)
    return Trouvaille(
        jalon.titre, jalon.page, detail=f"{quand}, {jalon.quartier}" if jalon.quartier else quand
    )


def _acteurs(user, convention, query):
    """Organismes and structures that take part this year."""
    acteurs = collect_acteurs(convention, timezone.localdate().year).acteurs
    return [acteur for acteur in acteurs if contient([acteur.nom], query)]


def _acteur(acteur, convention):
    url = reverse("acteurs:matrice", kwargs={"convention": convention.slug})
    return Trouvaille(acteur.nom, f"{url}?{urlencode({'q': acteur.nom})}", detail="ses fiches et ses sièges")


register(Rubrique("acteurs", "Acteurs", _acteurs, _acteur, 45))
register(Rubrique("decisions", "Décisions", _decisions, _decision, 50, _liste_decisions))
register(Rubrique("reunions", "Réunions", _reunions, _reunion, 48))
register(Rubrique("instances", "Instances", _instances, _instance, 55))
register(Rubrique("calendrier", "Calendrier", _jalons, _jalon, 57))
