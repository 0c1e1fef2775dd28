"""Writing the grid: each cell is validated, compared with what is saved meanwhile, written or refused by itself.

A cell is one thing that a person enters (a value and its fraction or reason, its state, a comment, one part). Its name
is « i12-valeur » or « p34-valeur »; « vu-i12-valeur » names what the page showed, and says that the cell was sent.
"""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django import forms
from django.db import transaction
from django.http import QueryDict

from ctg.fusion import champ
from ctg.permissions import check
from evaluation.ecriture import ecrire_valeur
from evaluation.enums import EtatMesure, SituationMesure
from evaluation.formulaires_grille import LigneForm, PartForm
from evaluation.grille import GroupeGrille, LigneGrille, PartGrille, relire
from evaluation.services import Ecriture
from evaluation.ventilation import EcartDetail, ecart_detail
from evaluation.verrous import VerrouError
from fiches.models import FicheProjet

# {cell: controls that are validated, compared and written as one}.
GROUPES = {
    "valeur": ("valeur", "numerateur", "denominateur", "sans_objet", "motif"),
    "etat": ("etat",),
    "commentaire": ("commentaire",),
}
NOMS_DES_GROUPES = {"valeur": "valeur", "etat": "état", "commentaire": "commentaire"}
DE_LA_VALEUR = ("situation", "valeur", "valeur_texte", "numerateur", "denominateur", "motif")


class Issue(StrEnum):
    INCHANGEE = "inchangee"
    ENREGISTREE = "enregistree"
    REFUSEE = "refusee"
    CONFLIT = "conflit"
    VERROUILLEE = "verrouillee"


@dataclass(frozen=True, slots=True)
class Retour:
    """What became of a cell. `mien`: what was typed; `leur`, `auteur`, `empreinte`: what is saved.

    `erreurs`: {control: sentences}.
    """

    issue: Issue
    mien: str = ""
    erreurs: Mapping[str, list[str]] = field(default_factory=dict)
    leur: str = ""
    auteur: str = ""
    empreinte: str = ""
    raison: str = ""

    @property
    def is_rejet(self) -> bool:
        return self.issue not in {Issue.INCHANGEE, Issue.ENREGISTREE}

    @property
    def phrases(self) -> list[str]:
        if self.issue == Issue.CONFLIT:
            return [f"{self.auteur or 'Une autre personne'} a enregistré « {self.leur} » pendant ce temps."]
        return [self.raison] if self.raison else [e for erreurs in self.erreurs.values() for e in erreurs]


@dataclass(frozen=True)
class Cellule:
    """`form` shows what is saved; `objet`: the line, or one of its parts."""

    objet: LigneGrille | PartGrille
    groupe: str
    form: forms.Form

    @property
    def cle(self) -> str:
        return f"{self.form.prefix}-{self.groupe}"

    @property
    def champs(self) -> list[forms.BoundField]:
        return [self.form[nom] for nom in GROUPES[self.groupe] if nom in self.form.fields]

    def empreinte(self, data: QueryDict | None = None) -> str:
        """Names what is saved, or what `data` holds."""
        canoniques = [champ(bound, data).canonique for bound in self.champs]
        return hashlib.sha256(repr(canoniques).encode()).hexdigest()[:16]

    def valeurs(self) -> dict[str, str | bool]:
        """{control: what the browser shows for what is saved}."""
        return {
            bound.html_name: bool(bound.value())
            if isinstance(bound.field, forms.BooleanField)
            else next(iter(champ(bound).brut), "")
            for bound in self.champs
        }

    def en_mots(self, data: QueryDict) -> str:
        """What was typed, as it was typed."""
        ecrits = {bound.name: champ(bound, data) for bound in self.champs}
        dits = {nom: e.affichage for nom, e in ecrits.items() if e.canonique}
        if {"numerateur", "denominateur"} <= dits.keys():
            dits["numerateur"] += f" sur {dits.pop('denominateur')}"
        return ", ".join(dits.values()) or "(vide)"

    def enregistre_en_mots(self) -> str:
        if isinstance(self.objet, LigneGrille) and self.groupe == "valeur":
            vue = self.objet.vue
            motif = self.form["motif"].value()
            return ecrire_valeur(vue.valeur, vue) + (f" ({motif})" if motif else "")
        return champ(self.champs[0]).affichage or "(vide)"

    def auteur(self) -> str:
        ligne = self.objet if isinstance(self.objet, LigneGrille) else self.objet.ligne
        source = ligne.mesure()
        if source and isinstance(self.objet, PartGrille):
            parts = source.parts.all()
            source = next((p for p in parts if p.modalite_id == self.objet.modalite.pk), None)
        return str(source.saisie_par) if source and source.saisie_par else ""


def cellules(ligne: LigneGrille) -> list[Cellule]:
    """Those that the person may enter in that line."""
    toutes = []
    if ligne.peut_saisir:
        form = LigneForm(ligne)
        toutes = [Cellule(ligne, groupe, form) for groupe in GROUPES]
    return toutes + [Cellule(part, "valeur", PartForm(part)) for part in ligne.parts]


def recues(ligne: LigneGrille, data: QueryDict) -> list[Cellule]:
    """The cells of a line that were sent and that differ from what the page showed."""
    return [
        cellule
        for cellule in cellules(ligne)
        if f"vu-{cellule.cle}" in data and data[f"vu-{cellule.cle}"] != cellule.empreinte(data)
    ]


def noms_recus(data: QueryDict) -> set[str]:
    """{« i12 », « p34 »}: the lines and parts whose cells were sent."""
    return {nom.removeprefix("vu-").rpartition("-")[0] for nom in data if nom.startswith("vu-")}


@transaction.atomic
def enregistrer(
    groupe: GroupeGrille, lignes: list[LigneGrille], data: QueryDict, *, user, now: datetime.datetime
) -> dict[str, Retour]:
    """{cell: what became of it}, of those of a fiche that were sent. The lines then hold what is saved."""
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=groupe.fiche.pk)
    try:
        parts_seules = not check(user, "evaluation.saisir", fiche)
        ecriture = Ecriture(fiche, groupe.annee, user=user, now=now, parts_seules=parts_seules)
    except VerrouError as verrou:
        return {
            cellule.cle: Retour(Issue.VERROUILLEE, cellule.en_mots(data), raison=str(verrou))
            for ligne in lignes
            for cellule in recues(ligne, data)
        }
    relire(lignes, groupe.annee)
    retours: dict[str, Retour] = {}
    for ligne in lignes:
        retours |= _enregistrer_ligne(ecriture, ligne, data)
    relire(lignes, groupe.annee)
    return retours


def _enregistrer_ligne(ecriture: Ecriture, ligne: LigneGrille, data: QueryDict) -> dict[str, Retour]:
    retours, changements, parts = {}, {}, {}
    for cellule in recues(ligne, data):
        retour, form = _juger(cellule, data)
        if form is not None and isinstance(cellule.objet, PartGrille):
            parts[cellule.objet.modalite] = form.cleaned_data["valeur"]
        elif form is not None:
            changements |= _changements(cellule.groupe, form)
        retours[cellule.cle] = retour
    try:
        if changements:
            base = {} if ligne.mesure() else {"situation": SituationMesure.NON_RENSEIGNEE}
            ecriture.mesure(ligne.indicateur, base | changements, ligne.mesure())
        if parts:
            ecriture.parts(ligne.indicateur, parts)
    except VerrouError as verrou:
        return {
            cle: replace(retour, issue=Issue.VERROUILLEE, raison=str(verrou))
            if retour.issue == Issue.ENREGISTREE
            else retour
            for cle, retour in retours.items()
        }
    return retours


def _juger(cellule: Cellule, data: QueryDict) -> tuple[Retour, forms.Form | None]:
    """What is to become of a cell, and the valid form of what is to be written."""
    mienne, actuelle, mien = cellule.empreinte(data), cellule.empreinte(), cellule.en_mots(data)
    choix = data.get(f"choix-{cellule.cle}", "")
    if mienne == actuelle or choix == f"leur:{actuelle}":
        return Retour(Issue.INCHANGEE), None
    if data[f"vu-{cellule.cle}"] != actuelle and choix != f"mien:{actuelle}":
        leur = cellule.enregistre_en_mots()
        return Retour(Issue.CONFLIT, mien, leur=leur, auteur=cellule.auteur(), empreinte=actuelle), None
    form = cellule.form.avec(_isolee(cellule, data))
    noms = {*GROUPES[cellule.groupe], *(("confirmer",) if cellule.groupe == "valeur" else ())}
    if erreurs := {nom: list(form.errors[nom]) for nom in form.errors if nom in noms}:
        return Retour(Issue.REFUSEE, mien, erreurs), None
    return Retour(Issue.ENREGISTREE, mien), form


def _isolee(cellule: Cellule, data: QueryDict) -> QueryDict:
    """What was sent of that cell alone: the fault of a comment keeps no value out."""
    prefixe = cellule.form.prefix
    seule = QueryDict(mutable=True)
    seule[f"{prefixe}-etat"] = EtatMesure.DEFINITIVE
    noms = [bound.html_name for bound in cellule.champs] + [f"{prefixe}-confirmer"]
    for nom in noms:
        if nom in data:
            seule.setlist(nom, data.getlist(nom))
    return seule


def _changements(groupe: str, form: LigneForm) -> dict:
    if groupe == "valeur":
        valeurs = form.get_valeurs()
        return {nom: valeurs[nom] for nom in DE_LA_VALEUR}
    return {groupe: form.cleaned_data[groupe]}


@dataclass(frozen=True, slots=True)
class Examen:
    """What would become of a line if it were written now. `ecart`: whether its parts would make its total."""

    retours: Mapping[str, Retour]
    ecart: EcartDetail | None


def examiner(ligne: LigneGrille, data: QueryDict) -> Examen:
    """Nothing is written."""
    juges = [(cellule, *_juger(cellule, data)) for cellule in recues(ligne, data)]
    retours = {cellule.cle: _sous_verrou(ligne, retour) for cellule, retour, _ in juges}
    return Examen(
        retours, _ecart_apres(ligne, [(cellule, form) for cellule, _, form in juges if form is not None])
    )


def _sous_verrou(ligne: LigneGrille, retour: Retour) -> Retour:
    if ligne.verrou is None or retour.issue == Issue.INCHANGEE:
        return retour
    return replace(retour, issue=Issue.VERROUILLEE, raison=ligne.verrou.raison)


def _ecart_apres(ligne: LigneGrille, formulaires: list[tuple[Cellule, forms.Form]]) -> EcartDetail | None:
    mesure = ligne.mesure()
    total = mesure.valeur if mesure else None
    parts = {part.modalite_id: part.valeur for part in mesure.parts.all()} if mesure else {}
    for cellule, form in formulaires:
        if isinstance(cellule.objet, PartGrille):
            parts[cellule.objet.modalite.pk] = form.cleaned_data["valeur"]
        elif cellule.groupe == "valeur":
            total = form.get_valeurs()["valeur"]
    toutes = [parts.get(modalite.pk) for modalite in ligne.indicateur.modalites.all()]
    return ecart_detail(ligne.indicateur, total, toutes)
