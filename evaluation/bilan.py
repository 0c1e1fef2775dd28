"""The content of a bilan: plain values only, comparable with `==`, ready for any renderer and for canonical JSON.

`Contenu` is what is frozen (C). What is said of it afterwards is `evaluation.acte`; how it is shown, `evaluation.edition`.
A change of these classes is a change of `SCHEMA`, of docs/bilan.schema.json (`manage.py ecrire_schema`), and of
`evaluation.contenus`, which reads what was frozen before.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from fiches.reports import LigneMoyens

SCHEMA = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a detailed value. `masque`: what is written instead of a number that is not published."""

    libelle: str
    valeur: Decimal | None
    masque: str = ""


@dataclass(frozen=True, slots=True)
class Valeur:
    """One year's value. `nombre` and `texte` are both empty unless `situation` is « renseignee ».

    `ecart_parts`: total − sum of the parts, where they do not reconcile; `saisi_par` is said only of who entered it
    for somebody else.
    """

    annee: int
    situation: str
    nombre: Decimal | None
    texte: str
    etat: str
    motif: str
    numerateur: Decimal | None
    denominateur: Decimal | None
    commentaire: str
    is_validee: bool
    parts: tuple[Part, ...]
    ecart_parts: Decimal | None
    saisi_par: str
    pour_le_compte_de: str
    masque: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an indicator's chart: None is a missing value, shown as missing.

    `is_protege`: the total gives away a small count, and stays out of what is public.
    """

    annee: int
    valeur: Decimal | None
    cible: Decimal | None
    is_protege: bool = False


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
    """How many values are known out of those expected; « sans objet » is not expected and counted apart.

    `nb_non_validees`: known, of an entry that is not validated; they are part of `nb_renseignees`.
    """

    nb_renseignees: int
    nb_attendues: int
    nb_sans_objet: int
    nb_non_validees: int = 0


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
class LigneEffet:
    """An observed effect (annexe 5)."""

    constat: str
    sens: str
    is_attendu: bool
    origine: str
    parties_prenantes: str
    preuve: str


@dataclass(frozen=True, slots=True)
class EffetsAxe:
    """What was observed on an axe itself. `axe_rang`: of the thematic axe above it, among the syntheses."""

    code: str
    intitule: str
    axe_rang: int
    effets: tuple[LigneEffet, ...]


@dataclass(frozen=True, slots=True)
class LigneParticipation:
    """A time when inhabitants took part. `nb_personnes`: None is not known, which is not zero."""

    date_debut: datetime.date
    date_fin: datetime.date | None
    intitule: str
    niveau: str
    publics: tuple[str, ...]
    quartiers: tuple[str, ...]
    axes: tuple[str, ...]
    fiches: tuple[str, ...]
    is_gouvernance: bool
    nb_personnes: int | None
    paroles: str
    changements: str
    decision: str


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
    """`saisie`: the state of its entry of that year, in words; empty where no campaign asked for one."""

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
    saisie: str
    is_validee: bool
    saisi_par: str
    pour_le_compte_de: str
    statut_precedent: str
    statut: str
    taux_avancement: int | None
    etapes: tuple[LigneEtape, ...]
    nb_etapes: int
    nb_etapes_faites: int
    realisations: str
    publics_touches: str
    difficultes: str
    ajustements: str
    decision_demandee: str
    effets: tuple[LigneEffet, ...]
    axes: tuple[LigneAxe, ...]
    rubriques: tuple[tuple[str, str], ...]
    a_completer: tuple[str, ...]
    quartiers: tuple[str, ...]
    acteurs: tuple[tuple[str, str], ...]
    indicateurs: tuple[LigneIndicateur, ...]
    moyens: tuple[LigneMoyen, ...]

    @property
    def completude(self) -> Completude:
        return compter(self.indicateurs)

    @property
    def a_des_courbes(self) -> bool:
        return any(ligne.serie for ligne in self.indicateurs)


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
    """A thematic axe in figures; `taux_moyen` stands on `nb_taux` fiches out of `nb_fiches`.

    `nb_validees`: fiches whose entry is validated; the others count in the means too.
    """

    code: str
    intitule: str
    rang: int
    nb_fiches: int
    nb_validees: int
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


@dataclass(frozen=True, slots=True)
class LigneReunion:
    """A meeting of the year."""

    numero: str
    date: datetime.date
    instance: str
    intitule: str
    nb_decisions: int


@dataclass(frozen=True, slots=True)
class LigneSuite:
    """A decision and what became of it, as of the day of the document. `fiches`: codes of those that it concerns."""

    numero: str
    date: datetime.date
    instance: str
    texte: str
    service: str
    echeance: datetime.date | None
    etat: str
    is_en_retard: bool
    fiches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mouvement:
    """What came, left or was replaced since 31 December of the year before. `quoi`: « fiche » or « structure »."""

    quoi: str
    sens: str
    code: str
    intitule: str


@dataclass(frozen=True, slots=True)
class JourDeSaisie:
    """When the value of an indicator of the year was last written."""

    fiche: str
    indicateur: str
    jour: datetime.date


@dataclass(frozen=True, slots=True)
class NoteDeSuite:
    """The last word on what was done of a decision."""

    numero: str
    jour: datetime.date
    texte: str


@dataclass(frozen=True, slots=True)
class Contenu:
    """Everything that a bilan says of a year; `schema` is the version of this very form.

    What is None was not gathered when it was frozen, which is not « none ». `effets`: those of the whole convention.
    """

    schema: int
    convention: str
    slug: str
    territoire: str
    annee: int
    generated_at: datetime.datetime
    is_demonstration: bool
    signataires: tuple[str, ...]
    perimetre: str
    arbre: tuple[NoeudBilan, ...]
    instances: tuple[LigneInstance, ...]
    syntheses: tuple[SyntheseAxe, ...]
    fiches: tuple[LigneFiche, ...]
    effets: tuple[LigneEffet, ...]
    moyens: tuple[LigneMoyens, ...]
    registre: tuple[tuple[str, str, int], ...]
    reunions: tuple[LigneReunion, ...] | None = None
    suites: tuple[LigneSuite, ...] | None = None
    mouvements: tuple[Mouvement, ...] | None = None
    jours: tuple[JourDeSaisie, ...] | None = None
    notes: tuple[NoteDeSuite, ...] | None = None
    effets_axes: tuple[EffetsAxe, ...] | None = None
    participation: tuple[LigneParticipation, ...] | None = None

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

    @property
    def non_validees(self) -> tuple[tuple[str, str], ...]:
        """(fiche, state) of the entries that were not validated."""
        return tuple((fiche.code, fiche.saisie) for fiche in self.fiches if not fiche.is_validee)

    @property
    def jours_de_saisie(self) -> dict[str, dict[str, datetime.date]]:
        """{fiche: {indicator: day}}."""
        par_fiche: dict[str, dict[str, datetime.date]] = {}
        for dit in self.jours or ():
            par_fiche.setdefault(dit.fiche, {})[dit.indicateur] = dit.jour
        return par_fiche

    @property
    def note_de(self) -> dict[str, NoteDeSuite]:
        """{number of a decision: its note}."""
        return {note.numero: note for note in self.notes or ()}

    @property
    def is_premiere_annee(self) -> bool:
        """Nothing is known of the year before, of any fiche: the convention had not begun."""
        return not any(
            fiche.statut_precedent or any(ligne.precedente for ligne in fiche.indicateurs)
            for fiche in self.fiches
        )

    @property
    def is_detaille(self) -> bool:
        return any(ligne.valeur and ligne.valeur.parts for f in self.fiches for ligne in f.indicateurs)


def compter(indicateurs) -> Completude:
    sans_objet = sum(ligne.is_sans_objet for ligne in indicateurs)
    return Completude(
        nb_renseignees=sum(ligne.is_renseigne for ligne in indicateurs),
        nb_attendues=len(indicateurs) - sans_objet,
        nb_sans_objet=sans_objet,
        nb_non_validees=sum(ligne.is_renseigne and not ligne.valeur.is_validee for ligne in indicateurs),
    )
