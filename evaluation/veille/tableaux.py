"""The tables of the watch. A territory is written « ville », « quartiers/Grésilles » (découpage, quartier) or by its name."""

from django.core.exceptions import ValidationError

from ctg.chargement.colonnes import (
    SOURCE,
    choix,
    date,
    de_la_convention,
    decimal,
    entier,
    lien,
    liens,
    oui_non,
    texte,
)
from ctg.chargement.tableau import Colonne, Tableau, ValeurError, register
from ctg.models import Quartier
from evaluation.enums import (
    CumulSerie,
    EtatObservation,
    NatureSerie,
    NatureSeuil,
    NiveauTerritoire,
    PeriodeSerie,
    PorteeSeuil,
    SituationObservation,
)
from evaluation.models import AutreNom, NoteVeille, Observation, SerieSociale, Seuil, TerritoireCompare
from evaluation.veille.periodes import EXEMPLES, dire_periode, lire_periode
from fiches.models import Axe, FicheProjet
from gouvernance.models import Jalon

VILLE = "ville"
serie = lien("serie", SerieSociale, "code", de_la_convention)


def _lire_quartier(cell, ctx) -> Quartier:
    decoupage, _, nom = cell.partition("/")
    cle = (Quartier, "veille", cell)
    if cle not in ctx.liens:
        trouve = Quartier.objects.filter(
            decoupage__territoire=ctx.territoire, decoupage__code=decoupage, nom=nom
        ).first()
        if trouve is None:
            raise ValeurError("écrivez le code du découpage et le nom du quartier, comme quartiers/Grésilles")
        ctx.liens[cle] = trouve
    return ctx.liens[cle]


def _lire_lieu(cell, ctx):
    lu = {"quartier": None, "territoire_compare": None}
    if cell == VILLE:
        return lu
    if "/" in cell:
        return lu | {"quartier": _lire_quartier(cell, ctx)}
    trouve = TerritoireCompare.objects.filter(convention=ctx.convention, nom=cell).first()
    if trouve is None:
        raise ValeurError(
            "écrivez « ville », un quartier comme quartiers/Grésilles, ou un territoire comparé"
        )
    return lu | {"territoire_compare": trouve}


def _ecrire_lieu(objet) -> str:
    if objet.quartier_id:
        return _ecrire_quartier(objet.quartier)
    return objet.territoire_compare.nom if objet.territoire_compare_id else VILLE


def _ecrire_quartier(quartier: Quartier) -> str:
    return f"{quartier.decoupage.code}/{quartier.nom}"


lieu = Colonne(
    _lire_lieu,
    _ecrire_lieu,
    "« ville », un quartier comme quartiers/Grésilles, ou le nom d’un territoire de comparaison",
    cibles=lambda objet: [cible for cible in (objet.quartier, objet.territoire_compare) if cible],
)
quartier = Colonne(
    lambda cell, ctx: {"quartier": None if cell == VILLE else _lire_quartier(cell, ctx)},
    lambda note: _ecrire_quartier(note.quartier) if note.quartier_id else VILLE,
    "« ville », ou un quartier comme quartiers/Grésilles",
    cibles=lambda note: [note.quartier] if note.quartier_id else (),
)


def _lire_periode(cell, ctx):
    """« 2024 », « 2023-2024 » or a day: which one is that of the series."""
    for periode in (PeriodeSerie.ANNEE, PeriodeSerie.SCOLAIRE, PeriodeSerie.JOUR):
        try:
            debut = lire_periode(cell, periode)
        except ValidationError:
            continue
        if dire_periode(periode, debut) == cell:
            return {"debut": debut}
    raise ValeurError("écrivez " + ", ".join(EXEMPLES.values()))


periode = Colonne(
    _lire_periode, lambda o: o.periode, f"selon la série\u00a0: {' ; '.join(EXEMPLES.values())}", suit="serie"
)


def _lire_jalon(cell, ctx):
    """« Séminaire du quartier/2025-11-06/Grésilles »."""
    if not cell:
        return {"jalon": None}
    titre, _, reste = cell.partition("/")
    jour, _, nom = reste.partition("/")
    try:
        trouve = Jalon.objects.filter(
            convention=ctx.convention, titre=titre, date_debut=jour, quartier__nom=nom or None
        ).first()
    except (ValidationError, ValueError):
        trouve = None
    if trouve is None:
        raise ValeurError(
            "écrivez le titre, le jour et le quartier d’une date, comme Séminaire/2025-11-06/Grésilles"
        )
    return {"jalon": trouve}


def _ecrire_jalon(note) -> str:
    if not note.jalon_id:
        return ""
    return f"{note.jalon.titre}/{note.jalon.date_debut.isoformat()}/{note.jalon.quartier or ''}".rstrip("/")


jalon = Colonne(
    _lire_jalon,
    _ecrire_jalon,
    "le titre, le jour et le quartier d’une date du calendrier",
    cibles=lambda note: [note.jalon] if note.jalon_id else (),
)


def _des_series(ctx):
    return {"serie__convention": ctx.convention}


register(
    Tableau(
        "veille_territoires",
        "Veille : territoires de comparaison",
        TerritoireCompare,
        ("nom",),
        {"nom": texte("nom"), "niveau": choix("niveau", NiveauTerritoire), "code": texte("code"), **SOURCE},
        ordre=540,
        portee=de_la_convention,
        is_suivi=True,
    )
)
register(
    Tableau(
        "veille_noms",
        "Veille : autres noms des territoires",
        AutreNom,
        ("nom",),
        {"nom": texte("nom"), "territoire": lieu},
        ordre=541,
        portee=de_la_convention,
        is_suivi=True,
    )
)
register(
    Tableau(
        "veille_series",
        "Veille : séries",
        SerieSociale,
        ("code",),
        {
            "code": texte("code"),
            "intitule": texte("intitule"),
            "theme": texte("theme"),
            "nature": choix("nature", NatureSerie),
            "unite": texte("unite"),
            "periode": choix("periode", PeriodeSerie),
            "cumul": choix("cumul", CumulSerie),
            "definition": texte("definition"),
            "producteur": texte("producteur"),
            "jeu_de_donnees": texte("jeu_de_donnees"),
            "lien": texte("lien"),
            "licence": texte("licence"),
            "date_donnees": date("date_donnees"),
            "publique": oui_non("is_publique"),
            "axes": liens("axes", Axe, "code", de_la_convention),
            "fiches": liens("fiches", FicheProjet, "code", de_la_convention),
            **SOURCE,
        },
        ordre=542,
        portee=de_la_convention,
        is_suivi=True,
    )
)
register(
    Tableau(
        "veille_observations",
        "Veille : observations",
        Observation,
        ("serie", "periode", "territoire"),
        {
            "serie": serie,
            "periode": periode,
            "territoire": lieu,
            "situation": choix("situation", SituationObservation),
            "valeur": decimal("valeur"),
            "etat": choix("etat", EtatObservation),
            **SOURCE,
        },
        ordre=543,
        dans=_des_series,
        is_suivi=True,
    )
)
register(
    Tableau(
        "veille_seuils",
        "Veille : seuils d’alerte",
        Seuil,
        ("serie", "portee", "nature", "nb_periodes"),
        {
            "serie": serie,
            "portee": choix("portee", PorteeSeuil),
            "nature": choix("nature", NatureSeuil),
            "nb_periodes": entier("nb_periodes"),
            "valeur": decimal("valeur"),
        },
        ordre=544,
        dans=_des_series,
        is_suivi=True,
    )
)
register(
    Tableau(
        "veille_notes",
        "Veille : notes",
        NoteVeille,
        ("titre", "date", "quartier"),
        {
            "titre": texte("titre"),
            "date": date("date"),
            "quartier": quartier,
            "texte": texte("texte"),
            "theme": texte("theme"),
            "date_du_calendrier": jalon,
            "serie": serie,
            "axe": lien("axe", Axe, "code", de_la_convention),
            **SOURCE,
        },
        ordre=545,
        portee=de_la_convention,
        is_suivi=True,
    )
)
