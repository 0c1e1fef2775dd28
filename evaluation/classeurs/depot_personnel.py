"""« Mon classeur » that comes back: what it would change, then all of it written, or nothing."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict

from ctg.lecture_xlsx import ClasseurError, lire_xlsx
from ctg.models import Brouillon, Convention
from ctg.recherche import normalise
from evaluation.cellules import (
    GROUPES,
    NOMS_DES_GROUPES,
    Cellule,
    Issue,
    Retour,
    cellules,
    enregistrer,
    examiner,
)
from evaluation.classeurs.apercu import Apercu, Sort
from evaluation.classeurs.avancements import Progression, progressions_de
from evaluation.classeurs.depots import lire_depot
from evaluation.classeurs.feuilles import MASQUEES, RangLu, empreinte, lire_feuille, lire_signature
from evaluation.classeurs.personnel import AVANCEMENT, NATURE, SAISIE, colonnes_avancement, colonnes_saisie
from evaluation.enums import EtatMesure, NatureIndicateur
from evaluation.grille import Grille, LigneGrille, PartGrille, collect_grille
from evaluation.services import Ecriture
from evaluation.verrous import VerrouError
from fiches.models import FicheProjet

PAS_LA_VOTRE = (
    "Cette ligne n’est pas, ou n’est plus, de votre grille : téléchargez de nouveau votre classeur et reportez-y ce que "
    "vous avez écrit."
)
EN_DOUBLE = "Cette ligne est en double dans le classeur : gardez-en une."
VIDES = frozenset({"(vide)", "non renseigné"})


def lire_classeur_personnel(fichier, convention: Convention, annee: int, user) -> list[RangLu]:
    """The rows of a workbook of that person, convention and year. Raises ClasseurError."""
    feuilles = lire_xlsx(fichier)
    nature, convention_id, *reste = lire_signature(feuilles)
    if nature != NATURE or len(reste) != 2:
        raise ClasseurError(
            "Ce fichier n’est pas un classeur de saisie : déposez-le sur la page d’où il vient."
        )
    if convention_id != convention.pk:
        raise ClasseurError("Ce classeur est celui d’une autre convention : déposez-le dans la sienne.")
    if reste[1] != user.pk:
        raise ClasseurError(
            "Ce classeur est celui d’une autre personne : chacun dépose le sien. Téléchargez le vôtre."
        )
    if reste[0] != annee:
        raise ClasseurError(
            f"Ce classeur est celui de {reste[0]}, et vous êtes dans {annee} : déposez-le dans son année."
        )
    return [
        *lire_feuille(feuilles, SAISIE, colonnes_saisie(annee)),
        *lire_feuille(feuilles, AVANCEMENT, colonnes_avancement()),
    ]


class _Refus(Exception):
    """Something was refused while it was being written: everything is undone."""

    def __init__(self, apercu: Apercu):
        self.apercu = apercu


@dataclass(slots=True)
class _Place:
    """Where a cell of the grid stands in the file."""

    rang: RangLu
    cellule: Cellule
    quoi: str

    def colonne(self, erreurs: Mapping) -> str:
        """The control that is at fault, else the one that speaks for the cell."""
        fautives = [nom for nom in erreurs if nom in self.rang.cellules]
        if fautives:
            return fautives[0]
        remplies = [nom for nom in GROUPES[self.cellule.groupe] if self.rang.texte(nom)]
        return (remplies or [self.cellule.groupe])[0]


class LecturePersonnelle:
    """The rows against the grid as it is now. `choix`: what the page of the preview sent."""

    def __init__(
        self, grille: Grille, progressions: list[Progression], rangs: list[RangLu], choix: QueryDict
    ):
        self.grille, self.choix = grille, choix
        self.progressions = {progression.cle: progression for progression in progressions}
        self.data, self.apercu = _reponses(choix), Apercu()
        self.places: dict[str, _Place] = {}
        self.lignes: dict[int, LigneGrille] = {}
        self.avancements: list[tuple[Progression, dict]] = []
        self._lire(rangs)
        for ligne in self.lignes.values():
            examen = examiner(ligne, self.data)
            self._dire(examen.retours)
            if examen.ecart and examen.ecart.is_impossible:
                self.apercu.remarques.append(f"{ligne.indicateur.code} : {examen.ecart.phrase}.")
        self.apercu.lignes.sort(key=lambda montree: montree.feuille != SAISIE)  # in the order of the file

    def _lire(self, rangs: list[RangLu]) -> None:
        vues: set[str] = set()
        for rang in rangs:
            premiere = next(iter(rang.cellules))
            if rang.cle in vues:
                self.apercu.refuser(rang, premiere, "ligne", EN_DOUBLE)
            elif rang.feuille == AVANCEMENT and rang.cle in self.progressions:
                self._lire_avancement(rang, self.progressions[rang.cle])
            elif rang.feuille == SAISIE and rang.cle in self.grille.par_cle:
                self._lire_saisie(rang, self.grille.par_cle[rang.cle])
            else:
                self.apercu.refuser(rang, premiere, "ligne", PAS_LA_VOTRE)
            vues.add(rang.cle)

    def _lire_saisie(self, rang: RangLu, ligne: LigneGrille) -> None:
        siennes = [cellule for cellule in cellules(ligne) if cellule.form.prefix == rang.cle]
        if len(rang.vus) != len(siennes):
            self.apercu.refuser(rang, "valeur", ligne.indicateur.code, MASQUEES)
            return
        for cellule, vu in zip(siennes, rang.vus, strict=True):
            objet = cellule.objet
            quoi = (
                objet.nom
                if isinstance(objet, PartGrille)
                else f"{ligne.indicateur.code}, {NOMS_DES_GROUPES[cellule.groupe]}"
            )
            noms = [bound.name for bound in cellule.champs]
            fautives = [nom for nom in noms if rang.cellules[nom].faute]
            for nom in fautives:
                self.apercu.refuser(rang, nom, quoi, rang.cellules[nom].faute)
            if fautives:
                continue
            self.places[cellule.cle] = _Place(rang, cellule, quoi)
            self.data[f"vu-{cellule.cle}"] = vu
            for nom in noms:
                if (brut := _brut(nom, rang.texte(nom), ligne)) is not None:
                    self.data[f"{rang.cle}-{nom}"] = brut
            if cellule.empreinte(self.data) != vu:
                self.lignes[id(ligne)] = ligne
            else:
                self.apercu.nb_inchangees += 1

    def _dire(self, retours: Mapping[str, Retour]) -> None:
        for cle, retour in retours.items():
            place = self.places[cle]
            actuel, prefixe = place.cellule.enregistre_en_mots(), place.cellule.form.prefix
            ici = place.rang.cellules[place.colonne(retour.erreurs)].adresse
            dit = {"mien": retour.mien, "actuel": actuel, "raison": " ".join(retour.phrases)}
            if retour.issue == Issue.INCHANGEE:
                self.apercu.nb_inchangees += 1
                continue
            sort = Sort.REFUSEE
            if retour.issue == Issue.ENREGISTREE:
                sort = Sort.NOUVELLE if actuel in VIDES else Sort.MODIFIEE
            elif retour.issue == Issue.CONFLIT:
                sort = Sort.CONFLIT
                dit |= {"auteur": retour.auteur, "cle": f"choix-{cle}", "empreinte": retour.empreinte}
            elif retour.issue == Issue.REFUSEE and set(retour.erreurs) == {"confirmer"}:
                sort, dit["cle"] = Sort.A_CONFIRMER, f"{prefixe}-confirmer"
            self.apercu.ajouter(sort, place.rang.feuille, ici, place.quoi, **dit)

    def _lire_avancement(self, rang: RangLu, progression: Progression) -> None:
        if len(rang.vus) != len(Progression.NOMS):
            self.apercu.refuser(rang, "statut", progression.fiche.code, MASQUEES)
            return
        changements = {}
        for nom, vu in zip(Progression.NOMS, rang.vus, strict=True):
            cellule, lue, quoi = progression.cellule(nom), rang.cellules[nom], progression.libelle(nom)
            mienne, actuelle = empreinte(lue.texte), cellule.empreinte()
            cle = f"choix-{progression.cle}-{nom}"
            choix = self.choix.get(cle, "")
            if lue.faute:
                self.apercu.refuser(rang, nom, quoi, lue.faute)
            elif mienne in {vu, actuelle} or choix == f"leur:{actuelle}":
                self.apercu.nb_inchangees += 1
            elif verrou := progression.verrou(nom):
                self.apercu.refuser(rang, nom, quoi, verrou.raison)
            elif actuelle != vu and choix != f"mien:{actuelle}":
                dit = {"mien": lue.texte, "actuel": cellule.actuel, "auteur": progression.auteur}
                self.apercu.ajouter(
                    Sort.CONFLIT, rang.feuille, lue.adresse, quoi, cle=cle, empreinte=actuelle, **dit
                )
            else:
                fautes, valeur = cellule.juger(rang.texte(nom))
                if fautes:
                    self.apercu.refuser(rang, nom, quoi, " ".join(fautes))
                    continue
                changements[nom] = valeur
                sort = Sort.MODIFIEE if cellule.actuel else Sort.NOUVELLE
                self.apercu.ajouter(
                    sort, rang.feuille, lue.adresse, quoi, mien=lue.texte, actuel=cellule.actuel
                )
        if changements:
            self.avancements.append((progression, changements))


def _reponses(choix: QueryDict) -> QueryDict:
    """What the page of the preview settles; the values come from the file."""
    reponses = QueryDict(mutable=True)
    for nom in choix:
        if nom.startswith("choix-") or nom.endswith("-confirmer"):
            reponses[nom] = choix[nom]
    return reponses


def _brut(nom: str, texte: str, ligne: LigneGrille) -> str | None:
    """What a browser would send for what a cell says; None: nothing."""
    mot = normalise(texte)
    if nom == "sans_objet":
        return None if mot in {"", "non"} else "on"
    if nom == "etat":
        return next((valeur for valeur, label in EtatMesure.choices if normalise(label) == mot), texte)
    if nom == "valeur" and ligne.indicateur.nature == NatureIndicateur.OUI_NON:
        return {"oui": "1", "non": "0"}.get(mot, texte)
    return texte


def examiner_personnel(convention, annee: int, rangs, choix: QueryDict, *, user, today) -> LecturePersonnelle:
    """Nothing is written."""
    grille = collect_grille(convention, annee, user=user, today=today)
    return LecturePersonnelle(grille, progressions_de(grille, annee), rangs, choix)


def confirmer_personnel(
    convention: Convention, annee: int, adresse: str, choix: QueryDict, *, user, now: datetime.datetime, today
) -> tuple[Apercu | None, bool]:
    """(what was shown last, whether it is written); (None, False) where nothing waits, or no more."""
    try:
        with transaction.atomic():
            depot = lire_depot(user, adresse, verrouiller=True)
            if depot is None:
                return None, False
            lecture = examiner_personnel(convention, annee, depot.rangs, choix, user=user, today=today)
            if lecture.apercu.est_bloque or depot.cle != choix.get("confirmer"):
                return lecture.apercu, False
            _verrouiller(lecture)
            lecture = examiner_personnel(convention, annee, depot.rangs, choix, user=user, today=today)
            if lecture.apercu.est_bloque:
                return lecture.apercu, False
            _ecrire(lecture, user=user, now=now)
            Brouillon.objects.filter(utilisateur=user, adresse=adresse).delete()
            return lecture.apercu, True
    except _Refus as refus:
        return refus.apercu, False


def _verrouiller(lecture: LecturePersonnelle) -> None:
    """Every fiche that is written, in one order: two people never wait for each other in a ring."""
    fiches = {ligne.groupe.fiche.pk for ligne in lecture.lignes.values()}
    fiches |= {progression.fiche.pk for progression, _ in lecture.avancements}
    list(
        FicheProjet.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=fiches)
        .order_by("pk")
        .values_list("pk")
    )


def _ecrire(lecture: LecturePersonnelle, *, user, now: datetime.datetime) -> None:
    progressions = {
        id(progression.groupe): (progression, changements) for progression, changements in lecture.avancements
    }
    # The closing of a campaign locks the entries in this order too.
    for groupe in sorted(lecture.grille.groupes, key=lambda groupe: groupe.saisie.pk):
        lignes = [ligne for ligne in groupe.lignes if id(ligne) in lecture.lignes]
        if lignes:
            retours = enregistrer(groupe, lignes, lecture.data, user=user, now=now)
            if refus := {cle: retour for cle, retour in retours.items() if retour.is_rejet}:
                lecture.apercu.lignes = []
                lecture._dire(refus)
                raise _Refus(lecture.apercu)
        if id(groupe) in progressions:
            progression, changements = progressions[id(groupe)]
            try:
                Ecriture(progression.fiche, groupe.annee, user=user, now=now).avancement(changements)
            except VerrouError as verrou:
                lecture.apercu.ajouter(
                    Sort.REFUSEE, AVANCEMENT, "", progression.fiche.code, raison=str(verrou)
                )
                raise _Refus(lecture.apercu) from None
