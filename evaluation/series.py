"""The years of an indicator and of those that it replaces: one curve, its breaks shown."""

from decimal import Decimal

from ctg.models import Convention
from evaluation.bilan import Part, Point, Rupture
from evaluation.enums import NatureIndicateur
from evaluation.lecture import RIEN, Caches, lisibles
from evaluation.models import Indicateur, Mesure
from evaluation.sortie_publique import is_protege

# {key: indicator that another one succeeds}
Anciens = dict[int, Indicateur]


def collect_anciens(convention: Convention) -> Anciens:
    """With values and targets; a few queries, whatever their number."""
    remplaces = Indicateur.objects.filter(fiche__convention=convention, successeur__isnull=False)
    return {ancien.pk: ancien for ancien in remplaces.prefetch_related("cibles", "mesures__parts__modalite")}


def lignee(indicateur: Indicateur, anciens: Anciens) -> list[Indicateur]:
    """The indicator, then what it replaces, then what that replaced…"""
    suite, vus = [indicateur], {indicateur.pk}
    while (avant := anciens.get(suite[-1].succede_a_id)) is not None and avant.pk not in vus:
        suite.append(avant)
        vus.add(avant.pk)
    return suite


def mesure_de(indicateur: Indicateur, annee: int, anciens: Anciens, caches: Caches = RIEN) -> Mesure | None:
    """The value of a year: its own, else that of what it replaced where the definition is the same."""
    for membre in lignee(indicateur, anciens):
        if not _meme_definition(membre, indicateur):
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
    ruptures, prolongee, avant = [], True, None
    for membre in lignee(indicateur, anciens):
        if avant is not None:
            prolongee = prolongee and _meme_echelle(membre, indicateur)
            if avant.date_effet is not None:
                ruptures.append(Rupture(avant.date_effet.year, membre.code, membre.intitule, prolongee))
        if prolongee:
            # The later indicator says a year first; the earlier one speaks of the years before its end.
            for mesure in lisibles(membre.mesures.all(), membre.fiche_id, caches):
                if _dit(avant, mesure.annee):
                    valeurs.setdefault(mesure.annee, mesure)
            for cible in membre.cibles.all():
                if _dit(avant, cible.annee):
                    cibles.setdefault(cible.annee, cible.valeur)
        avant = membre
    return valeurs, cibles, ruptures


def _point(annee: int, mesure: Mesure | None, cible: Decimal | None, nature: str) -> Point:
    if mesure is None:
        return Point(annee, None, cible)
    return Point(annee, mesure.valeur, cible, is_protege(nature, parts_de(mesure), mesure.valeur))


def parts_de(mesure: Mesure) -> tuple[Part, ...]:
    if mesure.pk is None:  # what stands for a value that is not read yet
        return ()
    parts = sorted(mesure.parts.all(), key=lambda part: (part.modalite.ordre, part.modalite_id))
    return tuple(Part(part.modalite.libelle, part.valeur) for part in parts)


def _dit(suivant: Indicateur | None, annee: int) -> bool:
    """Whether an indicator speaks of that year: not once the next one is in force."""
    return suivant is None or suivant.date_effet is None or annee < suivant.date_effet.year


def _meme_echelle(ancien: Indicateur, nouveau: Indicateur) -> bool:
    memes_unites = ancien.unite_affichee == nouveau.unite_affichee
    return memes_unites and ancien.nature not in NatureIndicateur.SANS_ECART


def _meme_definition(ancien: Indicateur, nouveau: Indicateur) -> bool:
    champs = set(Indicateur.DEFINITION) - {"code", "fiche", "valeur_depart", "date_depart"}
    return all(getattr(ancien, champ) == getattr(nouveau, champ) for champ in champs)
