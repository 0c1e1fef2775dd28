"""Two people on one fiche."""

from django.http import QueryDict

from ctg.fusion_formulaire import FusionFormulaire, Partie
from fiches.forms import FicheForm, parties
from fiches.models import Etape, FicheProjet, Implication, Moyen


class FusionFiche(FusionFormulaire):
    lien = "fiche"
    parties = {
        "etapes": Partie(Etape, "Étape", ("intitule",)),
        "moyens": Partie(Moyen, "Moyen", ("signataire", "annee", "nature")),
        "implications": Partie(Implication, "Acteur", ("organisme", "structure", "role")),
    }

    def __init__(self, fiche: FicheProjet, *, lit_notes: bool):
        super().__init__(fiche)
        self.lit_notes = lit_notes

    def copie(self) -> FicheProjet:
        return FicheProjet.objects.select_related("convention__territoire").get(pk=self.objet.pk)

    def formulaire(self, data: QueryDict | None = None, **autres) -> FicheForm:
        autres.setdefault("instance", self.copie())
        return FicheForm(data, lit_notes=self.lit_notes, **autres)

    def formsets(self, data: QueryDict | None = None) -> dict:
        return parties(self.objet, data)
