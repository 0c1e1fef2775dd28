"""What the page of the grid shows of a line: its controls, what became of each cell, what was typed and not taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from ctg.fusion import champ
from evaluation.cellules import Cellule, Issue, Retour, cellules
from evaluation.grille import LigneGrille, PartGrille

RIEN = Retour(Issue.INCHANGEE)


@dataclass
class CelluleAffichee:
    cellule: Cellule
    vu: str
    retour: Retour
    a_enregistrer: bool = False  # it shows what is not saved

    @property
    def cle(self) -> str:
        return self.cellule.cle

    @property
    def champs(self) -> dict[str, forms.BoundField]:
        return {bound.name: bound for bound in self.cellule.champs}

    @property
    def prefixe(self) -> str:
        return self.cellule.form.prefix


@dataclass
class PartAffichee:
    part: PartGrille
    saisie: CelluleAffichee


@dataclass
class LigneAffichee:
    ligne: LigneGrille
    cellules: dict[str, CelluleAffichee] = field(default_factory=dict)
    parts: list[PartAffichee] = field(default_factory=list)

    @property
    def est_depliee(self) -> bool:
        """Whether the controls that are folded hold something, or have a fault to show."""
        form = self.cellules["valeur"].cellule.form
        return any(form[nom].value() or form[nom].errors for nom in ("sans_objet", "motif"))


def afficher(
    ligne: LigneGrille,
    *,
    data: QueryDict | None = None,
    retours: Mapping[str, Retour] | None = None,
    est_brouillon: bool = False,
) -> LigneAffichee:
    """`data`: what was sent. It is shown where it was not taken, and everywhere if it is a draft."""
    retours, affichee = retours or {}, LigneAffichee(ligne)
    toutes = cellules(ligne)
    gardees = {
        cellule.cle
        for cellule in toutes
        if retours.get(cellule.cle, RIEN).is_rejet or (est_brouillon and f"vu-{cellule.cle}" in data)
    }
    formulaires: dict[str, forms.Form] = {}
    for cellule in toutes:
        prefixe = cellule.form.prefix
        if prefixe not in formulaires:
            formulaires[prefixe] = _garder(cellule.form, toutes, gardees, data, retours)
        retour = retours.get(cellule.cle, RIEN)
        garde_vu = cellule.cle in gardees and (est_brouillon or retour.issue == Issue.CONFLIT)
        vu = data[f"vu-{cellule.cle}"] if garde_vu else cellule.empreinte()
        montree = CelluleAffichee(
            Cellule(cellule.objet, cellule.groupe, formulaires[prefixe]), vu, retour, cellule.cle in gardees
        )
        if isinstance(cellule.objet, PartGrille):
            affichee.parts.append(PartAffichee(cellule.objet, montree))
        else:
            affichee.cellules[cellule.groupe] = montree
    return affichee


def _garder(form: forms.Form, toutes, gardees, data, retours) -> forms.Form:
    """The form with what was typed in the cells that were not taken, and what is saved in the others."""
    siennes = [cellule for cellule in toutes if cellule.form is form]
    if not any(cellule.cle in gardees for cellule in siennes):
        return form
    compose, erreurs = QueryDict(mutable=True), ErrorDict()
    for cellule in siennes:
        source = data if cellule.cle in gardees else None
        for bound in cellule.champs:
            compose.setlist(bound.html_name, list(champ(bound, source).brut))
        for nom, phrases in retours.get(cellule.cle, RIEN).erreurs.items():
            erreurs[nom] = form.error_class(phrases)
    compose_form = form.avec(compose)
    compose_form._errors, compose_form.cleaned_data = erreurs, {}
    return compose_form
