"""Who takes part in which fiche, from real links only: a matrix, its drawing, who came and went."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from ctg.models import Convention
from ctg.recherche import normalise
from fiches.arbre import racines_des_axes
from fiches.enums import RoleImplication
from fiches.models import Axe, FicheProjet, Implication
from fiches.succession import textes_au
from gouvernance.models import Membre

# What a cell of the matrix says of a role; the legend says the word.
SIGLES = {
    RoleImplication.PILOTE: "Pi",
    RoleImplication.COPILOTE: "Co",
    RoleImplication.FINANCEUR: "Fi",
    RoleImplication.PARTENAIRE: "Pa",
    RoleImplication.ASSOCIE: "As",
}


@dataclass(slots=True)
class Acteur:
    """`cle`: the kind and the key of the organisme or structure; `liens`: {fiche: its roles, in their order}."""

    cle: tuple[str, int]
    nom: str
    is_signataire: bool = False
    liens: dict[int, list[str]] = field(default_factory=dict)
    sieges: list[str] = field(default_factory=list)  # the instances where it sits

    @property
    def roles(self) -> set[str]:
        return {role for roles in self.liens.values() for role in roles}


@dataclass(frozen=True, slots=True)
class Colonne:
    """A fiche of the year; `rang`: the place of its axe of the first level, which gives its colour."""

    pk: int
    code: str
    titre: str
    axe: str
    rang: int


@dataclass(frozen=True, slots=True)
class Acteurs:
    annee: int
    colonnes: tuple[Colonne, ...]
    acteurs: tuple[Acteur, ...]

    def filtrer(self, *, texte: str = "", role: str = "", axe: str = "") -> "Acteurs":
        """`axe`: the name of one of the first level. An actor stays where something of it is left."""
        colonnes = tuple(c for c in self.colonnes if not axe or c.axe == axe)
        gardees = {colonne.pk for colonne in colonnes}
        mots = normalise(texte).split()
        acteurs = []
        for acteur in self.acteurs:
            liens = {
                pk: [r for r in roles if not role or r == role]
                for pk, roles in acteur.liens.items()
                if pk in gardees
            }
            liens = {pk: roles for pk, roles in liens.items() if roles}
            trouve = all(mot in normalise(acteur.nom) for mot in mots)
            if trouve and (liens or not (role or axe)):
                acteurs.append(Acteur(acteur.cle, acteur.nom, acteur.is_signataire, liens, acteur.sieges))
        return Acteurs(self.annee, colonnes, tuple(acteurs))

    @property
    def nb_liens(self) -> int:
        return sum(len(roles) for acteur in self.acteurs for roles in acteur.liens.values())

    def table(self) -> list[list[str]]:
        """Headings, then a row for each actor; roles in words."""
        noms = dict(RoleImplication.choices)
        titres = ["Acteur", "Signataire", "Siège", *(colonne.code for colonne in self.colonnes)]
        return [titres] + [
            [
                acteur.nom,
                "oui" if acteur.is_signataire else "",
                ", ".join(acteur.sieges),
                *(", ".join(str(noms[r]) for r in acteur.liens.get(c.pk, ())) for c in self.colonnes),
            ]
            for acteur in self.acteurs
        ]


def collect_acteurs(convention: Convention, annee: int) -> Acteurs:
    """Seven queries, whatever the number of fiches and of actors."""
    racine_de = racines_des_axes(convention)
    racines = {axe.pk: axe for axe in Axe.objects.filter(convention=convention, rang=1)}
    fiches = list(FicheProjet.objects.filter(convention=convention).de_l_annee(annee).for_list())
    textes = textes_au(fiches, datetime.date(annee, 12, 31))
    dites = {fiche.pk: textes.get(fiche.pk, fiche) for fiche in fiches}
    dites = dict(sorted(dites.items(), key=lambda dite: (dite[1].axe.ordre, dite[1].numero, dite[0])))
    colonnes = tuple(
        Colonne(
            pk,
            texte.code,
            texte.titre,
            racines[racine_de[texte.axe_id]].intitule,
            racines[racine_de[texte.axe_id]].ordre,
        )
        for pk, texte in dites.items()
    )
    acteurs: dict[tuple[str, int], Acteur] = {}
    signataires = convention.signataires.filter(_tenus(annee)).select_related("organisme")
    for signataire in signataires.order_by("ordre", "pk"):
        _acteur(acteurs, signataire.organisme).is_signataire = True
    for pk, texte in dites.items():
        if texte.pilote:
            _lier(_acteur(acteurs, texte.pilote), pk, RoleImplication.PILOTE)
    implications = Implication.objects.filter(fiche__in=[fiche.pk for fiche in fiches])
    for implication in implications.select_related("organisme", "structure", "fiche").order_by("pk"):
        if implication.is_pilote_de(implication.fiche) and implication.fiche_id in textes:
            continue  # of another text than that of the year
        _lier(
            _acteur(acteurs, implication.organisme or implication.structure),
            implication.fiche_id,
            implication.role,
        )
    for siege in _sieges(convention, annee):
        sieges = _acteur(acteurs, siege.organisme).sieges
        if (nom := str(siege.instance_gouvernance)) not in sieges:
            sieges.append(nom)
    tries = sorted(acteurs.values(), key=lambda acteur: (normalise(acteur.nom), acteur.cle))
    return Acteurs(annee, colonnes, tuple(tries))


def _tenus(annee: int) -> Q:
    """What was held at some time of that year."""
    premier, dernier = datetime.date(annee, 1, 1), datetime.date(annee, 12, 31)
    return (Q(date_effet=None) | Q(date_effet__lte=dernier)) & (Q(date_fin=None) | Q(date_fin__gt=premier))


def _sieges(convention: Convention, annee: int) -> Iterable[Membre]:
    """Seats of organismes."""
    sieges = Membre.objects.filter(
        _tenus(annee), instance_gouvernance__convention=convention, organisme__isnull=False
    )
    return sieges.select_related("organisme", "instance_gouvernance").order_by(
        "instance_gouvernance__ordre", "ordre", "pk"
    )


def _acteur(acteurs: dict, objet) -> Acteur:
    cle = (objet._meta.model_name, objet.pk)
    return acteurs.setdefault(cle, Acteur(cle, objet.nom))


def _lier(acteur: Acteur, fiche: int, role: str) -> None:
    roles = acteur.liens.setdefault(fiche, [])
    if role not in roles:
        roles.append(role)
        roles.sort(key=RoleImplication.values.index)


@dataclass(frozen=True, slots=True)
class Mouvements:
    """Between a year and the one before: names of actors."""

    arrives: tuple[str, ...]
    partis: tuple[str, ...]


def comparer(avant: Acteurs, apres: Acteurs) -> Mouvements:
    """An actor is there where a link, a seat or a signature holds."""
    noms_avant, noms_apres = (
        {acteur.cle: acteur.nom for acteur in annee.acteurs} for annee in (avant, apres)
    )
    return Mouvements(
        tuple(nom for cle, nom in noms_apres.items() if cle not in noms_avant),
        tuple(nom for cle, nom in noms_avant.items() if cle not in noms_apres),
    )
