"""The tables of the registry."""

from ctg.chargement import (
    SOURCE,
    Tableau,
    choix,
    date,
    de_la_convention,
    decimal,
    du_territoire,
    entier,
    lien,
    quartiers_de_reference,
    register,
    texte,
)
from ctg.models import Organisme, Quartier
from structures.enums import AnnexeInscription, NatureAgrement, SousType
from structures.models import Agrement, Inscription, Structure, TypeStructure

register(
    Tableau(
        "types_structures",
        TypeStructure,
        ("code",),
        {"ordre": entier("ordre"), "code": texte("code"), "nom": texte("nom"), **SOURCE},
        ordre=200,
    )
)
register(
    Tableau(
        "structures",
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
            "capacite": entier("capacite"),
            "latitude": decimal("latitude"),
            "longitude": decimal("longitude"),
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
        Agrement,
        ("structure", "nature"),
        {
            "structure": lien("structure", Structure, "code", du_territoire),
            "nature": choix("nature", NatureAgrement),
            **SOURCE,
        },
        ordre=230,
    )
)
