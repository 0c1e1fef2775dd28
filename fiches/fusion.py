"""Two people on one fiche."""

import re
from functools import cached_property

from django.http import QueryDict

from ctg.fusion_formulaire import FusionFormulaire, Partie
from ctg.jetons import Jeton, lire_jeton
from fiches.forms import FicheForm, parties
from fiches.models import Etape, FicheProjet, Implication, Moyen
from fiches.succession import REPERES


class FusionFiche(FusionFormulaire):
    lien = "fiche"
    parties = {
        "etapes": Partie(Etape, "Étape", ("intitule",)),
        "moyens": Partie(Moyen, "Moyen", ("signataire", "annee", "nature")),
        "implications": Partie(Implication, "Acteur", ("organisme", "structure", "role")),
    }

    def __init__(self, fiche: FicheProjet, *, lit_notes: bool, ouvert_sur: FicheProjet | None = None):
        super().__init__(fiche, ouvert_sur=ouvert_sur)
        self.lit_notes = lit_notes

    @classmethod
    def lire(
        cls, fiche: FicheProjet, data: QueryDict, *, lit_notes: bool
    ) -> tuple["FusionFiche", Jeton | None]:
        """With the token of the form: of the fiche, or of one that it succeeded while somebody was typing."""
        for membre in fiche.lignee():
            if (jeton := lire_jeton(data.get("version", ""), membre)) is not None:
                return cls(fiche, lit_notes=lit_notes, ouvert_sur=membre), jeton
        return cls(fiche, lit_notes=lit_notes), None

    @cached_property
    def numeros(self) -> dict[str, dict[str, str]]:
        """{part: {row of the replaced fiche: the one of this fiche}}; empty where none was replaced."""
        if self.ouvert_sur == self.objet:
            return {}
        return {partie: self._numeros(dit.modele) for partie, dit in self.parties.items()}

    def _numeros(self, modele) -> dict[str, str]:
        reperes = REPERES[modele]
        siennes = {ligne[1:]: ligne[0] for ligne in self._reperees(modele, self.objet, reperes)}
        anciennes = self._reperees(modele, self.ouvert_sur, reperes)
        return {str(pk): str(siennes[tuple(dits)]) for pk, *dits in anciennes if tuple(dits) in siennes}

    @staticmethod
    def _reperees(modele, fiche: FicheProjet, reperes: tuple[str, ...]) -> list[tuple]:
        return list(modele.objects.filter(fiche=fiche).values_list("pk", *reperes))

    def numero_actuel(self, partie: str, pk: int) -> str:
        return self.numeros.get(partie, {}).get(str(pk), str(pk))

    def renommer(self, data: QueryDict) -> QueryDict:
        """The same form, whose rows are those of this fiche."""
        if not self.numeros:
            return data
        renomme = data.copy()
        for partie, numeros in self.numeros.items():
            for name in data:
                if re.fullmatch(rf"{partie}-\d+-id", name) and data[name] in numeros:
                    renomme[name] = numeros[data[name]]
        return renomme

    def copie(self) -> FicheProjet:
        return FicheProjet.objects.select_related("convention__territoire").get(pk=self.objet.pk)

    def formulaire(self, data: QueryDict | None = None, **autres) -> FicheForm:
        autres.setdefault("instance", self.copie())
        return FicheForm(data, lit_notes=self.lit_notes, **autres)

    def formsets(self, data: QueryDict | None = None) -> dict:
        return parties(self.objet, data)
