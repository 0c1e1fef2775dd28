"""The only authorisation door, for views, templates, services and the admin alike: one table of rules.

A rule says which role may do what, and how far (`Portee`). The answer is an `Access`: a refusal carries the
sentence that the person reads where the button would have been.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ctg.enums import Role
from ctg.perimetres import AUCUN, Droits, droits


@dataclass(frozen=True, slots=True)
class Access:
    """`hors_perimetre`: the role may do it elsewhere, not on this object; its address is then not found (404)."""

    allowed: bool
    reason: str = ""
    hors_perimetre: bool = False

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Access(allowed=True)


@dataclass(frozen=True, slots=True)
class Portee:
    """How far a role may do something: `contient(droits, objet)`."""

    nom: str
    contient: Callable[[Droits, object], bool]


PARTOUT = Portee("partout", lambda droits, objet: True)
SA_CONVENTION = Portee("sa convention", lambda droits, objet: True)


@dataclass(frozen=True, slots=True)
class Regle:
    """One line of the table. `refus` is for the roles that never may, `hors` for those who may elsewhere."""

    code: str
    libelle: str
    accorde: dict[str, Portee]
    refus: str
    hors: str = ""
    tous: bool = field(default=False)  # whoever holds a mandate in the convention

    def juger(self, user, objet) -> Access:
        mine = droits(user, getattr(objet, "convention_id", None) or getattr(objet, "pk", 0))
        if self.tous:
            return ALLOWED if mine is not AUCUN else Access(allowed=False, reason=self.refus)
        roles = [role for role in self.accorde if mine.has(role)]
        if any(self.accorde[role].contient(mine, objet) for role in roles):
            return ALLOWED
        if roles:
            return Access(allowed=False, reason=self.hors or self.refus, hors_perimetre=True)
        return Access(allowed=False, reason=self.refus)


_regles: dict[str, Regle] = {}


def declarer(
    code: str, libelle: str, accorde: dict[str, Portee] | None, *, refus: str, hors: str = ""
) -> None:
    """`accorde`: {role: how far}; None: whoever holds a mandate in the convention."""
    if code in _regles:
        raise ValueError(f"Permission déjà déclarée : {code}")
    _regles[code] = Regle(code, libelle, accorde or {}, refus, hors, tous=accorde is None)


def regles() -> list[Regle]:
    return sorted(_regles.values(), key=lambda regle: regle.code)


def codes() -> frozenset[str]:
    return frozenset(_regles)


def check(user, code: str, obj=None) -> Access:
    """May this person do it on this object (a convention, or what belongs to one)? An unknown code: KeyError."""
    regle = _regles[code]
    if not (user.is_authenticated and user.is_active):
        return Access(allowed=False, reason="Connectez-vous pour continuer.")
    return regle.juger(user, obj)


EQUIPE = {role: SA_CONVENTION for role in Role.values if role in Role.EQUIPE} | {Role.ADMINISTRATEUR: PARTOUT}

declarer(
    "ctg.consulter",
    "Lire le plan, le registre, les instances, les documents",
    None,
    refus="Vous n’avez pas de mandat dans cette convention. Demandez-en un au chargé de coopération.",
)
declarer(
    "ctg.administrer",
    "Ouvrir l’administration : comptes, référentiels, imports",
    {Role.ADMINISTRATEUR: PARTOUT},
    refus="Réservé aux administrateurs de l’application.",
)
declarer(
    "ctg.charger_convention",
    "Charger une convention depuis un classeur",
    {Role.ADMINISTRATEUR: PARTOUT},
    refus="Une convention se charge par un administrateur de l’application : envoyez-lui le classeur rempli.",
)
declarer(
    "ctg.exporter_convention",
    "Télécharger toute la convention en un classeur",
    {Role.CHARGE_COOPERATION: SA_CONVENTION, Role.ADMINISTRATEUR: PARTOUT},
    refus="Le classeur de toute la convention se demande au chargé de coopération.",
)
# Live figures are the team's and the Caf's; the others read a version of the bilan, once it has the aval.
declarer(
    "ctg.lire_chiffres",
    "Lire les chiffres de l’année avant tout aval",
    EQUIPE,
    refus=(
        "Les chiffres de l’année se lisent dans le bilan, une fois l’aval donné : "
        "ceux qui vous sont ouverts sont dans « Bilans »."
    ),
)
# Written between those who work on the convention; never the committee's, never printed.
declarer(
    "ctg.lire_commentaires",
    "Lire les commentaires",
    EQUIPE,
    refus="Les commentaires se lisent dans l’équipe de la convention et à la Caf.",
)
declarer(
    "ctg.commenter",
    "Écrire un commentaire, répondre",
    {role: SA_CONVENTION for role in Role.values if role in Role.EQUIPE - {Role.ADMINISTRATEUR}},
    refus="Les commentaires s’écrivent dans l’équipe de la convention et à la Caf.",
)
declarer(
    "ctg.voir_personnes",
    "Lire qui fait quoi : personnes, fonctions, mandats",
    EQUIPE | {Role.REPRESENTANT: SA_CONVENTION},  # who gives mandates of their organisme sees to whom
    refus="La liste des personnes se lit dans l’équipe de la convention et chez les signataires.",
)
declarer(
    "ctg.gerer_personnes",
    "Tenir la liste des personnes et de leurs fonctions",
    {Role.ADMINISTRATEUR: PARTOUT, Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Le chargé de coopération tient la liste des personnes : demandez-lui la correction.",
)
declarer(
    "ctg.inviter",
    "Donner un mandat (dans les limites du tableau des mandats)",
    {
        Role.ADMINISTRATEUR: PARTOUT,
        Role.CHARGE_COOPERATION: SA_CONVENTION,
        Role.CONSEILLER_CAF: SA_CONVENTION,
        Role.REPRESENTANT: SA_CONVENTION,
    },
    refus="Un mandat se demande au chargé de coopération.",
)
declarer(
    "ctg.parametrer",
    "Changer les paramètres de la convention",
    {Role.ADMINISTRATEUR: PARTOUT, Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Les paramètres de la convention se changent par le chargé de coopération ou un administrateur.",
)
declarer(
    "ctg.fusionner_organismes",
    "Réunir deux organismes qui n’en font qu’un",
    {Role.ADMINISTRATEUR: PARTOUT},
    refus="Les organismes servent à toutes les conventions : un administrateur réunit ceux qui n’en font qu’un.",
)
declarer(
    "ctg.tenir_quartiers",
    "Importer les contours des quartiers, composer les secteurs des autres découpages",
    {Role.ADMINISTRATEUR: PARTOUT, Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Les quartiers et les découpages se tiennent par le chargé de coopération ou un administrateur.",
)
declarer(
    "ctg.choisir_aval",
    "Choisir les organismes dont l’aval est nécessaire",
    {Role.ADMINISTRATEUR: PARTOUT},
    refus="Un administrateur choisit les organismes qui donnent l’aval.",
)
# Its address, its dates, what it takes over: who does it leads the convention that ends, or administers them all.
declarer(
    "ctg.renouveler",
    "Ouvrir la convention suivante à partir de celle-ci, et l’abandonner",
    {Role.ADMINISTRATEUR: PARTOUT, Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="La convention suivante s’ouvre par le chargé de coopération ou un administrateur.",
)
