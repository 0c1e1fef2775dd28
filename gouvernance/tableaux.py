"""The tables of annexe 4, and those of meetings and decisions, named by their numbers."""

import datetime
import re
from operator import attrgetter

from ctg.chargement.colonnes import (
    SOURCE,
    choix,
    date,
    date_precise,
    de_la_convention,
    decimal,
    entier,
    lien,
    liens,
    oui_non,
    quartiers_de_reference,
    texte,
)
from ctg.chargement.tableau import Colonne, Tableau, ValeurError, register
from ctg.models import Demarche, Organisme, Quartier, Service
from gouvernance.enums import (
    EtatDecision,
    NatureEnonce,
    NatureJalon,
    NiveauCoordination,
    QualiteMembre,
    TypeInstance,
)
from gouvernance.models import (
    DateAnnuelle,
    Decision,
    Enonce,
    FinancementPoste,
    InstanceGouvernance,
    Jalon,
    Label,
    Membre,
    MissionInstance,
    PosteCooperation,
    Reunion,
)
from gouvernance.verrous import raison_du_verrou

HEURE = re.compile(r"([0-9]{1,2}):([0-9]{2})")
REUNION = re.compile(r"([0-9]{4})-([0-9]{2,3})")
DECISION = re.compile(r"([0-9]{4}-[0-9]{2,3})-D([0-9]{2,3})")

instance = lien("instance_gouvernance", InstanceGouvernance, "slug", de_la_convention)


def _des_instances(ctx):
    return {"instance_gouvernance__convention": ctx.convention}


def _lire_heure(cell, ctx):
    if not cell:
        return {"heure_debut": None}
    if not (lu := HEURE.fullmatch(cell)) or int(lu[1]) > 23 or int(lu[2]) > 59:
        raise ValeurError("écrivez une heure comme 14:30")
    return {"heure_debut": datetime.time(int(lu[1]), int(lu[2]))}


heure = Colonne(
    _lire_heure,
    lambda reunion: f"{reunion.heure_debut:%H:%M}" if reunion.heure_debut else "",
    "une heure comme 14:30",
)


def _lire_numero_reunion(cell, ctx):
    if not (lu := REUNION.fullmatch(cell)):
        raise ValeurError("écrivez un numéro de réunion comme 2025-01")
    return {"annee": int(lu[1]), "rang": int(lu[2])}


numero_reunion = Colonne(_lire_numero_reunion, attrgetter("numero"), "un numéro de réunion comme 2025-01")


def _lire_numero_decision(cell, ctx):
    """A decision is named by its own number, which holds that of its meeting."""
    if not (lu := DECISION.fullmatch(cell)):
        raise ValeurError("écrivez un numéro de décision comme 2025-01-D01")
    reunion = Reunion.objects.filter(convention=ctx.convention, **_lire_numero_reunion(lu[1], ctx)).first()
    if reunion is None:
        raise ValeurError(f"la réunion {lu[1]} n’est pas connue : ajoutez-la à son tableau")
    return {"reunion": reunion, "rang": int(lu[2])}


numero_decision = Colonne(
    _lire_numero_decision,
    attrgetter("numero"),
    "un numéro de décision comme 2025-01-D01",
    cibles=lambda decision: [decision.reunion],
    suit="reunion",
)


def _lire_decision_remplacee(cell, ctx):
    if not cell:
        return {"remplace": None}
    decision = Decision.objects.filter(**_lire_numero_decision(cell, ctx)).first()
    if decision is None:
        raise ValeurError("cette décision n’est pas connue : ajoutez-la plus haut dans le tableau")
    return {"remplace": decision}


decision_remplacee = Colonne(
    _lire_decision_remplacee,
    lambda decision: decision.remplace.numero if decision.remplace else "",
    "le numéro d’une décision écrite plus haut",
    cibles=lambda decision: [decision.remplace] if decision.remplace else (),
    suit="remplace__reunion",
)


def verrou_de_la_reunion(reunion: Reunion, champs: list[str]) -> str:
    """Why its minutes keep it as it is; how the row came (source, mention) is still corrected."""
    return _verrou(reunion, set(champs) - set(SOURCE))


def verrou_de_la_decision(decision: Decision, champs: list[str]) -> str:
    """A new decision is one more in the minutes."""
    figes = {champ for champ in champs if {champ, f"{champ}_id"} & Decision.FIGES}
    return _verrou(decision.reunion, figes)


def _verrou(reunion: Reunion, figes: set[str]) -> str:
    raison = raison_du_verrou(reunion) if figes else ""
    return (
        f"réunion {reunion.numero}. {raison} Remettez dans le fichier ce qui est enregistré, ou retirez-en cette ligne."
        if raison
        else ""
    )


register(
    Tableau(
        "labels",
        "Labels",
        Label,
        ("nom",),
        {
            "ordre": entier("ordre"),
            "nom": texte("nom"),
            "demarche": lien("demarche", Demarche, "code", de_la_convention, is_detachable=True),
            **SOURCE,
        },
        ordre=400,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "instances",
        "Instances de gouvernance",
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
        "Missions des instances",
        MissionInstance,
        ("instance", "ordre"),
        {"instance": instance, "ordre": entier("ordre"), "intitule": texte("intitule"), **SOURCE},
        ordre=420,
        dans=_des_instances,
    )
)
register(
    Tableau(
        "membres",
        "Sièges des instances",
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
        dans=_des_instances,
    )
)
register(
    Tableau(
        "enonces",
        "Objectifs et principes de la gouvernance",
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
        "Postes de coopération",
        PosteCooperation,
        ("ordre",),
        {
            "ordre": entier("ordre"),
            "intitule": texte("intitule"),
            "niveau": choix("niveau", NiveauCoordination),
            "rattachement": texte("rattachement"),
            "description": texte("description"),
            "date_effet": date_precise("creation"),
            "etp": decimal("etp"),
            "employeur": lien("employeur", Organisme, "nom"),
            **SOURCE,
        },
        ordre=450,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "financements_postes",
        "Financement des postes",
        FinancementPoste,
        ("poste", "annee", "financeur"),
        {
            "poste": lien("poste", PosteCooperation, "ordre", de_la_convention),
            "annee": entier("annee"),
            "financeur": lien("financeur", Organisme, "nom"),
            "prevu": decimal("prevu"),
            "realise": decimal("realise"),
            **SOURCE,
        },
        ordre=455,
        dans=lambda ctx: {"poste__convention": ctx.convention},
        is_suivi=True,
    )
)
register(
    Tableau(
        "jalons",
        "Calendrier : dates",
        Jalon,
        ("titre", "date_debut", "quartier"),
        {
            "titre": texte("titre"),
            "nature": choix("nature", NatureJalon),
            "quartier": lien("quartier", Quartier, "nom", quartiers_de_reference),
            "date_debut": date("date_debut"),
            "date_fin": date("date_fin"),
            "instance": instance,
            "lieu": texte("lieu"),
            "note": texte("note"),
            **SOURCE,
        },
        ordre=480,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "dates_annuelles",
        "Calendrier : dates de chaque année",
        DateAnnuelle,
        ("titre",),
        {
            "titre": texte("titre"),
            "jour": entier("jour"),
            "mois": entier("mois"),
            "note": texte("note"),
            **SOURCE,
        },
        ordre=490,
        portee=de_la_convention,
    )
)
register(
    Tableau(
        "reunions",
        "Réunions",
        Reunion,
        ("numero",),
        {
            "numero": numero_reunion,
            "instance": instance,
            "date": date("date"),
            "heure_debut": heure,
            "duree": entier("duree"),
            "lieu": texte("lieu"),
            "intitule": texte("intitule"),
            "compte_rendu": texte("compte_rendu"),
            "anterieure": oui_non("is_anterieure"),
            **SOURCE,
        },
        ordre=460,
        is_suivi=True,
        portee=de_la_convention,
        verrou=verrou_de_la_reunion,
    )
)
register(
    Tableau(
        "decisions",
        "Décisions",
        Decision,
        ("numero",),
        {
            "numero": numero_decision,
            "texte": texte("texte"),
            "label": lien("label", Label, "nom", de_la_convention),
            "service": lien("service", Service, "nom"),
            "echeance": date("echeance"),
            "etat": choix("etat", EtatDecision),
            "remplace": decision_remplacee,
            **SOURCE,
        },
        ordre=470,
        dans=lambda ctx: {"reunion__convention": ctx.convention},
        is_suivi=True,
        verrou=verrou_de_la_decision,
    )
)
