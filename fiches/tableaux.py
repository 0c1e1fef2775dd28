"""The tables of the action plan."""

from ctg.chargement.colonnes import (
    SOURCE,
    choix,
    date,
    de_la_convention,
    decimal,
    du_territoire,
    entier,
    lien,
    liens,
    oui_non,
    quartiers_de_reference,
    texte,
)
from ctg.chargement.tableau import Tableau, register
from ctg.models import Demarche, Organisme, Quartier, Service, Signataire
from fiches.enums import NatureMoyen, NatureObjectif, Participation, Priorite, RoleImplication, StatutFiche
from fiches.models import Axe, Contribution, Etape, FicheProjet, Implication, Moyen, ObjectifOperationnel
from structures.models import Structure


def _objectifs(ctx):
    return {"axe__convention": ctx.convention}


def _des_fiches(ctx):
    return {"fiche__convention": ctx.convention}


fiche = lien("fiche", FicheProjet, "code", de_la_convention)

register(
    Tableau(
        "axes",
        "Axes",
        Axe,
        ("code",),
        {
            "code": texte("code"),
            "parent": lien("parent", Axe, "code", de_la_convention),
            "ordre": entier("ordre"),
            "numero": entier("numero"),
            "intitule": texte("intitule"),
            "enjeux": texte("enjeux"),
            "presentation": texte("presentation"),
            "introduction_objectifs": texte("introduction_objectifs"),
            "conclusion_objectifs": texte("conclusion_objectifs"),
            "nb_axes_annonce": entier("nb_axes_annonce"),
            "nb_fiches_annonce": entier("nb_fiches_annonce"),
            "service": lien("service", Service, "nom"),
            "date_effet": date("date_effet"),
            **SOURCE,
        },
        ordre=300,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "objectifs",
        "Objectifs",
        ObjectifOperationnel,
        ("code", "axe"),
        {
            "code": texte("code"),
            "axe": lien("axe", Axe, "code", de_la_convention),
            "parent": lien("parent", ObjectifOperationnel, "code", _objectifs),
            "ordre": entier("ordre"),
            "nature": choix("nature", NatureObjectif),
            "intitule": texte("intitule"),
            **SOURCE,
        },
        ordre=310,
        dans=_objectifs,
    )
)
register(
    Tableau(
        "fiches",
        "Fiches projet",
        FicheProjet,
        ("code",),
        {
            "code": texte("code"),
            "axe": lien("axe", Axe, "code", de_la_convention),
            "numero": entier("numero"),
            "axes": liens("axes", Axe, "code", de_la_convention),
            "intitule": texte("intitule"),
            "constat": texte("constat"),
            "objectif_general": texte("objectif_general"),
            "description": texte("description"),
            "publics": texte("publics"),
            "territoire": texte("territoire"),
            "quartiers": liens("quartiers", Quartier, "nom", quartiers_de_reference),
            "pilote": lien("pilote", Organisme, "nom"),
            "service_pilote": lien("service_pilote", Service, "nom"),
            "participation": choix("participation", Participation),
            "participation_detail": texte("participation_detail"),
            "resultats_attendus": texte("resultats_attendus"),
            "statut": choix("statut", StatutFiche),
            "priorite": choix("priorite", Priorite),
            "notes_internes": texte("notes_internes"),
            "source_complements": texte("source_complements"),
            "date_effet": date("date_effet"),
            **SOURCE,
        },
        ordre=320,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "contributions",
        "Ce qui contribue à chaque démarche",
        Contribution,
        ("demarche", "axe", "fiche"),
        {
            "demarche": lien("demarche", Demarche, "code", de_la_convention),
            "axe": lien("axe", Axe, "code", de_la_convention),
            "fiche": fiche,
            **SOURCE,
        },
        ordre=330,
        dans=lambda ctx: {"demarche__convention": ctx.convention},
    )
)
register(
    Tableau(
        "implications",
        "Acteurs des fiches",
        Implication,
        ("fiche", "organisme", "structure", "role"),
        {
            "fiche": fiche,
            "organisme": lien("organisme", Organisme, "nom"),
            "structure": lien("structure", Structure, "code", du_territoire),
            "role": choix("role", RoleImplication),
            **SOURCE,
        },
        ordre=340,
        dans=_des_fiches,
    )
)
register(
    Tableau(
        "etapes",
        "Étapes des fiches",
        Etape,
        ("fiche", "ordre"),
        {
            "fiche": fiche,
            "ordre": entier("ordre"),
            "intitule": texte("intitule"),
            "echeance": date("echeance"),
            "is_faite": oui_non("is_faite"),
            **SOURCE,
        },
        ordre=350,
        dans=_des_fiches,
        is_suivi=True,
    )
)
register(
    Tableau(
        "moyens",
        "Moyens des signataires, par année",
        Moyen,
        ("fiche", "signataire", "annee", "nature"),
        {
            "fiche": fiche,
            "signataire": lien("signataire", Signataire, "organisme__nom", de_la_convention),
            "annee": entier("annee"),
            "nature": choix("nature", NatureMoyen),
            "prevu": decimal("prevu"),
            "accorde": decimal("accorde"),
            "realise": decimal("realise"),
            **SOURCE,
        },
        ordre=360,
        dans=_des_fiches,
        is_suivi=True,
    )
)
