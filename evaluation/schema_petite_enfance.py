"""The schéma pluriannuel of the offer of early childhood, in the headings of art. D. 214-10-1 CASF.

A CTG whose content answers the decree stands for the schéma: this says what the convention's text, its fiches and its
registry hold of each heading, and what is missing. Nothing is inferred.
"""

import datetime
from dataclasses import dataclass

from ctg.models import Convention
from ctg.recherche import normalise
from evaluation.bilan import Contenu, LigneFiche, LigneMoyen, SyntheseAxe
from fiches.enums import NatureMoyen
from structures.models import Inscription, Structure

AXE = "petite enfance"
# What receives children under three, or helps those who do (annexe 2 and 2 bis).
TYPES = ("eaje", "rpe", "laep", "mam")
D_ACCUEIL = ("eaje", "mam")  # those that have places


@dataclass(frozen=True, slots=True)
class LigneOffre:
    """`capacite`: places; None where it is not known, or where nobody is received (a relais, a LAEP)."""

    type_structure: str
    nom: str
    adresse: str
    gestionnaire: str
    quartier: str
    capacite: int | None
    est_d_accueil: bool


@dataclass(frozen=True, slots=True)
class OffreParQuartier:
    """`nb_connues`: of the `nb_d_accueil` that have places, those whose places are known."""

    quartier: str
    nb: int
    nb_d_accueil: int
    places: int
    nb_connues: int


@dataclass(frozen=True, slots=True)
class Schema:
    """`manques`: the headings of the decree of which nothing is known, as the decree numbers them."""

    axe: str
    offre: tuple[LigneOffre, ...]
    par_quartier: tuple[OffreParQuartier, ...]
    fiches: tuple[LigneFiche, ...]
    investissements: tuple[tuple[str, LigneMoyen], ...]
    moyens: tuple[tuple[str, LigneMoyen], ...]
    manques: tuple[str, ...]

    @property
    def places(self) -> tuple[int, int]:
        """(places known, of how many structures)."""
        connues = [ligne.capacite for ligne in self.d_accueil if ligne.capacite is not None]
        return sum(connues), len(connues)

    @property
    def d_accueil(self) -> tuple[LigneOffre, ...]:
        return tuple(ligne for ligne in self.offre if ligne.est_d_accueil)

    @property
    def sans_quartier(self) -> OffreParQuartier:
        return _offre_de("Quartier non connu", [ligne for ligne in self.offre if not ligne.quartier])


def axe_petite_enfance(contenu: Contenu) -> SyntheseAxe | None:
    """The thematic axe of early childhood, where there is one."""
    return next((s for s in contenu.syntheses if AXE in normalise(s.intitule)), None)


def collect_schema(convention: Convention, contenu: Contenu) -> Schema | None:
    """None where the convention has no thematic axe of early childhood."""
    axe = axe_petite_enfance(contenu)
    if axe is None:
        return None
    fiches = tuple(fiche for fiche in contenu.fiches if fiche.axe_rang == axe.rang)
    offre = _offre(convention, contenu.annee)
    moyens = tuple((fiche.code, moyen) for fiche in fiches for moyen in fiche.moyens)
    investissements = tuple(dit for dit in moyens if dit[1].nature == NatureMoyen.INVESTISSEMENT.label)
    return Schema(
        axe.intitule,
        offre,
        _par_quartier(offre),
        fiches,
        investissements,
        moyens,
        tuple(_manques(fiches, offre, moyens, investissements)),
    )


def _offre(convention: Convention, annee: int) -> tuple[LigneOffre, ...]:
    inscrites = Inscription.objects.filter(convention=convention).en_vigueur(au=datetime.date(annee, 12, 31))
    structures = (
        Structure.objects.filter(pk__in=inscrites.values("structure"), type_structure__code__in=TYPES)
        .select_related("type_structure", "gestionnaire", "quartier")
        .order_by("type_structure__ordre", "nom", "pk")
    )
    return tuple(
        LigneOffre(
            structure.get_sous_type_display() or structure.type_structure.nom,
            structure.nom,
            ", ".join(filter(None, (structure.adresse, structure.commune))),
            str(structure.gestionnaire or ""),
            str(structure.quartier or ""),
            structure.capacite,
            structure.type_structure.code in D_ACCUEIL,
        )
        for structure in structures
    )


def _par_quartier(offre: tuple[LigneOffre, ...]) -> tuple[OffreParQuartier, ...]:
    """Those whose quartier is known, by name."""
    quartiers = sorted({ligne.quartier for ligne in offre if ligne.quartier})
    return tuple(_offre_de(nom, [ligne for ligne in offre if ligne.quartier == nom]) for nom in quartiers)


def _offre_de(quartier: str, offre: list[LigneOffre]) -> OffreParQuartier:
    d_accueil = [ligne for ligne in offre if ligne.est_d_accueil]
    connues = [ligne.capacite for ligne in d_accueil if ligne.capacite is not None]
    return OffreParQuartier(quartier, len(offre), len(d_accueil), sum(connues), len(connues))


def _manques(fiches, offre, moyens, investissements):
    """In the order of the decree. What no field of a fiche holds is missing until it is written somewhere."""
    constats = any(nom == "constat" for fiche in fiches for nom, _ in fiche.rubriques)
    objectifs = any(axe.objectifs for fiche in fiches for axe in fiche.axes)
    connues = {
        "1° répertoire de l’offre": bool(offre),
        "1° capacité de chaque structure": any(li.est_d_accueil for li in offre)
        and all(li.capacite is not None for li in offre if li.est_d_accueil),
        "2° besoins des familles": constats,
        "3° zones où l’offre est insuffisante": False,
        "4° a) objectifs de maintien, de développement, de redéploiement": objectifs,
        "4° b) emplois et compétences": False,
        "4° c) familles qui rencontrent des difficultés particulières": False,
        "4° d) accompagnement de la qualité": False,
        "4° e) investissements": bool(investissements),
        "4° f) coûts prévisionnels et moyens": any(m.prevu is not None for _, m in moyens),
        "4° g) calendrier prévisionnel": any(fiche.etapes for fiche in fiches),
        "4° h) indicateurs et modalités d’évaluation": any(fiche.indicateurs for fiche in fiches),
    }
    return [nom for nom, est_connue in connues.items() if not est_connue]
