"""The figures of the registry beside the indicators that are linked to it: what the structures did, on how many of how many."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ctg.models import Convention
from ctg.nombres import ecrire_nombre
from ctg.recherche import sans_accents
from ctg.templatetags.affichage import avec_unite
from evaluation.enums import GrandeurActivite, NatureIndicateur
from evaluation.models import Indicateur, LienRegistre
from structures.models import Structure
from structures.reports import Chiffre, totaliser_tout

CENTIEME = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ChiffreDuRegistre:
    """`valeur` None: no structure gave it, which is not zero."""

    lien: LienRegistre
    annee: int
    valeur: Decimal | None
    nb: int
    sur: int

    @property
    def a_saisir(self) -> str:
        """As one would type it."""
        return "" if self.valeur is None else ecrire_nombre(self.valeur)

    @property
    def dit(self) -> str:
        """« 1 365 places (12 structures sur 45) »."""
        if self.valeur is None:
            return f"non renseigné ({self.sur} structures)"
        return f"{self.chiffre} ({self.nb} sur {self.sur} structures)"

    @property
    def unite(self) -> str:
        """That of the registry, which the indicator may not have."""
        return GrandeurActivite.UNITES[self.lien.grandeur]

    @property
    def chiffre(self) -> str:
        return avec_unite(self.valeur, self.unite)

    @property
    def autre_unite(self) -> str:
        """That of the indicator, where it is another one: one looks at it twice."""
        unite = self.lien.indicateur.unite_affichee
        return "" if not unite or sans_accents(self.unite) in sans_accents(unite) else unite


def collect_registre(
    indicateurs: Iterable[Indicateur], convention: Convention, annee: int
) -> dict[int, ChiffreDuRegistre]:
    """{indicator: figure of the registry}, of those that are linked; two queries, one where none is."""
    par_pk = {indicateur.pk: indicateur for indicateur in indicateurs}
    liens = list(
        LienRegistre.objects.filter(indicateur__in=par_pk).select_related("type_structure", "quartier")
    )
    if not liens:
        return {}
    structures = list(
        Structure.objects.inscrites_dans_lannee(convention, annee)
        .with_activite(annee)
        .select_related("type_structure", "quartier")
    )
    chiffres = {}
    for lien in liens:
        lien.indicateur = par_pk[lien.indicateur_id]
        comptees = [structure for structure in structures if _compte(lien, structure)]
        chiffre = _chiffre(lien, comptees)
        chiffres[lien.indicateur_id] = ChiffreDuRegistre(
            lien, annee, _arrondir(chiffre.valeur, lien.indicateur), chiffre.nb, len(comptees)
        )
    return chiffres


def _compte(lien: LienRegistre, structure: Structure) -> bool:
    return lien.type_structure_id in {None, structure.type_structure_id} and lien.quartier_id in {
        None,
        structure.quartier_id,
    }


def _chiffre(lien: LienRegistre, structures: list[Structure]) -> Chiffre:
    ligne = totaliser_tout(structures, str(lien))
    return {
        "places": ligne.places,
        "heures": ligne.heures,
        "enfants": ligne.enfants,
        "taux_occupation": ligne.taux,
    }[lien.grandeur]


def _arrondir(valeur, indicateur: Indicateur) -> Decimal | None:
    """As the nature of the indicator is entered: whole, or with two decimals."""
    if valeur is None:
        return None
    pas = Decimal(1) if indicateur.nature in NatureIndicateur.SANS_DECIMALE else CENTIEME
    return Decimal(valeur).quantize(pas, ROUND_HALF_UP)
