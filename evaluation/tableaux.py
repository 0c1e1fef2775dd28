"""The tables of indicators, targets, values and progress."""

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
from ctg.chargement.tableau import Colonne, Tableau, ValeurError, register
from ctg.models import Personne, Quartier
from ctg.recherche import normalise
from evaluation.campagnes import AVANCEMENT, champ_de
from evaluation.enums import (
    Agregation,
    EtatMesure,
    NatureIndicateur,
    Periode,
    Periodicite,
    Sens,
    SituationMesure,
    TypeIndicateur,
    Ventilation,
)
from evaluation.models import Avancement, Cible, Indicateur, Mesure, ModaliteIndicateur, ValeurVentilee
from evaluation.verrous import raison_du_refus
from fiches.enums import StatutFiche
from fiches.models import FicheProjet
from structures.models import Structure


def _des_fiches(ctx):
    return {"fiche__convention": ctx.convention}


def _des_indicateurs(ctx):
    return {"indicateur__fiche__convention": ctx.convention}


fiche = lien("fiche", FicheProjet, "code", de_la_convention)


def _indicateur(code, ctx) -> Indicateur:
    """The first of that code: one that replaces it later may bear the same."""
    cle = (Indicateur, "code", code)
    if cle not in ctx.liens:
        trouve = Indicateur.objects.filter(fiche__convention=ctx.convention, code=code).order_by("pk").first()
        if trouve is None:
            raise ValeurError(
                "aucun indicateur ne porte ce code : corrigez-le ou ajoutez-le au tableau « indicateurs »"
            )
        ctx.liens[cle] = trouve
    return ctx.liens[cle]


def _lire_indicateur(cell, ctx):
    return {"indicateur": _indicateur(cell, ctx) if cell else None}


indicateur = Colonne(
    _lire_indicateur,
    lambda objet: objet.indicateur.code,
    "le code d’un indicateur",
    cibles=lambda objet: [objet.indicateur],
    suit="indicateur",
)


def _lire_mesure(cell, ctx):
    """« PE-1-01/2024 »."""
    code, _, annee = cell.rpartition("/")
    trouvee = None
    if annee.isascii() and annee.isdigit() and len(annee) == 4:
        trouvee = Mesure.objects.filter(indicateur=_indicateur(code, ctx), annee=int(annee)).first()
    if trouvee is None:
        raise ValeurError("écrivez l’indicateur et une année qui a une valeur, comme PE-1-01/2024")
    return {"mesure": trouvee}


mesure = Colonne(
    _lire_mesure,
    lambda part: f"{part.mesure.indicateur.code}/{part.mesure.annee}",
    "un indicateur et une année, comme PE-1-01/2024",
    cibles=lambda part: [part.mesure],
    suit="mesure__indicateur",
)


def _lire_modalite(cell, ctx):
    """« PE-1-01/Femmes »."""
    code, _, libelle = cell.partition("/")
    trouvee = ModaliteIndicateur.objects.filter(indicateur=_indicateur(code, ctx), libelle=libelle).first()
    if trouvee is None:
        raise ValeurError("écrivez l’indicateur et l’une de ses parts, comme PE-1-01/Femmes")
    return {"modalite": trouvee}


modalite = Colonne(
    _lire_modalite,
    lambda part: f"{part.modalite.indicateur.code}/{part.modalite.libelle}",
    "un indicateur et l’une de ses parts, comme PE-1-01/Femmes",
    cibles=lambda part: [part.modalite],
    suit="modalite__indicateur",
)


def _lire_responsable(cell, ctx):
    """A person of the convention, by e-mail address or by name."""
    if not cell:
        return {"responsable": None}
    voulu, personnes = normalise(cell), Personne.objects.filter(convention=ctx.convention)
    trouvees = [p for p in personnes if voulu in {normalise(str(p)), normalise(p.email) or None}]
    if len(trouvees) != 1:
        raise ValeurError(
            "écrivez le nom ou l’adresse électronique d’une seule personne de la convention, ou videz la cellule"
        )
    return {"responsable": trouvees[0]}


# People are not written into a file that travels: see `ctg.chargement.export`.
responsable = Colonne(
    _lire_responsable,
    lambda indicateur: "",
    "le nom ou l’adresse électronique d’une personne de la convention",
)


register(
    Tableau(
        "indicateurs",
        "Indicateurs",
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
            "responsable": responsable,
            "ventilation": choix("ventilation", Ventilation),
            "agregation": choix("agregation", Agregation),
            **SOURCE,
        },
        ordre=500,
        dans=_des_fiches,
    )
)
register(
    Tableau(
        "modalites",
        "Parts des indicateurs détaillés",
        ModaliteIndicateur,
        ("indicateur", "libelle"),
        {
            "indicateur": indicateur,
            "ordre": entier("ordre"),
            "libelle": texte("libelle"),
            "quartier": lien("quartier", Quartier, "nom", quartiers_de_reference),
            "structure": lien("structure", Structure, "code", du_territoire),
        },
        ordre=505,
        dans=_des_indicateurs,
    )
)
register(
    Tableau(
        "cibles",
        "Cibles, par année",
        Cible,
        ("indicateur", "annee"),
        {"indicateur": indicateur, "annee": entier("annee"), "valeur": decimal("valeur"), **SOURCE},
        ordre=510,
        dans=_des_indicateurs,
    )
)
register(
    Tableau(
        "mesures",
        "Valeurs, par année",
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
        dans=_des_indicateurs,
        is_suivi=True,
        verrou=lambda mesure, champs: raison_du_refus(
            mesure.indicateur.fiche, mesure.annee, [champ_de(mesure.indicateur)]
        ),
    )
)
register(
    Tableau(
        "parts",
        "Valeurs des parts",
        ValeurVentilee,
        ("mesure", "modalite"),
        {"mesure": mesure, "modalite": modalite, "valeur": decimal("valeur")},
        ordre=525,
        dans=lambda ctx: {"mesure__indicateur__fiche__convention": ctx.convention},
        is_suivi=True,
    )
)
register(
    Tableau(
        "avancements",
        "Avancement des fiches, par année",
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
        dans=_des_fiches,
        is_suivi=True,
        verrou=lambda avancement, champs: raison_du_refus(
            avancement.fiche, avancement.annee, [champ for champ in champs if champ in AVANCEMENT]
        ),
    )
)
