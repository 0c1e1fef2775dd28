"""Scopes of mandates. Each app registers the loader of the perimeters that it owns; ctg names none of them."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from ctg.enums import Role
from ctg.models import Convention, Mandat, PerimetreQuartier, Quartier

# (scope name, loader): the loader takes mandate ids and returns {mandat_id: {object ids}}, in one query or two.
Loader = Callable[[list[int]], dict[int, set[int]]]
_loaders: dict[str, Loader] = {}


@dataclass(frozen=True, slots=True)
class Droits:
    """What one person may be in one convention, today."""

    roles: frozenset[str] = frozenset()
    perimetres: dict[str, frozenset[int]] = field(default_factory=dict)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def dans(self, scope: str) -> frozenset[int]:
        return self.perimetres.get(scope, frozenset())


AUCUN = Droits()


@dataclass(frozen=True, slots=True)
class Perimetre:
    """What a mandate of `role` names: rows of `modele`, whose `champ` points at one of `choix(convention)`."""

    role: str
    libelle: str
    modele: type
    champ: str
    choix: Callable[[Convention], list[tuple[int, str]]]


_perimetres: dict[str, Perimetre] = {}


def register(scope: str, loader: Loader, perimetre: Perimetre) -> None:
    if scope in _loaders:
        raise ValueError(f"Périmètre déjà déclaré : {scope}")
    _loaders[scope] = loader
    _perimetres[perimetre.role] = perimetre


def perimetres() -> list[Perimetre]:
    return list(_perimetres.values())


def perimetre_du_role(role: str) -> Perimetre | None:
    return _perimetres.get(role)


def noms_des_perimetres(mandat_ids: list[int]) -> dict[int, list[str]]:
    """{mandate: what its scope names}, one query per kind of scope."""
    noms: dict[int, list[str]] = {}
    for perimetre in _perimetres.values():
        lignes = perimetre.modele.objects.filter(mandat__in=mandat_ids).select_related(perimetre.champ)
        for ligne in lignes.order_by("pk"):
            noms.setdefault(ligne.mandat_id, []).append(str(getattr(ligne, perimetre.champ)))
    return noms


def droits(user, convention_id: int) -> Droits:
    """Loaded once per request and kept on the account, which is itself loaded anew at each request."""
    cache = user.__dict__.setdefault("_droits", {})
    if convention_id not in cache:
        cache[convention_id] = _load(user.mandats_actifs, convention_id)
    return cache[convention_id]


def charger_droits(comptes: list, convention_id: int, *, au: datetime.date) -> None:
    """The rights of several accounts, kept on each: as many queries for one as for a hundred."""
    mandats: dict[int, list[Mandat]] = {}
    for mandat in Mandat.objects.filter(utilisateur__in=comptes).actifs(au=au).order_by("pk"):
        mandats.setdefault(mandat.utilisateur_id, []).append(mandat)
    gardes = {pk: _qui_valent(siens, convention_id) for pk, siens in mandats.items()}
    charges = _charger([mandat.pk for siens in gardes.values() for mandat in siens])
    for compte in comptes:
        compte.__dict__["mandats_actifs"] = mandats.get(compte.pk, [])
        cache = compte.__dict__.setdefault("_droits", {})
        cache[convention_id] = _reunir(gardes.get(compte.pk, []), charges)


def _load(mandats: list[Mandat], convention_id: int) -> Droits:
    kept = _qui_valent(mandats, convention_id)
    return _reunir(kept, _charger([mandat.pk for mandat in kept]) if kept else {})


def _qui_valent(mandats: list[Mandat], convention_id: int) -> list[Mandat]:
    return [m for m in mandats if m.role == Role.ADMINISTRATEUR or m.convention_id == convention_id]


def _charger(mandat_ids: list[int]) -> dict[str, dict[int, set[int]]]:
    return {scope: loader(mandat_ids) for scope, loader in _loaders.items()}


def _reunir(mandats: list[Mandat], charges: dict[str, dict[int, set[int]]]) -> Droits:
    if not mandats:
        return AUCUN
    perimetres = {
        scope: frozenset().union(*(par_mandat.get(mandat.pk, ()) for mandat in mandats))
        for scope, par_mandat in charges.items()
    }
    # Whom one speaks for: it comes with the mandate itself.
    perimetres["organismes"] = frozenset(mandat.organisme_id for mandat in mandats if mandat.organisme_id)
    return Droits(frozenset(mandat.role for mandat in mandats), perimetres)


def _quartiers(mandat_ids: list[int]) -> dict[int, set[int]]:
    scopes: dict[int, set[int]] = {}
    for mandat_id, quartier_id in PerimetreQuartier.objects.filter(mandat__in=mandat_ids).values_list(
        "mandat_id", "quartier_id"
    ):
        scopes.setdefault(mandat_id, set()).add(quartier_id)
    return scopes


register(
    "quartiers",
    _quartiers,
    Perimetre(
        Role.COORDINATEUR_TERRITORIAL,
        "Quartiers du coordinateur territorial",
        PerimetreQuartier,
        "quartier",
        lambda convention: [(q.pk, q.nom) for q in Quartier.objects.de_reference(convention.territoire)],
    ),
)
