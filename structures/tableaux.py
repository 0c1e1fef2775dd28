"""The tables of the registry."""

from django.core.exceptions import ValidationError

from ctg.chargement.colonnes import (
    SOURCE,
    choix,
    date,
    de_la_convention,
    decimal,
    du_territoire,
    entier,
    lien,
    quartiers_de_reference,
    texte,
)
from ctg.chargement.tableau import Colonne, Contexte, Tableau, ValeurError, register
from ctg.models import Organisme, Quartier
from structures.ages import ecrire_age, lire_age
from structures.enums import AnnexeInscription, NatureAgrement, SituationQPV, SousType
from structures.models import Activite, Agrement, Inscription, Structure, TypeStructure


def _des_structures(ctx: Contexte):
    return {"structure__territoire": ctx.territoire}


def age(champ: str) -> Colonne:
    """« 10 mois », « 3 ans »."""

    def lire(cell, ctx):
        try:
            return {champ: lire_age(cell)}
        except ValidationError as error:
            raise ValeurError(error.messages[0]) from None

    return Colonne(lire, lambda objet: ecrire_age(getattr(objet, champ)), "un âge, comme 10 mois ou 3 ans")


register(
    Tableau(
        "types_structures",
        "Types de structures",
        TypeStructure,
        ("code",),
        {"ordre": entier("ordre"), "code": texte("code"), "nom": texte("nom"), **SOURCE},
        ordre=200,
    )
)
register(
    Tableau(
        "structures",
        "Structures du territoire",
        Structure,
        ("code",),
        {
            "code": texte("code"),
            "type": lien("type_structure", TypeStructure, "code"),
            "sous_type": choix("sous_type", SousType),
            "nom": texte("nom"),
            "adresse": texte("adresse"),
            "code_postal": texte("code_postal"),
            "commune": texte("commune"),
            "gestionnaire": lien("gestionnaire", Organisme, "nom"),
            "quartier": lien("quartier", Quartier, "nom", quartiers_de_reference),
            "qpv": choix("qpv", SituationQPV),
            "nom_qpv": texte("nom_qpv"),
            "capacite": entier("capacite"),
            "age_min": age("age_min"),
            "age_max": age("age_max"),
            "siret": texte("siret"),
            "latitude": decimal("latitude"),
            "longitude": decimal("longitude"),
            "source_coordonnees": texte("source_coordonnees"),
            "source_complements": texte("source_complements"),
            **SOURCE,
        },
        ordre=210,
        portee=du_territoire,
    )
)
register(
    Tableau(
        "inscriptions",
        "Inscriptions aux annexes 2 et 2 bis",
        Inscription,
        ("structure",),
        {
            "structure": lien("structure", Structure, "code", du_territoire),
            "annexe": choix("annexe", AnnexeInscription),
            "ordre": entier("ordre"),
            "rubrique": texte("rubrique"),
            "designation": texte("designation"),
            "nom": texte("nom"),
            "adresse": texte("adresse"),
            "gestionnaire": texte("gestionnaire"),
            "date_effet": date("date_effet"),
            **SOURCE,
        },
        ordre=220,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "agrements",
        "Agréments",
        Agrement,
        ("structure", "nature"),
        {
            "structure": lien("structure", Structure, "code", du_territoire),
            "nature": choix("nature", NatureAgrement),
            "date_debut": date("date_debut"),
            "date_echeance": date("date_echeance"),
            **SOURCE,
        },
        ordre=230,
        dans=_des_structures,
    )
)
register(
    Tableau(
        "activites",
        "Activité annuelle des structures",
        Activite,
        ("structure", "annee"),
        {
            "structure": lien("structure", Structure, "code", du_territoire),
            "annee": entier("annee"),
            "places": entier("places"),
            "heures": decimal("heures"),
            "enfants": entier("enfants"),
            "taux_occupation": decimal("taux_occupation"),
            **SOURCE,
        },
        ordre=240,
        dans=_des_structures,
        is_suivi=True,
    )
)
