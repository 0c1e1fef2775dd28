"""« Classeur de la convention » that comes back: what it would change, then all of it written, or nothing."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.http import QueryDict

from ctg.lecture_xlsx import ClasseurError, lire_xlsx
from ctg.models import Brouillon, Convention
from ctg.recherche import normalise
from evaluation.apercu_collage import LigneCollee
from evaluation.classeurs.apercu import Apercu
from evaluation.classeurs.comparaison import Comparaison
from evaluation.classeurs.convention import (
    COLONNES_FICHES,
    FICHES,
    INDICATEURS,
    NATURE,
    colonnes_indicateurs,
    comparees,
    fiches_du_classeur,
    indicateurs_du_classeur,
    textes_d_indicateur,
)
from evaluation.classeurs.depot_fiches import INCONNUE, LectureDesFiches
from evaluation.classeurs.depots import lire_depot
from evaluation.classeurs.feuilles import ENTETE, RangLu, lire_feuille, lire_signature
from evaluation.classeurs.parties import PARTIES
from evaluation.collage import lire_rangs
from evaluation.definitions import enregistrer_indicateur
from fiches.models import FicheProjet
from fiches.services import enregistrer_fiche

EN_DOUBLE = "Cette ligne est en double dans le classeur : gardez-en une."
DEJA_DEFINI = "Cet indicateur a déjà sa ligne dans le classeur : modifiez-la, ou changez le code de celle-ci."
FIXES = dict.fromkeys(("fiche", "code"), "La fiche et le code d’un indicateur défini ne se changent pas ici.")


def lire_classeur_convention(fichier, convention: Convention) -> list[RangLu]:
    """Raises ClasseurError."""
    feuilles = lire_xlsx(fichier)
    nature, convention_id, *reste = lire_signature(feuilles)
    if nature != NATURE or reste:
        raise ClasseurError(
            "Ce fichier n’est pas le classeur de la convention : déposez-le sur la page d’où il vient."
        )
    if convention_id != convention.pk:
        raise ClasseurError("Ce classeur est celui d’une autre convention : déposez-le dans la sienne.")
    return [
        *lire_feuille(feuilles, FICHES, COLONNES_FICHES),
        *(
            rang
            for feuille in PARTIES.values()
            for rang in lire_feuille(feuilles, feuille.titre, feuille.colonnes)
        ),
        *lire_feuille(feuilles, INDICATEURS, colonnes_indicateurs(convention)),
    ]


class LectureConvention:
    """The rows against the convention as it is now. `choix`: what the page of the preview sent."""

    def __init__(self, convention: Convention, rangs: list[RangLu], choix: Mapping[str, str], user):
        self.convention, self.rangs, self.user = convention, rangs, user
        self.colonnes = colonnes_indicateurs(convention)
        self.comparaison = Comparaison(choix)
        self.fiches = LectureDesFiches(fiches_du_classeur(convention), self.comparaison, user)
        self.connus = indicateurs_du_classeur(convention)
        self.indicateurs: list[LigneCollee] = []
        self._a_coller: list[tuple[RangLu, dict[str, str]]] = []

    @property
    def apercu(self) -> Apercu:
        return self.comparaison.apercu

    @property
    def concernees(self) -> set[int]:
        """Keys of the fiches that would change, or whose indicators would."""
        a_coller = {self.connus[rang.cle].fiche_id for rang, _ in self._a_coller if rang.cle}
        return a_coller | set(self.fiches.touchees) | {ligne.form.fiche.pk for ligne in self.indicateurs}

    def lire(self) -> "LectureConvention":
        vues: set[tuple[str, str]] = set()
        definis = {(normalise(i.fiche.code), normalise(i.code)) for i in self.connus.values()}
        for rang in self.rangs:
            if rang.cle and (rang.feuille, rang.cle) in vues:
                self.apercu.refuser(rang, next(iter(rang.cellules)), "ligne", EN_DOUBLE)
            elif rang.feuille == INDICATEURS:
                self._lire_indicateur(rang, definis)
            else:
                self.fiches.lire(rang)
            vues.add((rang.feuille, rang.cle))
        self.fiches.juger()
        if self._a_coller:
            self._coller()
        return self

    def _lire_indicateur(self, rang: RangLu, definis: set) -> None:
        indicateur = self.connus.get(rang.cle)
        if indicateur is not None:
            touches = self.comparaison.touches(
                rang,
                self.colonnes,
                comparees(self.colonnes),
                textes_d_indicateur(indicateur),
                indicateur.code,
                FIXES,
            )
            if touches:
                lieu = {"fiche": indicateur.fiche.code, "code": indicateur.code}
                self._a_coller.append((rang, lieu | touches))
        elif rang.cle:
            self.apercu.refuser(rang, next(iter(rang.cellules)), "ligne", INCONNUE)
        else:
            self._nouvel_indicateur(rang, definis)

    def _refuser(self, rang: RangLu, nom: str, code: str, raison: str) -> None:
        self.comparaison.refuser(rang, self.colonnes, nom, code, raison)

    def _annoncer(self, rang: RangLu, nom: str, code: str, mien: str, actuel: str) -> None:
        self.comparaison.annoncer(rang, self.colonnes, nom, code, mien, actuel)

    def _nouvel_indicateur(self, rang: RangLu, definis: set) -> None:
        fautif = self.comparaison.refuser_les_fautes(rang, rang.cellules, self.colonnes, "nouvel indicateur")
        if (normalise(rang.texte("fiche")), normalise(rang.texte("code"))) in definis:
            self._refuser(rang, "code", rang.texte("code"), DEJA_DEFINI)
        elif not fautif:
            self._a_coller.append((rang, {nom: rang.texte(nom) for nom in rang.cellules}))

    def _coller(self) -> None:
        """Through the reading of a pasted block: the same words, the same checks, the same locks."""
        titres = {colonne.titre: colonne.nom for colonne in self.colonnes}
        par_numero = {rang.numero: (rang, textes) for rang, textes in self._a_coller}
        blocs: list[list[str]] = [[] for _ in range(max(par_numero))]
        blocs[ENTETE - 1] = list(titres)
        vides = set()
        for numero, (rang, textes) in par_numero.items():
            textes["motif"] = rang.texte("motif")
            blocs[numero - 1] = [textes.get(colonne.nom, "") for colonne in self.colonnes]
            if rang.cle:
                vides |= {(numero, nom) for nom, texte in textes.items() if not texte and nom != "motif"}
        collage = lire_rangs(self.convention, self.user, blocs, frozenset(vides))
        rejetees = set()
        for rejet in collage.rejets:
            rang, textes = par_numero[rejet.ligne]
            nom = titres.get(rejet.colonne) or next(
                (n for n in textes if n not in {"fiche", "code", "motif"}), "code"
            )
            rejetees.add((rejet.ligne, nom))
            remede = rejet.remede[:1].upper() + rejet.remede[1:]
            self._refuser(rang, nom, textes["code"], remede if remede.endswith(".") else f"{remede}.")
        self.indicateurs = [ligne for ligne in collage.lignes if ligne.etat != "inchangé"]
        for numero, (rang, textes) in par_numero.items():
            if not rang.cle:
                if not any(ligne == numero for ligne, _ in rejetees):
                    self._annoncer(
                        rang, "code", textes["fiche"], f"{textes['code']} {textes['intitule']}", ""
                    )
                continue
            actuels = textes_d_indicateur(self.connus[rang.cle])
            for nom, texte in textes.items():
                if nom not in {"fiche", "code", "motif"} and (numero, nom) not in rejetees:
                    self._annoncer(rang, nom, textes["code"], texte, actuels.get(nom, ""))


def confirmer_convention(
    convention: Convention, adresse: str, choix: QueryDict, *, user, now: datetime.datetime
) -> tuple[Apercu | None, bool]:
    """(what was shown last, whether it is written); (None, False) where nothing waits, or no more.

    Raises ValidationError where something moved between the checks and the writing: nothing is written.
    """
    with transaction.atomic():
        depot = lire_depot(user, adresse, verrouiller=True)
        if depot is None:
            return None, False
        lecture = LectureConvention(convention, depot.rangs, choix, user).lire()
        if lecture.apercu.est_bloque or depot.cle != choix.get("confirmer"):
            return lecture.apercu, False
        # One order for everybody; the submission of an entry, which locks a definition, waits too.
        fiches = FicheProjet.objects.select_for_update(of=("self",), no_key=True)
        list(fiches.filter(pk__in=lecture.concernees).order_by("pk").values_list("pk"))
        lecture = LectureConvention(convention, depot.rangs, choix, user).lire()
        if lecture.apercu.est_bloque:
            return lecture.apercu, False
        for form, formsets in lecture.fiches.a_ecrire:
            enregistrer_fiche(form, formsets)
        for ligne in lecture.indicateurs:
            enregistrer_indicateur(ligne.form, user=user, now=now)
        Brouillon.objects.filter(utilisateur=user, adresse=adresse).delete()
        return lecture.apercu, True
