"""What the search finds of the plan."""

from django.urls import reverse
from django.utils import timezone

from ctg.models import Quartier
from ctg.recherche_globale import Rubrique, Trouvaille, contient, register
from fiches.models import Etape, FicheProjet


def _fiches(user, convention, query):
    fiches = FicheProjet.objects.filter(convention=convention).search(query)
    return fiches.en_vigueur(au=timezone.localdate()).for_list()


def _fiche(fiche, convention):
    return Trouvaille(fiche.titre, fiche.get_absolute_url(), fiche.code, fiche.axe.intitule)


def _liste(convention):
    return reverse("fiches:list", kwargs={"convention": convention.slug})


def _etapes(user, convention, query):
    fiches = FicheProjet.objects.filter(convention=convention).en_vigueur(au=timezone.localdate())
    etapes = Etape.objects.filter(fiche__in=fiches).select_related("fiche__convention")
    return [
        e
        for e in etapes.order_by("fiche__axe__ordre", "fiche__numero", "ordre", "pk")
        if contient([e.intitule], query)
    ]


def _etape(etape, convention):
    return Trouvaille(etape.intitule, f"{etape.fiche.get_absolute_url()}#etapes", etape.fiche.code)


def _demarches(user, convention, query):
    demarches = convention.demarches.order_by("ordre", "pk")
    return [d for d in demarches if contient([d.nom, d.description], query)]


def _demarche(demarche, convention):
    return Trouvaille(demarche.nom, f"{_liste(convention)}?demarche={demarche.pk}", detail="ses fiches")


def _quartiers(user, convention, query):
    quartiers = Quartier.objects.filter(decoupage__territoire=convention.territoire_id)
    quartiers = quartiers.filter(decoupage__is_reference=True).order_by("nom", "pk")
    return [q for q in quartiers if contient([q.nom], query)]


def _quartier(quartier, convention):
    return Trouvaille(quartier.nom, f"{_liste(convention)}?quartier={quartier.pk}", detail="ses fiches")


register(Rubrique("etapes", "Étapes", _etapes, _etape, 25, permission="ctg.lire_chiffres"))
register(Rubrique("demarches", "Démarches", _demarches, _demarche, 65))
register(Rubrique("quartiers", "Quartiers", _quartiers, _quartier, 66))
register(Rubrique("fiches", "Fiches projet", _fiches, _fiche, 10, _liste))
