"""The tables of indicators, targets, values and progress."""

from ctg.chargement import (
    SOURCE,
    Tableau,
    choix,
    date,
    de_la_convention,
    decimal,
    entier,
    lien,
    register,
    texte,
)
from evaluation.campagnes import AVANCEMENT, champ_de
from evaluation.enums import (
    EtatMesure,
    NatureIndicateur,
    Periode,
    Periodicite,
    Sens,
    SituationMesure,
    TypeIndicateur,
)
from evaluation.models import Avancement, Cible, Indicateur, Mesure
from evaluation.verrous import raison_du_refus
from fiches.enums import StatutFiche
from fiches.models import FicheProjet


def _indicateurs(ctx):
    return {"fiche__convention": ctx.convention}


fiche = lien("fiche", FicheProjet, "code", de_la_convention)
indicateur = lien("indicateur", Indicateur, "code", _indicateurs)

register(
    Tableau(
        "indicateurs",
        Indicateur,
        ("fiche", "code"),
        {
            "fiche": fiche,
            "code": texte("code"),
            "ordre": entier("ordre"),
            "intitule": texte("intitule"),
            "definition": texte("definition"),
            "nature": choix("nature", NatureIndicateur),
            "type": choix("type_indicateur", TypeIndicateur),
            "unite": texte("unite"),
            "periodicite": choix("periodicite", Periodicite),
            "periode": choix("periode", Periode),
            "sens": choix("sens", Sens),
            "valeur_depart": decimal("valeur_depart"),
            "date_depart": date("date_depart"),
            "borne_min": decimal("borne_min"),
            "borne_max": decimal("borne_max"),
            "producteur": texte("producteur"),
            **SOURCE,
        },
        ordre=500,
    )
)
register(
    Tableau(
        "cibles",
        Cible,
        ("indicateur", "annee"),
        {"indicateur": indicateur, "annee": entier("annee"), "valeur": decimal("valeur"), **SOURCE},
        ordre=510,
    )
)
register(
    Tableau(
        "mesures",
        Mesure,
        ("indicateur", "annee"),
        {
            "indicateur": indicateur,
            "annee": entier("annee"),
            "situation": choix("situation", SituationMesure),
            "valeur": decimal("valeur"),
            "valeur_texte": texte("valeur_texte"),
            "numerateur": decimal("numerateur"),
            "denominateur": decimal("denominateur"),
            "motif": texte("motif"),
            "etat": choix("etat", EtatMesure),
            "commentaire": texte("commentaire"),
            **SOURCE,
        },
        ordre=520,
        verrou=lambda mesure, champs: raison_du_refus(
            mesure.indicateur.fiche, mesure.annee, [champ_de(mesure.indicateur)]
        ),
    )
)
register(
    Tableau(
        "avancements",
        Avancement,
        ("fiche", "annee"),
        {
            "fiche": fiche,
            "annee": entier("annee"),
            "statut": choix("statut", StatutFiche),
            "taux_avancement": entier("taux_avancement"),
            "realisations": texte("realisations"),
            "publics_touches": texte("publics_touches"),
            "difficultes": texte("difficultes"),
            "ajustements": texte("ajustements"),
            "decision_demandee": texte("decision_demandee"),
            **SOURCE,
        },
        ordre=530,
        verrou=lambda avancement, champs: raison_du_refus(
            avancement.fiche, avancement.annee, [champ for champ in champs if champ in AVANCEMENT]
        ),
    )
)
