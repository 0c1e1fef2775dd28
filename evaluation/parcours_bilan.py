"""Where the bilan of a year is: what is next, who does it, who is waited for. Read by the page, decides nothing."""

import datetime
from dataclasses import dataclass

from ctg.models import Convention, Organisme
from ctg.permissions import check
from evaluation.editions import debats_du_bilan
from evaluation.enums import EtapeBilan, StatutCampagne
from evaluation.enums import StatutBilan as B
from evaluation.figement import correction_en_cours, demande_des_modifications, empechement, est_corrige
from evaluation.models import Aval, Bilan
from evaluation.transitions_bilan import est_dispense, possibles_bilan

CHARGE = "Le chargé de coopération"
# The first of these that is possible is the next step; the others stand beside it.
ORDRE = (
    "avaliser",
    "publier",
    "transmettre",
    "clore-debat",
    "consigner",
    "soumettre",
    "conclure",
    "ouvrir-debat",
    "refuser",
    "dispenser-debat",
    "dispenser-copil",
)


@dataclass(frozen=True, slots=True)
class Bouton:
    """`action`: of BILAN, or « figer », « corriger », « annee » (the page of the year)."""

    action: str
    label: str


@dataclass(frozen=True, slots=True)
class Suite:
    """`phrase` says what is next and who does it; `boutons`: what this person may do, the next step first."""

    phrase: str
    boutons: tuple[Bouton, ...]


@dataclass(frozen=True, slots=True)
class Jalon:
    """A step of a version. `etat`: fait, en cours, dispense or a venir."""

    nom: str
    etat: str
    date: datetime.date | datetime.datetime | None
    detail: str = ""


def suite(user, convention: Convention, annee: int, bilan: Bilan | None, *, today: datetime.date) -> Suite:
    """`bilan`: the latest version that this person reads."""
    if bilan is None or est_corrige(bilan):
        return _a_figer(user, convention, annee, bilan, today=today)
    boutons = [Bouton(a, t.label) for a, t in possibles_bilan(user, bilan) if a != "figer"]
    boutons.sort(key=lambda b: ORDRE.index(b.action))
    if correction := correction_en_cours(bilan):
        lit = check(user, "evaluation.suivre", convention)
        voir = (Bouton("annee", "Voir la campagne de correction"),) if lit else ()
        return Suite(_CORRECTIONS[correction.statut], voir)
    if check(user, "evaluation.campagne", convention) and bilan.statut != B.REMPLACEE:
        corriger = Bouton("corriger", "Préparer une campagne de correction")
        if demande_des_modifications(bilan):
            boutons.insert(0, corriger)
        else:
            boutons.append(corriger)
    return Suite(_phrase(bilan), tuple(boutons))


def _a_figer(user, convention, annee, bilan: Bilan | None, *, today) -> Suite:
    if raison := empechement(convention, annee, today=today):
        return Suite(raison, ())
    version = bilan.version + 1 if bilan else 1
    phrase = f"{CHARGE} fige la version {version} : ses données ne changeront plus."
    if not check(user, "evaluation.figer", convention):
        return Suite(phrase, ())
    return Suite(phrase, (Bouton("figer", f"Figer la version {version}"),))


def organismes_attendus(bilan: Bilan) -> list[str]:
    """Names of those whose answer is waited for."""
    rendus = Aval.objects.filter(bilan=bilan).values("organisme")
    requis = Organisme.objects.filter(pk__in=bilan.convention.get_organismes_aval())
    return [str(o) for o in requis.exclude(pk__in=rendus).order_by("nom")]


def _phrase(bilan: Bilan) -> str:
    if demande_des_modifications(bilan) and bilan.statut not in {B.REFUSEE, B.REMPLACEE, B.PUBLIEE}:
        return f"Des modifications sont demandées. {CHARGE} prépare une campagne de correction."
    return _PHRASES[bilan.statut](bilan)


def _a_un_debat(bilan: Bilan) -> bool:
    return debats_du_bilan(bilan).exists() or est_dispense(bilan, EtapeBilan.DEBAT)


def _a_un_copil(bilan: Bilan) -> bool:
    return bilan.conclusion_rendue is not None or est_dispense(bilan, EtapeBilan.COPIL)


_CORRECTIONS = {
    StatutCampagne.EN_PREPARATION: (
        f"Une campagne de correction est en préparation : {CHARGE.lower()} l’ouvre depuis la page de l’année. "
        "La version suivante se fige après sa clôture."
    ),
    StatutCampagne.OUVERTE: "Une campagne de correction est ouverte : la version suivante se fige après sa clôture.",
}
_TRANSMET, _PUBLIE = "transmet cette version pour aval", "publie le bilan"
_PHRASES = {
    B.FIGEE: lambda b: f"{CHARGE} {_TRANSMET if _a_un_debat(b) else 'ouvre le débat'}.",
    B.AU_DEBAT: lambda b: (
        f"Le débat est clos. {CHARGE} {_TRANSMET}."
        if b.date_cloture_debat
        else f"Le débat est ouvert. {CHARGE} en consigne les réunions, puis le clôt."
    ),
    B.TRANSMISE: lambda b: f"On attend l’aval de : {', '.join(organismes_attendus(b))}.",
    B.REFUSEE: lambda b: (
        f"L’aval est refusé. {CHARGE} prépare une campagne de correction, puis fige la version suivante."
    ),
    B.AVALISEE: lambda b: (
        f"L’aval est donné. {CHARGE} {_PUBLIE if _a_un_copil(b) else 'soumet le bilan au COPIL'}."
    ),
    B.SOUMISE_COPIL: lambda b: (
        f"{CHARGE} {_PUBLIE}." if _a_un_copil(b) else "On attend les conclusions du COPIL."
    ),
    B.PUBLIEE: lambda b: (
        "Ce bilan est publié. Une erreur se corrige par une campagne de correction, puis un rectificatif."
    ),
    B.REMPLACEE: lambda b: "Cette version est remplacée par une plus récente.",
}


def jalons(bilan: Bilan, *, avec_motifs: bool = True) -> list[Jalon]:
    """The steps of one version, in order; the reason of a waiver is read by whoever reads everything."""
    dispenses = {d.etape: (d.date, d.motif if avec_motifs else "") for d in bilan.dispenses.all()}
    debats = list(debats_du_bilan(bilan))
    transmise, avals = bilan.date_transmission, list(bilan.avals.select_related("organisme").order_by("date"))
    conclusion = bilan.conclusion_rendue
    avalise = bilan.statut in B.AVALISES or bilan.date_soumission or bilan.date_publication
    detail_aval = ", ".join(f"{aval.organisme} : {aval.get_decision_display()}" for aval in avals)
    attente = f"attendu de {', '.join(organismes_attendus(bilan))}" if bilan.statut == B.TRANSMISE else ""
    return [
        Jalon("Figée", "fait", bilan.date_figement),
        _jalon_dispensable(
            "Débat",
            dispenses.get(EtapeBilan.DEBAT),
            fait=(bool(debats) and bilan.statut != B.AU_DEBAT) or bilan.date_cloture_debat is not None,
            en_cours=bilan.statut == B.AU_DEBAT,
            date=debats[-1].date if debats else None,
            detail=f"{len(debats)} réunion{'s' if len(debats) > 1 else ''}" if debats else "",
        ),
        Jalon("Transmise pour aval", "fait" if transmise else "a venir", transmise),
        Jalon(
            "Aval",
            "refus"
            if bilan.statut == B.REFUSEE
            else _etat(fait=avalise, en_cours=bilan.statut == B.TRANSMISE),
            avals[-1].date if avals else None,
            " ; ".join(mot for mot in (detail_aval, attente) if mot),
        ),
        _jalon_dispensable(
            "COPIL",
            dispenses.get(EtapeBilan.COPIL),
            fait=conclusion is not None,
            en_cours=bilan.statut == B.SOUMISE_COPIL,
            date=conclusion.date if conclusion else bilan.date_soumission,
            detail="",
        ),
        Jalon("Publiée", "fait" if bilan.date_publication else "a venir", bilan.date_publication),
    ]


def _jalon_dispensable(nom: str, dispense, *, fait, en_cours, date, detail) -> Jalon:
    if dispense is not None and not fait:
        return Jalon(nom, "dispense", *dispense)
    return Jalon(nom, _etat(fait=fait, en_cours=en_cours), date, detail)


def _etat(*, fait, en_cours) -> str:
    return "fait" if fait else "en cours" if en_cours else "a venir"
