"""Facts of fiches as one person reads them: steps done and amounts spent may not be this person's to read yet.

An upper app says as of when somebody reads them (`register`); they are then taken from the history.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from ctg.models import Convention, Porte
from fiches.models import Etape, Moyen


@dataclass(frozen=True, slots=True)
class Moments:
    """As of when the facts are read, where it is not as of now."""

    etapes: Mapping[int, datetime.datetime] = field(default_factory=dict)  # {fiche: }
    moyens: Mapping[tuple[int, int], datetime.datetime] = field(default_factory=dict)  # {(fiche, year): }


@dataclass(frozen=True, slots=True)
class Faits:
    """What is read in the place of what is held now: {step: done}, {means: spent}."""

    etapes: Mapping[int, bool] = field(default_factory=dict)
    realises: Mapping[int, Decimal | None] = field(default_factory=dict)

    def is_faite(self, etape: Etape) -> bool:
        return self.etapes.get(etape.pk, etape.is_faite)

    def realise(self, moyen: Moyen) -> Decimal | None:
        return self.realises.get(moyen.pk, moyen.realise)

    def faites(self, prefixe: str = "") -> Q:
        """Steps that are read as done; `prefixe`: the way to them."""
        lues = Q(**{f"{prefixe}pk__in": [pk for pk, is_faite in self.etapes.items() if is_faite]})
        autres = Q(**{f"{prefixe}is_faite": True}) & ~Q(**{f"{prefixe}pk__in": list(self.etapes)})
        return lues | autres if self.etapes else Q(**{f"{prefixe}is_faite": True})

    def lire_etapes(self, etapes: Iterable[Etape]) -> list[Etape]:
        """To be shown, never saved."""
        etapes = list(etapes)
        for etape in etapes:
            etape.is_faite = self.is_faite(etape)
        return etapes

    def lire_moyens(self, moyens: Iterable[Moyen]) -> list[Moyen]:
        """To be shown, never saved."""
        moyens = list(moyens)
        for moyen in moyens:
            moyen.realise = self.realise(moyen)
        return moyens


TOUS = Faits()
Source = Callable[..., Moments]  # (user, convention)
_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def _moments(user, convention: Convention) -> Moments:
    lus = [source(user, convention) for source in _sources]
    return Moments(
        {cle: moment for lu in lus for cle, moment in lu.etapes.items()},
        {cle: moment for lu in lus for cle, moment in lu.moyens.items()},
    )


def collect_faits(user, convention: Convention) -> Faits:
    """Two queries more than the sources ask, and none where this person reads everything."""
    moments = _moments(user, convention)
    return Faits(
        _lire(Etape, moments.etapes, ("is_faite",), defaut=False),
        _lire(Moyen, moments.moyens, ("realise", "annee"), defaut=None),
    )


def _lire(modele, moments: Mapping, champs: tuple[str, ...], *, defaut) -> dict:
    """{row: its first field at its moment}."""
    if not moments:
        return {}
    fiches = {cle if isinstance(cle, int) else cle[0] for cle in moments}
    lignes = modele.historique.filter(fiche_id__in=fiches).order_by("id", "history_date", "history_id")
    lus, connus = {}, set()
    for pk, fiche, quand, porte, valeur, *reste in lignes.values_list(
        "id", "fiche_id", "history_date", "porte", *champs
    ):
        moment = moments.get((fiche, *reste) if reste else fiche)
        # What a load brought is of no entry, whenever it was loaded.
        if moment and (quand <= moment or (pk not in connus and porte == Porte.COMMANDE)):
            lus[pk] = valeur
        elif moment:
            lus.setdefault(pk, defaut)
        connus.add(pk)
    return lus


def relire_etapes(user, fiche, lignes: list) -> None:
    """Lines of history that would tell of a step done before it may be read: the others of the line stay."""
    moment = _moments(user, fiche.convention).etapes.get(fiche.pk)
    faits = collect_faits(user, fiche.convention) if moment else TOUS
    for ligne in lignes:
        if moment and ligne.history_date > moment and ligne.id in faits.etapes:
            ligne.is_faite = faits.etapes[ligne.id]


def relire_moyens(user, fiche, lignes: list) -> None:
    moments = _moments(user, fiche.convention).moyens
    faits = collect_faits(user, fiche.convention) if moments else TOUS
    for ligne in lignes:
        moment = moments.get((fiche.pk, ligne.annee))
        if moment and ligne.history_date > moment and ligne.id in faits.realises:
            ligne.realise = faits.realises[ligne.id]
