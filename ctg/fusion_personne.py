"""Two people on one person and their functions."""

from django.http import QueryDict

from ctg.forms import FonctionFormSet, PersonneForm
from ctg.fusion_formulaire import FusionParHistorique, Partie
from ctg.models import Fonction


class FusionPersonne(FusionParHistorique):
    lien = "personne"
    parties = {"fonctions": Partie(Fonction, "Fonction", ("intitule", "organisme"))}

    def formulaire(self, data: QueryDict | None = None, **autres) -> PersonneForm:
        autres.setdefault("instance", self.copie())
        return PersonneForm(data, **autres)

    def formsets(self, data: QueryDict | None = None) -> dict:
        return {"fonctions": FonctionFormSet(data, instance=self.objet, prefix="fonctions")}
