"""Effects counted, by thematic axe and for the convention: of the register, and of the content of a bilan."""

from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Convention
from evaluation.bilan import Contenu
from evaluation.enums import SensEffet
from evaluation.models import Effet
from fiches.arbre import racines_des_axes
from fiches.models import Axe


@dataclass(frozen=True, slots=True)
class CompteEffets:
    """`nom`: of an axe, or « Toute la convention » for what was noted on no axe in particular."""

    nom: str
    nb: int
    nb_positifs: int
    nb_negatifs: int
    nb_inattendus: int
    nb_negatifs_inattendus: int


CONVENTION = "Toute la convention"


def compter_par_axe(convention: Convention, effets: Iterable[Effet]) -> list[CompteEffets]:
    """Those of an axe hold those of its fiches and of what stands under it. Axes without any are left out."""
    racines = racines_des_axes(convention)
    par_racine: dict[int | None, list[Effet]] = {}
    for effet in effets:
        axe = effet.fiche.axe_id if effet.fiche else effet.axe_id
        par_racine.setdefault(racines[axe] if axe else None, []).append(effet)
    axes = Axe.objects.filter(pk__in=[pk for pk in par_racine if pk]).order_by("ordre", "pk")
    noms = [(None, CONVENTION), *((axe.pk, axe.intitule) for axe in axes)]
    return [compter(nom, par_racine[pk]) for pk, nom in noms if pk in par_racine]


def compter_le_bilan(contenu: Contenu) -> list[CompteEffets]:
    """The same, of what is frozen. Effects of axes are unknown before they were gathered."""
    comptes = [compter(CONVENTION, contenu.effets)] if contenu.effets else []
    for synthese in contenu.syntheses:
        des_fiches = [e for fiche in contenu.fiches if fiche.axe_rang == synthese.rang for e in fiche.effets]
        des_axes = [
            e for axe in contenu.effets_axes or () if axe.axe_rang == synthese.rang for e in axe.effets
        ]
        if des_fiches or des_axes:
            comptes.append(compter(synthese.intitule, des_axes + des_fiches))
    return comptes


def compter(nom: str, effets: Iterable) -> CompteEffets:
    """Rows of the register, or lines of a bilan: both say their sense in the same word."""
    effets = list(effets)
    negatifs = [effet for effet in effets if effet.sens in {SensEffet.NEGATIF, SensEffet.NEGATIF.label}]
    return CompteEffets(
        nom,
        len(effets),
        len(effets) - len(negatifs),
        len(negatifs),
        sum(not effet.is_attendu for effet in effets),
        sum(not effet.is_attendu for effet in negatifs),
    )
