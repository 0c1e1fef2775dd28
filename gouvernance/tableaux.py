"""The tables of annexe 4."""

from ctg.chargement import (
    SOURCE,
    Tableau,
    choix,
    date_precise,
    de_la_convention,
    entier,
    lien,
    liens,
    oui_non,
    register,
    texte,
)
from ctg.models import Demarche, Organisme
from gouvernance.enums import NatureEnonce, NiveauCoordination, QualiteMembre, TypeInstance
from gouvernance.models import Enonce, InstanceGouvernance, Label, Membre, MissionInstance, PosteCooperation

instance = lien("instance_gouvernance", InstanceGouvernance, "slug", de_la_convention)

register(
    Tableau(
        "labels",
        Label,
        ("nom",),
        {
            "ordre": entier("ordre"),
            "nom": texte("nom"),
            "demarche": lien("demarche", Demarche, "code", de_la_convention),
            **SOURCE,
        },
        ordre=400,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "instances",
        InstanceGouvernance,
        ("slug",),
        {
            "ordre": entier("ordre"),
            "slug": texte("slug"),
            "nom": texte("nom"),
            "type_instance": choix("type_instance", TypeInstance),
            "labels": liens("labels", Label, "nom", de_la_convention),
            **{
                name: texte(name)
                for name in (
                    "presidence",
                    "portage",
                    "animation",
                    "preparation",
                    "secretariat",
                    "diffusion",
                    "deroulement",
                    "evolution",
                    "frequence",
                )
            },
            "frequence_min": entier("frequence_min"),
            "is_tenue": oui_non("is_tenue"),
            **SOURCE,
        },
        ordre=410,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "missions",
        MissionInstance,
        ("instance", "ordre"),
        {"instance": instance, "ordre": entier("ordre"), "intitule": texte("intitule"), **SOURCE},
        ordre=420,
    )
)
register(
    Tableau(
        "membres",
        Membre,
        ("instance", "ordre"),
        {
            "instance": instance,
            "ordre": entier("ordre"),
            "qualite": choix("qualite", QualiteMembre),
            "fonction": texte("fonction"),
            "organisme": lien("organisme", Organisme, "nom"),
            "label": lien("label", Label, "nom", de_la_convention),
            "condition": texte("condition"),
            **SOURCE,
        },
        ordre=430,
    )
)
register(
    Tableau(
        "enonces",
        Enonce,
        ("nature", "ordre"),
        {
            "nature": choix("nature", NatureEnonce),
            "ordre": entier("ordre"),
            "intitule": texte("intitule"),
            **SOURCE,
        },
        ordre=440,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "postes",
        PosteCooperation,
        ("ordre",),
        {
            "ordre": entier("ordre"),
            "intitule": texte("intitule"),
            "niveau": choix("niveau", NiveauCoordination),
            "rattachement": texte("rattachement"),
            "description": texte("description"),
            "date_effet": date_precise("creation"),
            **SOURCE,
        },
        ordre=450,
        portee=de_la_convention,
    )
)
