"""Documents beside the bilan, from the same content and the same parts: a fiche, the carnet, the year at a glance, the schéma."""

import datetime
from dataclasses import replace

from ctg.renderers import render_pdf
from evaluation.canonique import ecrire
from evaluation.edition import Edition
from evaluation.lecture import EN_COURS
from evaluation.meteo import meteos_par_axe
from evaluation.schema_petite_enfance import Schema

NB_RETARDS, NB_DECISIONS = 5, 5  # what one page holds


def seule(edition: Edition, code: str) -> Edition:
    """The same, of which one fiche is left. Raises LookupError where the year has no fiche of that code."""
    fiches = tuple(fiche for fiche in edition.complet.fiches if fiche.code == code)
    if not fiches:
        raise LookupError(code)
    return replace(edition, complet=replace(edition.complet, fiches=fiches))


def nom_de_la_fiche(edition: Edition) -> str:
    """The file of an edition that has one fiche."""
    contenu = edition.complet
    quand = f"au-{edition.au.isoformat()}" if edition.au else contenu.annee
    return f"fiche-{contenu.fiches[0].code}-{contenu.slug}-{quand}.pdf"


def nb_signes(edition: Edition) -> int:
    """How much there is to set in type."""
    return len(ecrire(edition.contenu.fiches))


def render_fiche_pdf(edition: Edition) -> bytes:
    """Of an edition that has one fiche: see `seule`."""
    [fiche] = edition.contenu.fiches
    titre = f"Fiche projet {fiche.code}, {edition.contenu.annee}"
    return _rendre("evaluation/fiches_pdf.html", edition, titre, fiches=[fiche], is_carnet=False)


def render_carnet_pdf(edition: Edition) -> bytes:
    fiches = edition.contenu.fiches
    titre = f"Carnet des fiches projet {edition.contenu.annee}"
    return _rendre("evaluation/fiches_pdf.html", edition, titre, fiches=fiches, is_carnet=True)


def render_coup_d_oeil_pdf(edition: Edition) -> bytes:
    """One page A4, whatever the convention: what it leaves out is counted on it."""
    contenu = edition.contenu
    retards = [
        (fiche.code, etape.intitule)
        for fiche in contenu.fiches
        for etape in fiche.etapes
        if etape.is_en_retard
    ]
    # Counted by the syntheses: a text that is not public is a decision all the same.
    nb_decisions = sum(synthese.nb_decisions for synthese in contenu.syntheses)
    decisions = [(fiche.code, fiche.decision_demandee) for fiche in contenu.fiches if fiche.decision_demandee]
    en_cours = [manque for manque in contenu.manquants if manque[2] == EN_COURS]
    return _rendre(
        "evaluation/coup_d_oeil_pdf.html",
        edition,
        f"L’année {contenu.annee} en un coup d’œil",
        axes=meteos_par_axe(edition.complet, contenu),
        retards=retards[:NB_RETARDS],
        nb_retards_autres=max(len(retards) - NB_RETARDS, 0),
        nb_decisions=nb_decisions,
        decisions=decisions[:NB_DECISIONS],
        nb_decisions_autres=nb_decisions - len(decisions[:NB_DECISIONS]),
        nb_etapes=sum(synthese.nb_etapes for synthese in contenu.syntheses),
        nb_etapes_faites=sum(synthese.nb_etapes_faites for synthese in contenu.syntheses),
        nb_en_cours=len(en_cours),
    )


def render_schema_pdf(edition: Edition, schema: Schema) -> bytes:
    """The schéma pluriannuel of early childhood: see `evaluation.schema_petite_enfance`."""
    fiches = schema.fiches
    etapes = [(fiche.code, etape) for fiche in fiches for etape in fiche.etapes]
    return _rendre(
        "evaluation/schema_pdf.html",
        edition,
        f"Schéma pluriannuel de l’offre d’accueil du jeune enfant, {edition.contenu.annee}",
        schema=schema,
        constats=any(nom == "constat" for fiche in fiches for nom, _ in fiche.rubriques),
        calendrier=sorted(etapes, key=lambda dit: (dit[1].echeance or datetime.date.max, dit[0])),
        indicateurs=[ligne for fiche in fiches for ligne in fiche.indicateurs],
    )


def _rendre(template: str, edition: Edition, titre: str, **autres) -> bytes:
    context = {
        "edition": edition,
        "bilan": edition.contenu,
        "jours": edition.contenu.jours_de_saisie,
        "titre": titre,
    }
    return render_pdf(template, context | autres)
