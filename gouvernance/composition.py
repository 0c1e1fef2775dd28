"""Who sits where on a day: the seats of the signed text, and the persons who hold them."""

import datetime
from dataclasses import dataclass

from gouvernance.enums import QualiteMandat, QualiteMembre
from gouvernance.models import InstanceGouvernance, MandatMembre, Membre


@dataclass(frozen=True, slots=True)
class Siege:
    """`renouvellement`: the only year when this seat is associated, where the text says so; None where it does not.

    `is_appele`: whether it sits in the year of the day asked.
    """

    membre: Membre
    titulaires: tuple[MandatMembre, ...]
    suppleants: tuple[MandatMembre, ...]
    a_venir: tuple[MandatMembre, ...]
    renouvellement: int | None
    is_appele: bool

    @property
    def is_vacant(self) -> bool:
        return not self.titulaires


@dataclass(frozen=True, slots=True)
class Groupe:
    nom: str
    sieges: tuple[Siege, ...]


def collect_composition(instance: InstanceGouvernance, *, au: datetime.date) -> list[Groupe]:
    """By quality, in the order of the signed text; two queries."""
    membres = instance.membres.en_vigueur(au=au).select_related("organisme", "label").order_by("ordre", "pk")
    mandats: dict[int, list[MandatMembre]] = {}
    tous = MandatMembre.objects.filter(membre__instance_gouvernance=instance).select_related("personne")
    for mandat in tous.order_by("date_debut", "personne__nom", "pk"):
        mandats.setdefault(mandat.membre_id, []).append(mandat)
    annees = instance.convention.annees
    par_qualite: dict[str, list[Siege]] = {}
    for membre in membres:
        siege = _siege(membre, mandats.get(membre.pk, []), annees, au)
        par_qualite.setdefault(membre.qualite, []).append(siege)
    return [
        Groupe(nom, tuple(par_qualite[qualite]))
        for qualite, nom in QualiteMembre.choices
        if qualite in par_qualite
    ]


def is_appele(membre: Membre, annees: list[int], *, au: datetime.date) -> bool:
    """Whether it sits that year: the convention, whose years these are, is renewed in its last one."""
    return not membre.is_du_renouvellement or annees[-1:] == [au.year]


def _siege(membre: Membre, mandats: list[MandatMembre], annees: list[int], au: datetime.date) -> Siege:
    en_cours = [m for m in mandats if _tient(m, au)]
    return Siege(
        membre,
        tuple(m for m in en_cours if m.qualite == QualiteMandat.TITULAIRE),
        tuple(m for m in en_cours if m.qualite == QualiteMandat.SUPPLEANT),
        tuple(m for m in mandats if m.date_debut and m.date_debut > au),
        annees[-1] if membre.is_du_renouvellement and annees else None,
        is_appele(membre, annees, au=au),
    )


def _tient(mandat: MandatMembre, au: datetime.date) -> bool:
    """The twin of the queryset's `en_cours`."""
    return (mandat.date_debut is None or mandat.date_debut <= au) and (
        mandat.date_fin is None or mandat.date_fin > au
    )
