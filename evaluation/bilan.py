"""The frozen data of a bilan: plain values only, comparable with `==`, ready for any renderer."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from fiches.reports import LigneMoyens


@dataclass(frozen=True, slots=True)
class Valeur:
    """One year's value. `nombre` and `texte` are both empty unless `situation` is « renseignee »."""

    annee: int
    situation: str
    nombre: Decimal | None
    texte: str
    etat: str
    motif: str
    numerateur: Decimal | None
    denominateur: Decimal | None
    commentaire: str


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an indicator's chart: None is a missing value, shown as missing."""

    annee: int
    valeur: Decimal | None
    cible: Decimal | None


@dataclass(frozen=True, slots=True)
class Rupture:
    """From this year on the indicator replaces another; `is_prolongee`: its values stand on the same curve."""

    annee: int
    code: str
    intitule: str
    is_prolongee: bool


@dataclass(frozen=True, slots=True)
class LigneIndicateur:
    code: str
    intitule: str
    definition: str
    nature: str
    type_indicateur: str
    unite: str
    sens: str
    periode: str
    producteur: str
    depart: Decimal | None
    date_depart: datetime.date | None
    cible: Decimal | None
    precedente: Valeur | None
    valeur: Valeur | None
    ecart: Decimal | None
    atteinte: Decimal | None
    serie: tuple[Point, ...]
    ruptures: tuple[Rupture, ...] = ()

    @property
    def unite_ecart(self) -> str:
        """Two percentages differ by points."""
        return "points" if self.unite == "%" else self.unite

    @property
    def is_renseigne(self) -> bool:
        return self.valeur is not None and self.valeur.situation == "renseignee"

    @property
    def is_sans_objet(self) -> bool:
        return self.valeur is not None and self.valeur.situation == "sans_objet"


@dataclass(frozen=True, slots=True)
class Completude:
    """How many values are known out of those expected; « sans objet » is not expected and counted apart."""

    nb_renseignees: int
    nb_attendues: int
    nb_sans_objet: int


@dataclass(frozen=True, slots=True)
class LigneMoyen:
    signataire: str
    nature: str
    is_etp: bool
    prevu: Decimal | None
    accorde: Decimal | None
    realise: Decimal | None


@dataclass(frozen=True, slots=True)
class LigneEtape:
    """Neither done nor late: to come."""

    intitule: str
    echeance: datetime.date | None
    is_faite: bool
    is_en_retard: bool


@dataclass(frozen=True, slots=True)
class LigneObjectif:
    intitule: str
    precisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LigneAxe:
    """An axe carried by a fiche, with the objectives that the text gives it."""

    code: str
    intitule: str
    enjeux: str
    introduction: str
    objectifs: tuple[LigneObjectif, ...]
    conclusion: str
    mention: str


@dataclass(frozen=True, slots=True)
class LigneFiche:
    code: str
    titre: str
    axe_code: str
    axe: str
    axe_rang: int
    mention: str
    source: str
    source_complements: str
    pilote: str
    service: str
    statut_precedent: str
    statut: str
    taux_avancement: int | None
    etapes: tuple[LigneEtape, ...]
    realisations: str
    publics_touches: str
    difficultes: str
    ajustements: str
    decision_demandee: str
    axes: tuple[LigneAxe, ...]
    rubriques: tuple[tuple[str, str], ...]
    a_completer: tuple[str, ...]
    quartiers: tuple[str, ...]
    acteurs: tuple[tuple[str, str], ...]
    indicateurs: tuple[LigneIndicateur, ...]
    moyens: tuple[LigneMoyen, ...]

    @property
    def nb_etapes_faites(self) -> int:
        return sum(etape.is_faite for etape in self.etapes)

    @property
    def completude(self) -> Completude:
        return compter(self.indicateurs)


@dataclass(frozen=True, slots=True)
class NoeudBilan:
    """A node of the tree; `fiches`: code and title, or none, of those that hang on it or carry it."""

    code: str
    intitule: str
    niveau: str
    service: str
    ecarts_annonces: tuple[str, ...]
    enfants: tuple["NoeudBilan", ...]
    fiches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SyntheseAxe:
    """A thematic axe in figures; `taux_moyen` stands on `nb_taux` fiches out of `nb_fiches`."""

    code: str
    intitule: str
    rang: int
    nb_fiches: int
    statuts: tuple[tuple[str, int], ...]
    taux_moyen: Decimal | None
    nb_taux: int
    nb_etapes: int
    nb_etapes_faites: int
    completude: Completude
    nb_decisions: int


@dataclass(frozen=True, slots=True)
class LigneInstance:
    nom: str
    frequence: str
    missions: tuple[str, ...]


# Nothing is frozen yet: every document of a year is a working document.
ETAT = "DOCUMENT DE TRAVAIL"


@dataclass(frozen=True, slots=True)
class Bilan:
    convention: str
    slug: str
    territoire: str
    annee: int
    generated_at: datetime.datetime
    is_demonstration: bool
    marques: str  # what every page, sheet and file of it says
    signataires: tuple[str, ...]
    perimetre: str
    arbre: tuple[NoeudBilan, ...]
    instances: tuple[LigneInstance, ...]
    syntheses: tuple[SyntheseAxe, ...]
    fiches: tuple[LigneFiche, ...]
    moyens: tuple[LigneMoyens, ...]
    registre: tuple[tuple[str, str, int], ...]

    @property
    def completude(self) -> Completude:
        return compter([ligne for fiche in self.fiches for ligne in fiche.indicateurs])

    @property
    def manquants(self) -> tuple[tuple[str, str, str], ...]:
        """(fiche, indicateur, why) of each expected value that is not there."""
        return tuple(
            (fiche.code, f"{ligne.code} {ligne.intitule}", ligne.valeur.motif if ligne.valeur else "")
            for fiche in self.fiches
            for ligne in fiche.indicateurs
            if not ligne.is_renseigne and not ligne.is_sans_objet
        )


def compter(indicateurs) -> Completude:
    sans_objet = sum(ligne.is_sans_objet for ligne in indicateurs)
    return Completude(
        nb_renseignees=sum(ligne.is_renseigne for ligne in indicateurs),
        nb_attendues=len(indicateurs) - sans_objet,
        nb_sans_objet=sans_objet,
    )
