"""Two people on one person and their functions."""

import datetime

from django.http import QueryDict

from ctg.forms import FonctionFormSet, PersonneForm
from ctg.fusion_formulaire import FusionFormulaire, Partie
from ctg.jetons import Jeton
from ctg.models import Fonction


class FusionPersonne(FusionFormulaire):
    lien = "personne"
    parties = {"fonctions": Partie(Fonction, "Fonction", ("intitule", "organisme"))}

    def formulaire(self, data: QueryDict | None = None, **autres) -> PersonneForm:
        autres.setdefault("instance", self.copie())
        return PersonneForm(data, **autres)

    def formsets(self, data: QueryDict | None = None) -> dict:
        return {"fonctions": FonctionFormSet(data, instance=self.objet, prefix="fonctions")}

    def suivante(self, jeton: Jeton) -> datetime.datetime | None:
        """The version of a person counts the lines of history, theirs and their functions'."""
        toutes = (self.objet.historique.all(), *self.lignes_des_parties())
        dates = sorted(date for lignes in toutes for date in lignes.values_list("history_date", flat=True))
        return next(iter(dates[jeton.version :]), None)
