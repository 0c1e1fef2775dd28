"""What the search finds of the plan."""

from django.urls import reverse
from django.utils import timezone

from ctg.recherche_globale import Rubrique, Trouvaille, register
from fiches.models import FicheProjet


def _fiches(user, convention, query):
    fiches = FicheProjet.objects.filter(convention=convention).search(query)
    return fiches.en_vigueur(au=timezone.localdate()).for_list()


def _fiche(fiche, convention):
    return Trouvaille(fiche.titre, fiche.get_absolute_url(), fiche.code, fiche.axe.intitule)


def _liste(convention):
    return reverse("fiches:list", kwargs={"convention": convention.slug})


register(Rubrique("fiches", "Fiches projet", _fiches, _fiche, 10, _liste))
