"""Who coordinates what, at the three levels of annexe 4; what nobody coordinates; what the posts cost."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ctg.enums import Role
from ctg.models import Convention, Mandat, PerimetreQuartier, Quartier, Service
from fiches.models import Axe
from fiches.perimetres import axes as axes_des_mandats
from gouvernance.models import FinancementPoste, PosteCooperation


@dataclass(frozen=True, slots=True)
class Place:
    """What is to be coordinated: by whom, and by which service the signed text says."""

    objet: Axe | Quartier | None
    nom: str
    personnes: tuple[str, ...]
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class Coordination:
    generale: Place
    axes: tuple[Place, ...]
    quartiers: tuple[Place, ...]

    @property
    def axes_sans(self) -> list[str]:
        return [place.nom for place in self.axes if not place.personnes]

    @property
    def quartiers_sans(self) -> list[str]:
        return [place.nom for place in self.quartiers if not place.personnes]

    @property
    def manques(self) -> list[str]:
        """Names of what no mandate in force coordinates."""
        generale = [] if self.generale.personnes else [self.generale.nom]
        return [*generale, *self.axes_sans, *self.quartiers_sans]


def collect_coordination(convention: Convention, *, au: datetime.date) -> Coordination:
    """From the mandates in force of open accounts; five queries."""
    mandats = list(
        Mandat.objects.filter(convention=convention, utilisateur__is_active=True)
        .actifs(au=au)
        .select_related("utilisateur")
        .order_by("utilisateur__nom", "utilisateur__prenom", "pk")
    )
    thematiques = [m for m in mandats if m.role == Role.COORDINATEUR_THEMATIQUE]
    territoriaux = {m.pk: m for m in mandats if m.role == Role.COORDINATEUR_TERRITORIAL}
    couverts = axes_des_mandats([m.pk for m in thematiques])
    par_quartier: dict[int, list[Mandat]] = {}
    perimetres = PerimetreQuartier.objects.filter(mandat__in=list(territoriaux))
    for mandat_id, quartier_id in perimetres.order_by("mandat__utilisateur__nom", "pk").values_list(
        "mandat", "quartier"
    ):
        par_quartier.setdefault(quartier_id, []).append(territoriaux[mandat_id])
    axes = Axe.objects.filter(convention=convention, rang=1).en_vigueur(au=au).for_tree()
    quartiers = Quartier.objects.de_reference(convention.territoire)
    return Coordination(
        Place(
            None,
            "la coordination générale",
            _noms(m for m in mandats if m.role == Role.CHARGE_COOPERATION),
        ),
        tuple(
            Place(
                axe,
                str(axe),
                _noms(m for m in thematiques if axe.pk in couverts.get(m.pk, ())),
                axe.service,
            )
            for axe in axes
        ),
        tuple(
            Place(quartier, str(quartier), _noms(par_quartier.get(quartier.pk, ()))) for quartier in quartiers
        ),
    )


def _noms(mandats: Iterable[Mandat]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(mandat.utilisateur) for mandat in mandats))


@dataclass(frozen=True, slots=True)
class Somme:
    """A sum says on how many of how many amounts it stands; nothing known is no sum."""

    total: Decimal | None
    connus: int
    lignes: int


def sommer(montants: Iterable[Decimal | None]) -> Somme:
    montants = list(montants)
    connus = [montant for montant in montants if montant is not None]
    return Somme(sum(connus, Decimal(0)) if connus else None, len(connus), len(montants))


@dataclass(frozen=True, slots=True)
class AnneeDePoste:
    annee: int
    lignes: tuple[FinancementPoste, ...]
    prevu: Somme
    realise: Somme


@dataclass(frozen=True, slots=True)
class Poste:
    poste: PosteCooperation
    annees: tuple[AnneeDePoste, ...]


@dataclass(frozen=True, slots=True)
class Postes:
    """`etp`: of the posts that say theirs; `totaux`: each year, all posts together."""

    postes: tuple[Poste, ...]
    etp: Somme
    totaux: tuple[AnneeDePoste, ...]


def collect_postes(convention: Convention) -> Postes:
    """Two queries."""
    postes = list(convention.postes.select_related("employeur", "convention").order_by("ordre", "pk"))
    financements = FinancementPoste.objects.filter(poste__convention=convention).select_related(
        "financeur", "poste"
    )
    lignes = list(financements.order_by("annee", "financeur__nom", "pk"))
    return Postes(
        tuple(Poste(p, _par_annee(ligne for ligne in lignes if ligne.poste_id == p.pk)) for p in postes),
        sommer(poste.etp for poste in postes),
        _par_annee(lignes),
    )


def _par_annee(lignes: Iterable[FinancementPoste]) -> tuple[AnneeDePoste, ...]:
    annees: dict[int, list[FinancementPoste]] = {}
    for ligne in lignes:
        annees.setdefault(ligne.annee, []).append(ligne)
    return tuple(
        AnneeDePoste(
            annee,
            tuple(siennes),
            sommer(ligne.prevu for ligne in siennes),
            sommer(ligne.realise for ligne in siennes),
        )
        for annee, siennes in sorted(annees.items())
    )
