"""The tables that describe a convention itself."""

from ctg.chargement.colonnes import (
    SOURCE,
    choix,
    date_precise,
    de_la_convention,
    du_territoire,
    entier,
    lien,
    liens,
    lignes,
    muette,
    oui_non,
    texte,
)
from ctg.chargement.tableau import Colonne, Contexte, Tableau, register
from ctg.enums import Annexe, AvalComptesRendus, NatureDocument, NatureOrganisme, Numerotation
from ctg.models import (
    Convention,
    Decoupage,
    Demarche,
    Document,
    NiveauArbre,
    Organisme,
    Quartier,
    Service,
    Signataire,
    Territoire,
    Texte,
    ThematiqueDemarche,
)
from ctg.models.convention import DATES


def _lire_territoire(cell: str, ctx: Contexte):
    """The territoire is made with its first convention."""
    return {"territoire": Territoire.objects.get_or_create(nom=cell)[0]} if cell else {}


register(
    Tableau(
        "convention",
        "La convention",
        Convention,
        ("slug",),
        {
            "slug": texte("slug"),
            "territoire": Colonne(
                _lire_territoire,
                lambda convention: convention.territoire.nom,
                "le nom de la commune ou de l’intercommunalité",
            ),
            "intitule": texte("intitule"),
            "perimetre": texte("perimetre"),
            **{f"date_{nom}": date_precise(nom) for nom in DATES},
            "numerotation": choix("numerotation", Numerotation),
            "is_demonstration": oui_non("is_demonstration"),
            **SOURCE,
        },
        ordre=100,
    )
)
register(
    Tableau(
        "niveaux",
        "Niveaux de l’arbre : comment la convention les nomme",
        NiveauArbre,
        ("rang",),
        {
            "rang": entier("rang"),
            "singulier": texte("singulier"),
            "pluriel": texte("pluriel"),
            # The names of the levels are words of the text; where they stand is kept with the file.
            **{name: muette() for name in SOURCE},
        },
        ordre=110,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "organismes",
        "Organismes",
        Organisme,
        ("nom",),
        {
            "nom": texte("nom"),
            "sigle": texte("sigle"),
            "nature": choix("nature", NatureOrganisme),
            "autres_graphies": lignes("autres_graphies"),
            **SOURCE,
        },
        ordre=120,
    )
)
register(
    Tableau(
        "services",
        "Services des organismes",
        Service,
        ("organisme", "nom"),
        {
            "organisme": lien("organisme", Organisme, "nom"),
            "nom": texte("nom"),
            "rattachement": texte("rattachement"),
            **SOURCE,
        },
        ordre=130,
    )
)
register(
    Tableau(
        "signataires",
        "Signataires",
        Signataire,
        ("organisme",),
        {
            "ordre": entier("ordre"),
            "organisme": lien("organisme", Organisme, "nom"),
            "qualite": texte("qualite"),
            **SOURCE,
        },
        ordre=140,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "aval",
        "Qui donne l’aval ; sans ce tableau, la Caf signataire",
        Convention,
        ("slug",),
        {
            "slug": texte("slug", "celui de la convention"),
            "organismes_aval": liens("organismes_aval", Organisme, "nom"),
            "aval_comptes_rendus": choix("aval_comptes_rendus", AvalComptesRendus),
            "organismes_aval_comptes_rendus": liens("organismes_aval_comptes_rendus", Organisme, "nom"),
        },
        ordre=145,
    )
)
register(
    Tableau(
        "textes",
        "Textes des annexes",
        Texte,
        ("annexe", "ordre"),
        {
            "annexe": choix("annexe", Annexe),
            "ordre": entier("ordre"),
            "titre": texte("titre"),
            "texte": texte("texte"),
            **SOURCE,
        },
        ordre=150,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "documents",
        "Documents de référence",
        Document,
        ("ordre",),
        {
            "ordre": entier("ordre"),
            "nature": choix("nature", NatureDocument),
            "titre": texte("titre"),
            "date": date_precise("document"),
            "pagination": texte("pagination"),
            "url": texte("url"),
            "note": texte("note"),
            **SOURCE,
        },
        ordre=160,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "demarches",
        "Démarches liées",
        Demarche,
        ("code",),
        {
            "ordre": entier("ordre"),
            "code": texte("code"),
            "nom": texte("nom"),
            "periode": texte("periode"),
            "description": texte("description"),
            **SOURCE,
        },
        ordre=170,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "thematiques",
        "Thématiques des démarches",
        ThematiqueDemarche,
        ("demarche", "ordre"),
        {
            "demarche": lien("demarche", Demarche, "code", de_la_convention),
            "ordre": entier("ordre"),
            "nom": texte("nom"),
            "axes_strategiques": lignes("axes_strategiques"),
            "nb_actions": entier("nb_actions"),
            **SOURCE,
        },
        ordre=180,
        dans=lambda ctx: {"demarche__convention": ctx.convention},
    )
)
register(
    Tableau(
        "decoupages",
        "Découpages du territoire",
        Decoupage,
        ("code",),
        {
            "code": texte("code"),
            "nom": texte("nom"),
            "nb_secteurs_annonce": entier("nb_secteurs_annonce"),
            "is_reference": oui_non("is_reference"),
            **SOURCE,
        },
        ordre=190,
        portee=du_territoire,
    )
)
register(
    Tableau(
        "quartiers",
        "Quartiers et secteurs",
        Quartier,
        ("decoupage", "nom"),
        {
            "decoupage": lien("decoupage", Decoupage, "code", du_territoire),
            "ordre": entier("ordre"),
            "nom": texte("nom"),
            **SOURCE,
        },
        ordre=195,
        dans=lambda ctx: {"decoupage__territoire": ctx.territoire},
    )
)
