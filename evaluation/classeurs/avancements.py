"""The progress of a fiche as cells: each field is compared, judged and written by itself."""

import copy
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from ctg.fusion import champ
from ctg.recherche import normalise
from evaluation.campagnes import AVANCEMENT
from evaluation.classeurs.feuilles import empreinte
from evaluation.forms import AvancementForm
from evaluation.grille import Grille, GroupeGrille
from evaluation.models import Avancement
from evaluation.verrous import Verrou, champs_ouverts, verrou_du_champ
from fiches.enums import StatutFiche
from fiches.models import FicheProjet


@dataclass(frozen=True, slots=True)
class CelluleAvancement:
    progression: "Progression"
    nom: str

    @property
    def actuel(self) -> str:
        """As a cell shows it."""
        bound = self.progression.form[self.nom]
        return champ(bound).affichage or ""

    def empreinte(self) -> str:
        return empreinte(self.actuel)

    def juger(self, texte: str) -> tuple[list[str], object]:
        """(faults, value to write) of what was typed."""
        if self.nom == "statut":
            mots = {normalise(str(label)): value for value, label in StatutFiche.choices}
            texte = mots.get(normalise(texte), texte)
        form = self.progression.form
        data = QueryDict(mutable=True)
        for bound in form:
            data.setlist(bound.html_name, list(champ(bound).brut))
        data[form[self.nom].html_name] = texte
        essai = AvancementForm(data, instance=copy.copy(form.instance), prefix=form.prefix)
        fautes = [faute for nom in (self.nom, "__all__") for faute in essai.errors.get(nom, ())]
        return fautes, None if fautes else essai.cleaned_data[self.nom]


class Progression:
    """The progress of a fiche that the person enters, as it is now."""

    NOMS = AVANCEMENT

    def __init__(self, groupe: GroupeGrille, avancement: Avancement | None):
        self.groupe, self.avancement = groupe, avancement
        instance = avancement or Avancement(fiche=groupe.fiche, annee=groupe.annee)
        self.form = AvancementForm(instance=instance, prefix=self.cle)

    @property
    def fiche(self) -> FicheProjet:
        return self.groupe.fiche

    @property
    def cle(self) -> str:
        return f"a{self.fiche.pk}"

    @property
    def auteur(self) -> str:
        par = self.avancement.saisie_par if self.avancement else None
        return str(par) if par else ""

    def cellule(self, nom: str) -> CelluleAvancement:
        return CelluleAvancement(self, nom)

    def libelle(self, nom: str) -> str:
        return f"{self.fiche.code}, {self.form[nom].label.lower()}"

    def montrer(self, nom: str):
        if nom == "taux_avancement":
            return self.form.instance.taux_avancement
        return self.cellule(nom).actuel

    @cached_property
    def _ouverts(self) -> frozenset[str] | None:
        return champs_ouverts(self.groupe.saisie)

    def verrou(self, nom: str) -> Verrou | None:
        return self.groupe.verrou or verrou_du_champ(nom, self._ouverts)


def progressions_de(grille: Grille, annee: int) -> list[Progression]:
    """Those of the fiches that the person enters whole."""
    groupes = [groupe for groupe in grille.groupes if groupe.peut_saisir]
    avancements = {
        avancement.fiche_id: avancement
        for avancement in Avancement.objects.filter(
            fiche__in=[groupe.fiche.pk for groupe in groupes], annee=annee
        ).select_related("saisie_par")
    }
    return [Progression(groupe, avancements.get(groupe.fiche.pk)) for groupe in groupes]
