"""The entry grid: everything that one person may enter for a year, by fiche, whatever the number of fiches."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch, Q, prefetch_related_objects

from ctg.enums import Role
from ctg.models import Convention, Mandat
from ctg.perimetres import droits
from ctg.permissions import check
from ctg.templatetags.affichage import avec_unite, pluriel, secable
from evaluation.bilan import Completude, LigneIndicateur, Valeur
from evaluation.calculs import rapprocher
from evaluation.campagnes import champ_de
from evaluation.enums import SituationMesure
from evaluation.models import Cible, Indicateur, LigneSaisie, Mesure, ModaliteIndicateur, Saisie
from evaluation.registre import ChiffreDuRegistre, collect_registre
from evaluation.reports import ligne_indicateur
from evaluation.series import Anciens, collect_anciens
from evaluation.ventilation import EcartDetail, ecart_detail
from evaluation.verrous import Verrou, demandes_de, saisies_courantes, verrou, verrou_du_champ
from fiches.models import FicheProjet
from fiches.perimetres import fiches as fiches_des_mandats
from fiches.permissions import SON_AXE

UNITES_COURTES = frozenset({"%", "€"})


@dataclass
class PartGrille:
    """One part of a detailed value, that the person may enter."""

    ligne: "LigneGrille"
    modalite: ModaliteIndicateur

    @property
    def cle(self) -> str:
        return f"p{self.modalite.pk}-valeur"

    @property
    def nom(self) -> str:
        return f"{self.ligne.indicateur.code}, {self.modalite.libelle}"

    @property
    def courante(self) -> Decimal | None:
        return self.valeur(self.ligne.annee)

    @property
    def precedente(self) -> Decimal | None:
        return self.valeur(self.ligne.annee - 1)

    @property
    def avant_precedente(self) -> Decimal | None:
        return self.valeur(self.ligne.annee - 2)

    def valeur(self, annee: int) -> Decimal | None:
        mesure = self.ligne.mesure(annee)
        parts = mesure.parts.all() if mesure else ()
        return next((part.valeur for part in parts if part.modalite_id == self.modalite.pk), None)


@dataclass
class LigneGrille:
    """An indicator that is due. `peut_saisir`: its value, and not only parts of it."""

    groupe: "GroupeGrille"
    attendue: LigneSaisie
    peut_saisir: bool
    is_mienne: bool
    demande: str = ""
    verrou: Verrou | None = None
    parts: list[PartGrille] = field(default_factory=list)
    registre: ChiffreDuRegistre | None = None

    @property
    def indicateur(self) -> Indicateur:
        return self.attendue.indicateur

    @property
    def annee(self) -> int:
        return self.groupe.annee

    @property
    def est_ouverte(self) -> bool:
        return self.verrou is None

    def mesure(self, annee: int | None = None) -> Mesure | None:
        voulue = annee or self.annee
        return next((m for m in self.indicateur.mesures.all() if m.annee == voulue), None)

    @property
    def vue(self) -> LigneIndicateur:
        """As everywhere, but for a unit in words: the row says it once, narrow columns do not repeat it."""
        vue = ligne_indicateur(self.indicateur, self.annee, self.groupe.anciens)
        return vue if vue.unite in UNITES_COURTES else replace(vue, unite="")

    @property
    def avant(self) -> Valeur | None:
        """The value of two years ago."""
        return ligne_indicateur(self.indicateur, self.annee - 1, self.groupe.anciens).precedente

    @property
    def unite_courte(self) -> str:
        return self.indicateur.unite_affichee if self.indicateur.unite_affichee in UNITES_COURTES else ""

    @property
    def unite_en_mots(self) -> str:
        return "" if self.unite_courte else self.indicateur.unite_affichee

    @property
    def ecart(self) -> str:
        vue = self.vue
        return secable(avec_unite(vue.ecart, vue.unite_ecart))

    @property
    def situation(self) -> str:
        mesure = self.mesure()
        return mesure.situation if mesure else SituationMesure.NON_RENSEIGNEE

    @property
    def _parts_connues(self) -> list[Decimal]:
        mesure = self.mesure()
        return [part.valeur for part in mesure.parts.all() if part.valeur is not None] if mesure else []

    @property
    def _ecart_detail(self) -> EcartDetail | None:
        mesure, connues = self.mesure(), self._parts_connues
        inconnues = [None] * (len(self.indicateur.modalites.all()) - len(connues))
        return ecart_detail(self.indicateur, mesure.valeur if mesure else None, [*connues, *inconnues])

    @property
    def rapprochement(self) -> str:
        """Whether the parts make the total, in words; empty where nothing can be compared."""
        modalites, connues = self.indicateur.modalites.all(), self._parts_connues
        total = rapprocher(connues, self.indicateur.agregation)
        if not modalites or total is None:
            return ""
        unite = self.indicateur.unite_affichee
        texte = (
            f"{len(connues)} part{pluriel(len(connues))} sur {len(modalites)} : {avec_unite(total, unite)}"
        )
        if (ecart := self._ecart_detail) is None:
            return f"{texte}, comme le total."
        if ecart.total is None:
            return f"{texte} ; le total n’est pas saisi."
        fin = " Corrigez une part ou le total." if self.est_discordante else ""
        return f"{texte} ; le total saisi dit {avec_unite(ecart.total, unite)}.{fin}"

    @property
    def est_discordante(self) -> bool:
        """See `EcartDetail.is_impossible`."""
        return self._ecart_detail is not None and self._ecart_detail.is_impossible

    @property
    def situations(self) -> list[str]:
        """What the person owes here: the value, else their parts of it."""
        if self.peut_saisir:
            return [self.situation]
        vides = (SituationMesure.NON_RENSEIGNEE, SituationMesure.RENSEIGNEE)
        return [vides[part.courante is not None] for part in self.parts]


@dataclass
class GroupeGrille:
    """A fiche: its entry, what locks it as a whole, its lines."""

    saisie: Saisie
    annee: int
    verrou: Verrou | None
    peut_saisir: bool
    anciens: Anciens
    lignes: list[LigneGrille] = field(default_factory=list)

    @property
    def fiche(self) -> FicheProjet:
        return self.saisie.fiche

    @property
    def is_mien(self) -> bool:
        return any(ligne.is_mienne for ligne in self.lignes)


@dataclass
class Grille:
    groupes: list[GroupeGrille]

    def __iter__(self) -> Iterator[LigneGrille]:
        return (ligne for groupe in self.groupes for ligne in groupe.lignes)

    @cached_property
    def par_cle(self) -> dict[str, LigneGrille]:
        """{« i12 », « p34 »: the line in which it is entered}; what is not here is not found."""
        cles = {champ_de(ligne.indicateur): ligne for ligne in self if ligne.peut_saisir}
        return cles | {part.cle.partition("-")[0]: ligne for ligne in self for part in ligne.parts}

    @property
    def completude(self) -> Completude:
        situations = [situation for ligne in self for situation in ligne.situations]
        sans_objet = situations.count(SituationMesure.SANS_OBJET)
        return Completude(
            nb_renseignees=situations.count(SituationMesure.RENSEIGNEE),
            nb_attendues=len(situations) - sans_objet,
            nb_sans_objet=sans_objet,
        )


def collect_grille(convention: Convention, annee: int, *, user, today: datetime.date) -> Grille:
    """The fiches that the person enters, theirs first, and the indicators of which they enter parts."""
    saisies = {saisie.pk: saisie for saisie in saisies_courantes(convention.pk, annee)}
    permises = {pk for pk, saisie in saisies.items() if check(user, "evaluation.saisir", saisie.fiche)}
    demandes = demandes_de(saisies.values())
    confiees = _fiches_confiees(convention, today=today)
    anciens = collect_anciens(convention, user)
    groupes: dict[int, GroupeGrille] = {}
    for attendue in _lignes(convention, annee, user, saisies, permises):
        saisie = saisies[attendue.saisie_id]
        attendue.indicateur.fiche = saisie.fiche
        peut_saisir = saisie.pk in permises
        groupe = groupes.setdefault(
            saisie.pk, GroupeGrille(saisie, annee, verrou(saisie, annee, today=today), peut_saisir, anciens)
        )
        champ, demande = champ_de(attendue.indicateur), demandes.get(saisie.pk)
        ouverts = None if demande is None else frozenset(demande)
        ligne = LigneGrille(
            groupe,
            attendue,
            peut_saisir,
            _est_mienne(attendue, saisie.fiche, user, confiees),
            (demande or {}).get(champ, ""),
            groupe.verrou or verrou_du_champ(champ, ouverts),
        )
        ligne.parts = [
            PartGrille(ligne, modalite)
            for modalite in attendue.indicateur.modalites.all()
            if check(user, "evaluation.saisir_part", modalite)
        ]
        groupe.lignes.append(ligne)
    lignes = [ligne for groupe in groupes.values() for ligne in groupe.lignes]
    registre = collect_registre([ligne.indicateur for ligne in lignes], convention, annee)
    for ligne in lignes:
        ligne.registre = registre.get(ligne.indicateur.pk)
    ordre = {pk: rang for rang, pk in enumerate(saisies)}
    return Grille(sorted(groupes.values(), key=lambda g: (not g.is_mien, ordre[g.saisie.pk])))


def _lignes(convention, annee, user, saisies, permises) -> Iterable[LigneSaisie]:
    quartiers = droits(user, convention.pk).dans("quartiers")
    par_quartier = ModaliteIndicateur.objects.filter(quartier__in=quartiers).values("indicateur")
    miennes = Q(saisie__in=permises) | Q(saisie__in=list(saisies), indicateur__in=par_quartier)
    return (
        LigneSaisie.objects.filter(miennes)
        .select_related("responsable", "indicateur")
        .prefetch_related(
            Prefetch("indicateur__cibles", Cible.objects.filter(annee=annee)),
            _mesures("indicateur__mesures", annee),
            Prefetch("indicateur__modalites", ModaliteIndicateur.objects.order_by("ordre", "pk")),
        )
        .order_by("indicateur__ordre", "indicateur")
    )


def _mesures(chemin: str, annee: int) -> Prefetch:
    trois_ans = Mesure.objects.filter(annee__range=(annee - 2, annee))
    return Prefetch(chemin, trois_ans.select_related("saisie_par").prefetch_related("parts__saisie_par"))


def relire(lignes: list[LigneGrille], annee: int) -> None:
    """The values as they are now: after a lock, or after what was written."""
    indicateurs = [ligne.indicateur for ligne in lignes]
    for indicateur in indicateurs:
        indicateur._prefetched_objects_cache.pop("mesures", None)
    prefetch_related_objects(indicateurs, _mesures("mesures", annee))


def _fiches_confiees(convention: Convention, *, today: datetime.date) -> dict[int, set[int]]:
    """{fiche: accounts of its référents}."""
    mandats = Mandat.objects.filter(convention=convention, role=Role.REFERENT).actifs(au=today)
    comptes = dict(mandats.values_list("pk", "utilisateur"))
    confiees: dict[int, set[int]] = {}
    for mandat_id, fiches in fiches_des_mandats(list(comptes)).items():
        for fiche_id in fiches:
            confiees.setdefault(fiche_id, set()).add(comptes[mandat_id])
    return confiees


def _est_mienne(attendue: LigneSaisie, fiche: FicheProjet, user, confiees: dict[int, set[int]]) -> bool:
    """Named for it; else référent of the fiche; else coordinateur of its axe, where it has no référent."""
    if attendue.responsable is not None:
        return attendue.responsable.utilisateur_id == user.pk
    if fiche.pk in confiees:
        return user.pk in confiees[fiche.pk]
    return SON_AXE.contient(droits(user, fiche.convention_id), fiche)
