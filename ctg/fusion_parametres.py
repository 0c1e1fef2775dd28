"""Two people on the settings of one convention."""

from django.http import QueryDict

from ctg.forms import NiveauFormSet, ParametresForm
from ctg.fusion_formulaire import FusionFormulaire, Partie
from ctg.jetons import Jeton
from ctg.models import Convention, NiveauArbre

DEUX_LOGOS = (
    "Le logo a été changé pendant que vous écriviez : regardez celui qui est enregistré, puis redonnez le vôtre "
    "s’il doit le remplacer."
)


class FusionParametres(FusionFormulaire):
    """The logo is no text to merge: `a_change_de_logo` says whether another took its place."""

    lien = "convention"
    hors = frozenset({"version", "logo"})
    parties = {"niveaux": Partie(NiveauArbre, "Niveau", ("rang", "singulier"))}

    def __init__(self, convention: Convention, *, user):
        super().__init__(convention)
        self.user = user

    def formulaire(self, data: QueryDict | None = None, **autres) -> ParametresForm:
        autres.setdefault("instance", self.copie())
        return ParametresForm(data, user=self.user, **autres)

    def formsets(self, data: QueryDict | None = None) -> dict:
        return {"niveaux": NiveauFormSet(data, instance=self.objet, prefix="niveaux")}

    def a_change_de_logo(self, jeton: Jeton | None) -> bool:
        if jeton is None:
            return True
        lignes = self.objet.historique.filter(history_date__lte=self._moment(jeton))
        ancien = lignes.order_by("-history_date", "-history_id").first()
        return ancien is None or str(ancien.logo) != self.objet.logo.name
