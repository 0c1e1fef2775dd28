"""Two people on one structure."""

from django.http import QueryDict

from ctg.fusion_formulaire import FusionParHistorique, Partie
from structures.forms import StructureForm, parties
from structures.models import Agrement, Contact, Structure


class FusionStructure(FusionParHistorique):
    lien = "structure"
    parties = {
        "agrements": Partie(Agrement, "Agrément", ("nature",)),
        "contacts": Partie(Contact, "Contact", ("fonction", "nom")),
    }

    def copie(self) -> Structure:
        return Structure.objects.select_related("territoire").get(pk=self.objet.pk)

    def formulaire(self, data: QueryDict | None = None, **autres) -> StructureForm:
        autres.setdefault("instance", self.copie())
        return StructureForm(data, **autres)

    def formsets(self, data: QueryDict | None = None) -> dict:
        return parties(self.objet, data)
