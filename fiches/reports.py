"""Figures of the plan: means by signataire, and the schéma d'articulation. No presentation."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from ctg.models import Convention, Demarche
from fiches.arbre import racines_des_axes
from fiches.enums import NatureMoyen
from fiches.lecture import TOUS, Faits
from fiches.models import Axe, Contribution, FicheProjet, Moyen
from fiches.succession import textes_au

COLONNES = ("prevu", "accorde", "realise")


@dataclass(frozen=True, slots=True)
class Total:
    """A sum and what it stands on: `nb` amounts known out of `sur`. None: nothing known, which is not zero."""

    somme: Decimal | None
    nb: int
    sur: int

    @property
    def is_complet(self) -> bool:
        return self.nb == self.sur


@dataclass(frozen=True, slots=True)
class LigneMoyens:
    """One signataire, in one axe (None: all) and one year (None: all), for one nature of means."""

    axe: str | None
    signataire: str
    annee: int | None
    nature: str
    prevu: Total
    accorde: Total
    realise: Total

    @property
    def is_etp(self) -> bool:
        return self.nature == NatureMoyen.ETP.label


@dataclass(frozen=True, slots=True)
class Moyens:
    annees: tuple[int, ...]
    annee: int | None
    par_axe: tuple[LigneMoyens, ...]
    par_annee: tuple[LigneMoyens, ...]
    totaux: tuple[LigneMoyens, ...]


def additionner(valeurs: list[Decimal | None]) -> Total:
    connues = [valeur for valeur in valeurs if valeur is not None]
    return Total(sum(connues, Decimal(0)) if connues else None, len(connues), len(valeurs))


def collect_moyens(
    convention: Convention,
    *,
    annee: int | None = None,
    faits: Faits = TOUS,
    au: datetime.date | None = None,
) -> Moyens:
    """Means of the fiches of a convention; ETP and euros stay apart (one line a nature).

    A mean counts in a year in which its fiche was in force, under the axe that the fiche had at the end of that year.
    `faits`: as its reader reads them. `au`: of the fiches in force on that day alone, under their axe of that day.
    Two queries, and three for each year whose texts were others.
    """
    moyens = faits.lire_moyens(
        Moyen.objects.filter(fiche__convention=convention)
        .select_related("signataire__organisme", "fiche__axe")
        .order_by("fiche__axe__ordre", "signataire__ordre", "signataire__pk", "annee", "pk")
    )
    moyens = [moyen for moyen in moyens if _compte(moyen)]
    axes = _axes_des_moyens(convention, moyens, au)
    moyens = [moyen for moyen in moyens if moyen.pk in axes]
    moyens.sort(key=lambda moyen: axes[moyen.pk].ordre)
    retenus = [moyen for moyen in moyens if annee in (None, moyen.annee)]
    return Moyens(
        annees=tuple(sorted({moyen.annee for moyen in moyens})),
        annee=annee,
        par_axe=_grouper(retenus, lambda m: (axes[m.pk].intitule, str(m.signataire), annee)),
        par_annee=_grouper(moyens, lambda m: (None, str(m.signataire), m.annee)),
        totaux=_grouper(retenus, lambda m: (None, str(m.signataire), annee)),
    )


def _axes_des_moyens(convention: Convention, moyens: list[Moyen], au: datetime.date | None) -> dict[int, Axe]:
    """{mean: the axe that its fiche had}; of a fiche that was not in force on that day, nothing."""
    if au is not None:
        du_jour = FicheProjet.objects.filter(convention=convention).en_vigueur(au=au).select_related("axe")
        par_code = {fiche.code: fiche.axe for fiche in du_jour}
        return {m.pk: par_code[m.fiche.code] for m in moyens if m.fiche.code in par_code}
    axes = {}
    for annee in {moyen.annee for moyen in moyens}:
        siens = [moyen for moyen in moyens if moyen.annee == annee]
        textes = textes_au({moyen.fiche for moyen in siens}, datetime.date(annee, 12, 31))
        axes |= {moyen.pk: textes.get(moyen.fiche_id, moyen.fiche).axe for moyen in siens}
    return axes


def _compte(moyen: Moyen) -> bool:
    """A fiche whose text an avenant changed was in force before that too."""
    fiche, annee = moyen.fiche, moyen.annee
    commencee = fiche.succede_a_id or fiche.date_effet is None or fiche.date_effet.year <= annee
    return bool(commencee) and (fiche.date_fin is None or fiche.date_fin > datetime.date(annee, 1, 1))


def _grouper(moyens: list[Moyen], cle) -> tuple[LigneMoyens, ...]:
    groupes: dict[tuple, list[Moyen]] = defaultdict(list)
    for moyen in moyens:
        groupes[(*cle(moyen), moyen.nature)].append(moyen)
    natures = NatureMoyen.values
    premiers = {groupe[:-1]: rang for rang, groupe in reversed(list(enumerate(groupes)))}
    ordre = sorted(groupes, key=lambda g: (premiers[g[:-1]], natures.index(g[-1])))
    return tuple(
        LigneMoyens(
            axe,
            signataire,
            annee,
            NatureMoyen(nature).label,
            *(
                additionner([getattr(m, colonne) for m in groupes[axe, signataire, annee, nature]])
                for colonne in COLONNES
            ),
        )
        for axe, signataire, annee, nature in ordre
    )


@dataclass(frozen=True, slots=True)
class CelluleArticulation:
    """An axe and a démarche: said of the axe by the text, or by how many of its fiches."""

    demarche: str
    is_declare: bool
    mention: str
    fiches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Articulation:
    """Schéma d'articulation of annexe 3: axes of the first level × démarches."""

    demarches: tuple[str, ...]
    lignes: tuple[tuple[str, tuple[CelluleArticulation, ...]], ...]


def collect_articulation(convention: Convention, *, au: datetime.date) -> Articulation:
    """As of that day; five queries whatever the number of axes, démarches and fiches."""
    demarches = list(Demarche.objects.filter(convention=convention).order_by("ordre", "pk"))
    racine_de = racines_des_axes(convention)
    en_vigueur = Axe.objects.filter(convention=convention, rang=1).en_vigueur(au=au)
    axes = {axe.pk: axe for axe in en_vigueur.order_by("ordre", "pk")}
    du_jour = FicheProjet.objects.filter(convention=convention).en_vigueur(au=au)
    axe_de = dict(du_jour.order_by("axe__ordre", "numero", "pk").values_list("code", "axe"))
    rangs = {code: rang for rang, code in enumerate(axe_de)}
    declares: dict[tuple[int, int], str] = {}
    fiches: dict[tuple[int, int], list[str]] = defaultdict(list)
    contributions = Contribution.objects.filter(demarche__convention=convention).select_related("fiche")
    for contribution in sorted(
        contributions.order_by("pk"), key=lambda c: rangs.get(c.fiche and c.fiche.code, 0)
    ):
        if contribution.axe_id:
            declares[racine_de[contribution.axe_id], contribution.demarche_id] = contribution.mention
        elif axe := axe_de.get(contribution.fiche.code):
            fiches[racine_de[axe], contribution.demarche_id].append(contribution.fiche.code)
    return Articulation(
        demarches=tuple(demarche.nom for demarche in demarches),
        lignes=tuple(
            (
                axe.intitule,
                tuple(
                    CelluleArticulation(
                        d.nom,
                        (axe.pk, d.pk) in declares,
                        declares.get((axe.pk, d.pk), ""),
                        tuple(fiches[axe.pk, d.pk]),
                    )
                    for d in demarches
                ),
            )
            for axe in axes.values()
        ),
    )
