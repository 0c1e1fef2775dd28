"""What the page proposes to take over, and what was chosen of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils import timezone

from ctg.chargement.export import exporter
from ctg.chargement.tableau import Tableau
from ctg.enums import Role
from ctg.models import Convention, Mandat, Personne, Utilisateur
from ctg.perimetres import noms_des_perimetres
from ctg.renouvellement.reprises import Reprise, get_reprise

TRAVAILLENT = (
    Role.CHARGE_COOPERATION,
    Role.COORDINATEUR_THEMATIQUE,
    Role.COORDINATEUR_TERRITORIAL,
    Role.REFERENT,
)


@dataclass(frozen=True, slots=True)
class Choix:
    """`lignes`: « fiches:12 »; `mandats`: keys of those that are given again."""

    lignes: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    mandats: frozenset[int] = frozenset()

    def prend(self, tableau: Tableau, objet: models.Model) -> bool:
        reprise = get_reprise(tableau.nom)
        if reprise is None:
            return True  # not taken over, but what it names may be
        if reprise.titre:
            return cle_de(tableau.nom, objet) in self.lignes
        return reprise.retenir(objet) and (not reprise.option or reprise.option in self.options)


@dataclass(slots=True)
class Element:
    """A row that may be taken over, with those that stand under it."""

    cle: str
    nom: str
    ecart: str
    is_coche: bool = False
    enfants: list["Element"] = field(default_factory=list)

    @property
    def nb(self) -> int:
        return 1 + sum(enfant.nb for enfant in self.enfants)

    def tous(self) -> Iterable["Element"]:
        yield self
        for enfant in self.enfants:
            yield from enfant.tous()


@dataclass(slots=True)
class Section:
    titre: str
    elements: list[Element]
    is_du_plan: bool = False

    @property
    def nb(self) -> int:
        return sum(element.nb for element in self.elements)


@dataclass(frozen=True, slots=True)
class MandatPropose:
    mandat: Mandat
    nom: str
    perimetre: str


def cle_de(tableau: str, objet: models.Model) -> str:
    return f"{tableau}:{objet.pk}"


def collect_sections(convention: Convention, choix: Choix | None) -> list[Section]:
    """Everything that is in force and can be taken over, the plan first; without a choice, all but what has ended is."""
    par_objet: dict[tuple[type, int], Element] = {}
    sections: dict[str, Section] = {}
    for ecrit in exporter(convention):
        reprise = get_reprise(ecrit.tableau.nom)
        if reprise is None or not reprise.titre:
            continue
        poses = [
            (objet, par_objet.setdefault((type(objet), objet.pk), _element(reprise, objet, choix)))
            for objet in ecrit.objets
            if reprise.retenir(objet)
        ]
        for objet, element in poses:
            dessus = reprise.sous(objet)
            parent = par_objet.get((type(dessus), dessus.pk)) if dessus is not None else None
            if parent is not None:
                parent.enfants.append(element)
            else:
                titre = element.nom if reprise.is_section else reprise.titre
                sections.setdefault(titre, Section(titre, [], reprise.is_section)).elements.append(element)
    return sorted(sections.values(), key=lambda section: not section.is_du_plan)


def _element(reprise: Reprise, objet: models.Model, choix: Choix | None) -> Element:
    cle, ecart = cle_de(reprise.tableau, objet), reprise.ecart(objet)
    return Element(cle, reprise.nommer(objet), ecart, not ecart if choix is None else cle in choix.lignes)


def avec_ce_qui_porte(sections: list[Section], lignes: Iterable[str]) -> frozenset[str]:
    """Of what is proposed, what was ticked and all that it stands under: a fiche goes with its axe."""
    voulues, gardees = set(lignes), set()

    def garder(element: Element) -> bool:
        dessous = [garder(enfant) for enfant in element.enfants]
        if element.cle in voulues or any(dessous):
            gardees.add(element.cle)
            return True
        return False

    for section in sections:
        for element in section.elements:
            garder(element)
    return frozenset(gardees)


def collect_mandats(convention: Convention, *, par: Utilisateur) -> list[MandatPropose]:
    """Those of the people who work on it, but one's own: each is given again one by one."""
    today = timezone.localdate()
    mandats = list(
        Mandat.objects.filter(convention=convention, role__in=TRAVAILLENT, utilisateur__is_active=True)
        .exclude(utilisateur=par, role=Role.CHARGE_COOPERATION)
        .actifs(au=today)
        .select_related("utilisateur")
        .order_by("pk")
    )
    personnes = {
        personne.utilisateur_id: str(personne)
        for personne in Personne.objects.filter(convention=convention, utilisateur__isnull=False)
    }
    perimetres = noms_des_perimetres([mandat.pk for mandat in mandats])
    rangs = {role: rang for rang, role in enumerate(TRAVAILLENT)}
    proposes = [
        MandatPropose(
            mandat,
            personnes.get(mandat.utilisateur_id) or str(mandat.utilisateur),
            ", ".join(perimetres.get(mandat.pk, [])),
        )
        for mandat in mandats
    ]
    return sorted(proposes, key=lambda propose: (rangs[propose.mandat.role], propose.nom, propose.mandat.pk))
