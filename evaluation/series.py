"""The years of an indicator and of those that it replaces: one curve, its breaks shown."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from ctg.models import Convention
from evaluation.bilan import Part, Point, Rupture
from evaluation.enums import NatureIndicateur
from evaluation.lecture import RIEN, Caches, anterieures, lisibles
from evaluation.models import Indicateur, Mesure
from evaluation.sortie_publique import is_protege


@dataclass(frozen=True, slots=True)
class Avant:
    """A convention before: its name, and the first year of the one that continues it, where it is known."""

    nom: str
    suite: int | None


class Anciens(dict[int, Indicateur]):
    """{key: indicator that another one succeeds, or continues in the next convention}."""

    def __init__(self, anciens=(), conventions: dict[int, Avant] | None = None):
        super().__init__(anciens)
        self.conventions = conventions or {}


def collect_anciens(convention: Convention, lecteur=None) -> Anciens:
    """With values and targets; a few queries, whatever their number.

    `lecteur`: who reads; of the conventions before, only those whose figures are theirs to read.
    """
    conventions, suivante = {}, convention
    for avant in anterieures(convention, lecteur):
        conventions[avant.pk] = Avant(str(avant), _premiere_annee(avant, suivante))
        suivante = avant
    condition = Q(fiche__convention=convention, successeur__isnull=False)
    if conventions:
        repris = Indicateur.objects.filter(predecesseur__isnull=False).values("predecesseur")
        dans = Q(fiche__convention__in=conventions)
        condition |= dans & (Q(successeur__isnull=False) | Q(pk__in=repris))
    remplaces = Indicateur.objects.filter(condition).select_related("fiche")
    lus = remplaces.prefetch_related("cibles", "mesures__parts__modalite")
    return Anciens({ancien.pk: ancien for ancien in lus}, conventions)


def _premiere_annee(avant: Convention, suivante: Convention) -> int | None:
    """Of the convention that continues another; without its beginning, the year after the end of the other."""
    if suivante.date_debut:
        return suivante.date_debut.year
    return avant.date_fin.year + 1 if avant.date_fin else None


def lignee(indicateur: Indicateur, anciens: Anciens) -> list[Indicateur]:
    """The indicator, then what it replaces or continues, then what that replaced…"""
    suite, vus = [indicateur], {indicateur.pk}
    while (avant := _avant(suite[-1], anciens)) is not None and avant.pk not in vus:
        suite.append(avant)
        vus.add(avant.pk)
    return suite


def _avant(indicateur: Indicateur, anciens: Anciens) -> Indicateur | None:
    return anciens.get(indicateur.succede_a_id) or anciens.get(indicateur.predecesseur_id)


def mesure_de(indicateur: Indicateur, annee: int, anciens: Anciens, caches: Caches = RIEN) -> Mesure | None:
    """The value of a year: its own, else that of what it replaced in the convention, where the definition is the same."""
    for membre in lignee(indicateur, anciens):
        if not _meme_definition(membre, indicateur) or _est_d_avant(membre, anciens):
            return None
        lues = lisibles(membre.mesures.all(), membre.fiche_id, caches)
        if (mesure := next((m for m in lues if m.annee == annee), None)) is not None:
            return mesure
    return None


def collect_serie(
    indicateur: Indicateur, annee: int, anciens: Anciens, caches: Caches = RIEN
) -> tuple[tuple[Point, ...], tuple[Rupture, ...]]:
    """Points until the year, targets beyond; a year that is not known stays a gap."""
    if indicateur.nature in NatureIndicateur.SANS_ECART:
        return (), ()
    valeurs, cibles, ruptures = _dites(indicateur, anciens, caches)
    connues = sorted({*valeurs, *cibles})
    points = tuple(
        _point(a, valeurs.get(a) if a <= annee else None, cibles.get(a), indicateur.nature)
        for a in (range(connues[0], max(annee, connues[-1]) + 1) if connues else ())
    )
    visibles = [r for r in ruptures if points and points[0].annee <= r.annee <= points[-1].annee]
    return points, tuple(sorted(visibles, key=lambda r: r.annee))


def _dites(
    indicateur: Indicateur, anciens: Anciens, caches: Caches
) -> tuple[dict[int, Mesure], dict[int, Decimal], list[Rupture]]:
    """What the lineage says of each year, the later indicator first: values, targets, breaks."""
    valeurs: dict[int, Mesure] = {}
    cibles: dict[int, Decimal] = {}
    ruptures, prolongee, suivant = [], True, None
    for membre in lignee(indicateur, anciens):
        des = (
            None if suivant is None else _des(suivant, membre, anciens)
        )  # the year from which the next one speaks
        if suivant is not None:
            prolongee = prolongee and meme_echelle(membre, indicateur)
            if des is not None:
                ruptures.append(Rupture(des, _nommer(membre, anciens), membre.intitule, prolongee))
        if prolongee:
            # The later indicator says a year first; the earlier one speaks of the years before its end.
            for mesure in lisibles(membre.mesures.all(), membre.fiche_id, caches):
                if des is None or mesure.annee < des:
                    valeurs.setdefault(mesure.annee, mesure)
            for cible in membre.cibles.all():
                if des is None or cible.annee < des:
                    cibles.setdefault(cible.annee, cible.valeur)
        suivant = membre
    return valeurs, cibles, ruptures


def _des(suivant: Indicateur, membre: Indicateur, anciens: Anciens) -> int | None:
    if suivant.succede_a_id != membre.pk and _est_d_avant(membre, anciens):
        return anciens.conventions[membre.fiche.convention_id].suite
    return suivant.date_effet.year if suivant.date_effet else None


def _est_d_avant(membre: Indicateur, anciens: Anciens) -> bool:
    return bool(anciens.conventions) and membre.fiche.convention_id in anciens.conventions


def _nommer(membre: Indicateur, anciens: Anciens) -> str:
    if not _est_d_avant(membre, anciens):
        return membre.code
    return (
        f"{membre.code} de la convention précédente ({anciens.conventions[membre.fiche.convention_id].nom})"
    )


def _point(annee: int, mesure: Mesure | None, cible: Decimal | None, nature: str) -> Point:
    if mesure is None:
        return Point(annee, None, cible)
    return Point(annee, mesure.valeur, cible, is_protege(nature, parts_de(mesure), mesure.valeur))


def parts_de(mesure: Mesure) -> tuple[Part, ...]:
    if mesure.pk is None:  # what stands for a value that is not read yet
        return ()
    parts = sorted(mesure.parts.all(), key=lambda part: (part.modalite.ordre, part.modalite_id))
    return tuple(Part(part.modalite.libelle, part.valeur) for part in parts)


def meme_echelle(ancien: Indicateur, nouveau: Indicateur) -> bool:
    memes_unites = ancien.unite_affichee == nouveau.unite_affichee
    return memes_unites and ancien.nature not in NatureIndicateur.SANS_ECART


def _meme_definition(ancien: Indicateur, nouveau: Indicateur) -> bool:
    champs = set(Indicateur.DEFINITION) - {"code", "fiche", "valeur_depart", "date_depart"}
    return all(getattr(ancien, champ) == getattr(nouveau, champ) for champ in champs)
