"""Gathers the bilans of all the years. Nothing is computed anew: each figure is the one that its bilan froze."""

import datetime
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from ctg.models import Convention
from ctg.permissions import check
from ctg.templatetags.affichage import montant, nombre
from evaluation.bilan import (
    Completude,
    Contenu,
    LigneEffet,
    LigneFiche,
    LigneIndicateur,
    LigneSuite,
    Mouvement,
    NoteDeSuite,
)
from evaluation.ecriture import ecrire_valeur
from evaluation.edition import Edition
from evaluation.editions import edition_de
from evaluation.enums import SensEffet, StatutBilan
from evaluation.lecture_bilan import sorties_lisibles, visible_to
from evaluation.models import ConclusionFinale
from fiches.models import Axe
from fiches.reports import LigneMoyens, Total

PAS_LU = "aucun bilan ne vous est ouvert"
PAS_FIGE = "aucun bilan n’est figé"
A_VENIR = "l’année n’a pas commencé"
SENS = dict(SensEffet.choices)


@dataclass(frozen=True, slots=True)
class AnneeLue:
    annee: int
    version: int
    etat: str
    identifiant: str
    marques: str
    is_publiee: bool
    completude: Completude


@dataclass(frozen=True, slots=True)
class IndicateurFinal:
    """`par_annee`: (year, value in words); `depart`, `cible` and `atteinte`: as its last known year says them."""

    code: str
    intitule: str
    unite: str
    depart: Decimal | None
    date_depart: datetime.date | None
    par_annee: tuple[tuple[int, str], ...]
    derniere: int | None
    cible: Decimal | None
    atteinte: Decimal | None


@dataclass(frozen=True, slots=True)
class FicheFinale:
    """`par_annee`: (year, status, progress); empty where the fiche was not of that year."""

    code: str
    titre: str
    par_annee: tuple[tuple[int, str, int | None], ...]
    etapes: str
    indicateurs: tuple[IndicateurFinal, ...]


@dataclass(frozen=True, slots=True)
class EffetFinal:
    annee: int
    fiche: str
    effet: LigneEffet


@dataclass(frozen=True, slots=True)
class Conclusion:
    """`axe`: its key, None for the whole."""

    axe: int | None
    texte: str
    is_ouverte: bool


@dataclass(frozen=True, slots=True)
class AxeFinal:
    """`statuts`: (status, how many fiches each year)."""

    code: str
    intitule: str
    rang: int
    statuts: tuple[tuple[str, tuple[int, ...]], ...]
    fiches: tuple[FicheFinale, ...]
    effets: tuple[EffetFinal, ...]
    conclusion: Conclusion

    @property
    def comptes(self) -> tuple[tuple[str, int], ...]:
        return compter_effets(self.effets)

    @property
    def nb_indicateurs(self) -> int:
        return sum(len(fiche.indicateurs) for fiche in self.fiches)


@dataclass(frozen=True, slots=True)
class MoyenFinal:
    """One signataire and nature: planned, granted, spent of each year, as its bilan says them."""

    signataire: str
    nature: str
    is_etp: bool
    annees: tuple[LigneMoyens | None, ...]


@dataclass(frozen=True, slots=True)
class Finale:
    """`manquantes`: (year, why it is not there)."""

    convention: str
    slug: str
    territoire: str
    generated_at: datetime.datetime
    is_demonstration: bool
    is_publique: bool
    annees: tuple[AnneeLue, ...]
    manquantes: tuple[tuple[int, str], ...]
    conclusion: Conclusion
    axes: tuple[AxeFinal, ...]
    effets: tuple[EffetFinal, ...]
    moyens: tuple[MoyenFinal, ...]
    suites: tuple[LigneSuite, ...]
    notes: tuple[NoteDeSuite, ...]
    mouvements: tuple[tuple[int, Mouvement], ...]

    @property
    def nb_annees(self) -> int:
        return len(self.annees) + len(self.manquantes)

    @property
    def comptes(self) -> tuple[tuple[str, int], ...]:
        return compter_effets(self.effets)

    @property
    def lignes_moyens(self) -> list[tuple[MoyenFinal, int, str, str, str]]:
        """(means, year, planned, granted, spent), in words."""
        return [
            (
                moyen,
                lue.annee,
                *(_dire(total, is_etp=moyen.is_etp) for total in (li.prevu, li.accorde, li.realise)),
            )
            for moyen in self.moyens
            for lue, li in zip(self.annees, moyen.annees, strict=True)
            if li is not None
        ]

    @property
    def note_de(self) -> dict[str, NoteDeSuite]:
        return {note.numero: note for note in self.notes}

    @property
    def is_provisoire(self) -> bool:
        """A year is missing, or is not published: what it says may still change."""
        return bool(self.manquantes) or not all(lue.is_publiee for lue in self.annees)


def collect_finale(convention: Convention, user, *, now: datetime.datetime) -> Finale:
    """The last version of each year that this person may read; a year without one is said, never passed over."""
    editions, manquantes = _editions(convention, user, now.year)
    contenus = [edition.contenu for edition in editions]
    conclusions = _conclusions(convention, user)
    derniere = contenus[-1] if contenus else None
    return Finale(
        convention=convention.intitule,
        slug=convention.slug,
        territoire=str(convention.territoire),
        generated_at=now,
        is_demonstration=convention.is_demonstration,
        is_publique=any(edition.is_publique for edition in editions),
        annees=tuple(_annee(edition) for edition in editions),
        manquantes=tuple(manquantes),
        conclusion=conclusions.get(None, Conclusion(None, "", is_ouverte=False)),
        axes=tuple(_axes(convention, contenus, conclusions)),
        effets=tuple(EffetFinal(c.annee, "", effet) for c in contenus for effet in c.effets),
        moyens=_moyens(contenus),
        suites=_suites(contenus),
        notes=derniere.notes or () if derniere else (),
        mouvements=tuple(
            (c.annee, mouvement)
            for c in contenus
            for mouvement in c.mouvements or ()
            if mouvement.quoi == "structure"
        ),
    )


def compter_effets(effets) -> tuple[tuple[str, int], ...]:
    """(sense, how many), the senses in the order of the typing."""
    comptes = Counter(dit.effet.sens for dit in effets)
    return tuple((str(label), comptes[label]) for label in SENS.values() if comptes[label])


def _editions(
    convention: Convention, user, annee_courante: int
) -> tuple[list[Edition], list[tuple[int, str]]]:
    versions = {}
    lisibles = visible_to(user, convention).select_related("convention")
    for bilan in lisibles.order_by("annee", "version"):
        versions[bilan.annee] = bilan
    sorties = sorties_lisibles(user, convention)
    pourquoi = PAS_FIGE if check(user, "evaluation.travailler_bilan", convention) else PAS_LU
    editions, manquantes = [], []
    for annee in convention.annees:
        if annee in versions and sorties:
            editions.append(edition_de(versions[annee], sorties[0]))
        else:
            manquantes.append((annee, A_VENIR if annee > annee_courante else pourquoi))
    return editions, manquantes


def _annee(edition: Edition) -> AnneeLue:
    return AnneeLue(
        annee=edition.complet.annee,
        version=edition.version,
        etat=StatutBilan(edition.etat).label,
        identifiant=edition.identifiant,
        marques=edition.marques,
        is_publiee=edition.etat == StatutBilan.PUBLIEE,
        completude=edition.contenu.completude,
    )


def _conclusions(convention: Convention, user) -> dict[int | None, Conclusion]:
    lues = ConclusionFinale.objects.filter(convention=convention)
    if not check(user, "evaluation.travailler_bilan", convention):
        lues = lues.filter(is_ouverte=True)
    return {lue.axe_id: Conclusion(lue.axe_id, lue.texte, lue.is_ouverte) for lue in lues}


def _axes(convention: Convention, contenus: list[Contenu], conclusions):
    """Thematic axes in the order of the last bilan; those that it no longer has come last."""
    cles = {
        axe.code: axe.pk
        for axe in Axe.objects.filter(convention=convention, rang=1).order_by("date_fin", "pk")
    }
    syntheses = {synthese.code: synthese for contenu in contenus for synthese in contenu.syntheses}
    derniers = [synthese.code for synthese in contenus[-1].syntheses] if contenus else []
    annees = [contenu.annee for contenu in contenus]
    for code in [*derniers, *(code for code in syntheses if code not in derniers)]:
        synthese, cle = syntheses[code], cles.get(code)
        par_annee = [_fiches_de_l_axe(contenu, code) for contenu in contenus]
        yield AxeFinal(
            code=code,
            intitule=synthese.intitule,
            rang=synthese.rang,
            statuts=_statuts(contenus, code),
            fiches=tuple(_fiche(nom, par_annee, annees) for nom in _dans_l_ordre(par_annee)),
            effets=tuple(
                EffetFinal(contenu.annee, fiche.code, effet)
                for contenu, fiches in zip(contenus, par_annee, strict=True)
                for fiche in fiches.values()
                for effet in fiche.effets
            ),
            conclusion=(conclusions.get(cle) if cle else None) or Conclusion(cle, "", is_ouverte=False),
        )


def _fiches_de_l_axe(contenu: Contenu, code: str) -> dict[str, LigneFiche]:
    rangs = {synthese.rang for synthese in contenu.syntheses if synthese.code == code}
    return {fiche.code: fiche for fiche in contenu.fiches if fiche.axe_rang in rangs}


def _statuts(contenus: list[Contenu], code: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    par_annee = [
        dict(next((s.statuts for s in contenu.syntheses if s.code == code), ())) for contenu in contenus
    ]
    labels = dict.fromkeys(label for statuts in par_annee for label in statuts)
    return tuple((label, tuple(statuts.get(label, 0) for statuts in par_annee)) for label in labels)


def _dans_l_ordre(par_annee: list[dict]) -> list[str]:
    """The keys of every year, in the order of the last one that has them."""
    return list(dict.fromkeys(cle for lues in reversed(par_annee) for cle in lues))


def _fiche(code: str, par_annee: list[dict[str, LigneFiche]], annees: list[int]) -> FicheFinale:
    lues = [fiches.get(code) for fiches in par_annee]
    derniere = next(fiche for fiche in reversed(lues) if fiche is not None)
    indicateurs = [{ligne.code: ligne for ligne in fiche.indicateurs} if fiche else {} for fiche in lues]
    return FicheFinale(
        code=code,
        titre=derniere.titre,
        par_annee=tuple(
            (annee, fiche.statut, fiche.taux_avancement) if fiche else (annee, "", None)
            for annee, fiche in zip(annees, lues, strict=True)
        ),
        etapes=f"{derniere.nb_etapes_faites} sur {derniere.nb_etapes}" if derniere.nb_etapes else "",
        indicateurs=tuple(_indicateur(nom, indicateurs, annees) for nom in _dans_l_ordre(indicateurs)),
    )


def _indicateur(code: str, par_annee: list[dict[str, LigneIndicateur]], annees: list[int]) -> IndicateurFinal:
    lues = [lignes.get(code) for lignes in par_annee]
    dites = [ligne for ligne in lues if ligne is not None]
    connue = next((ligne for ligne in reversed(dites) if ligne.is_renseigne), dites[-1])
    masquee = connue.valeur is not None and bool(connue.valeur.masque)
    return IndicateurFinal(
        code=code,
        intitule=dites[-1].intitule,
        unite=dites[-1].unite,
        depart=connue.depart,
        date_depart=connue.date_depart,
        par_annee=tuple(
            (annee, ecrire_valeur(ligne.valeur, ligne) if ligne else "")
            for annee, ligne in zip(annees, lues, strict=True)
        ),
        derniere=connue.valeur.annee if connue.is_renseigne else None,
        cible=connue.cible,
        atteinte=None if masquee else connue.atteinte,
    )


def _moyens(contenus: list[Contenu]) -> tuple[MoyenFinal, ...]:
    par_annee = [{(ligne.signataire, ligne.nature): ligne for ligne in c.moyens} for c in contenus]
    cles = dict.fromkeys(cle for lignes in par_annee for cle in lignes)
    return tuple(
        MoyenFinal(
            signataire,
            nature,
            next(lignes[cle].is_etp for lignes in par_annee if cle in lignes),
            tuple(lignes.get(cle) for lignes in par_annee),
        )
        for cle in cles
        for signataire, nature in [cle]
    )


def _dire(total: Total, *, is_etp: bool) -> str:
    """« 12 000 € (3 sur 4) »: a sum of a part of the amounts says of how many."""
    if total.somme is None:
        return "—"
    dit = nombre(total.somme) if is_etp else montant(total.somme)
    return dit if total.is_complet else f"{dit} ({total.nb} sur {total.sur})"


def _suites(contenus: list[Contenu]) -> tuple[LigneSuite, ...]:
    """Each decision once, as the last bilan that speaks of it says it."""
    dites = {suite.numero: suite for contenu in contenus for suite in contenu.suites or ()}
    return tuple(dites[numero] for numero in sorted(dites))
