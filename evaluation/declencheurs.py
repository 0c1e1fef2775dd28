"""Database triggers: a value does not enter a closed campaign, and what is frozen stays frozen, whatever writes.

The services say the same in words before (`evaluation.verrous`, `evaluation.transitions_bilan`); this is the floor
under every other door.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ctg.declencheurs import DIFFERE, Declencheur, register

CLOSE, FIGE = "campagne_close", "bilan_fige"
AUJOURDHUI = {"sqlite": "date('now', 'localtime')", "postgresql": "(now() AT TIME ZONE 'Europe/Paris')::date"}
# table: how one of its rows names its fiche and its year.
TABLES = {
    "evaluation_mesure": (
        "(SELECT i.fiche_id FROM evaluation_indicateur i WHERE i.id = {row}.indicateur_id)",
        "{row}.annee",
    ),
    "evaluation_avancement": ("{row}.fiche_id", "{row}.annee"),
    "evaluation_effet": ("{row}.fiche_id", "{row}.annee"),
    "evaluation_valeurventilee": (
        (
            "(SELECT i.fiche_id FROM evaluation_mesure m JOIN evaluation_indicateur i ON i.id = m.indicateur_id"
            " WHERE m.id = {row}.mesure_id)"
        ),
        "(SELECT m.annee FROM evaluation_mesure m WHERE m.id = {row}.mesure_id)",
    ),
}


@dataclass(frozen=True, slots=True)
class Partie:
    """A table of fiches of which one column is entered with the year. `porte`: a row of it that says something."""

    annee: str
    colonne: str
    porte: str
    place: tuple[str, ...]  # a row that moves takes its value elsewhere


# Steps have no year: theirs is that of the last campaign that was opened, until its bilan is published.
DERNIERE = """(SELECT d.annee FROM evaluation_campagne d WHERE d.convention_id = f.convention_id
    AND d.nature = 'annuelle' AND d.annee = (
        SELECT max(e.annee) FROM evaluation_campagne e WHERE e.convention_id = f.convention_id
            AND e.nature = 'annuelle' AND e.statut <> 'en_preparation')
    AND NOT EXISTS (SELECT 1 FROM evaluation_bilan b WHERE b.convention_id = d.convention_id
        AND b.annee = d.annee AND b.statut = 'publiee'))"""
PARTIES = {
    "fiches_moyen": Partie("{row}.annee", "realise", "{row}.realise IS NOT NULL", ("annee", "fiche_id")),
    "fiches_etape": Partie(DERNIERE, "is_faite", "{row}.is_faite", ("fiche_id",)),
}
LIGNES = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
# Closed, and neither a correction that is open nor an exception that runs names the fiche.
CONDITION = """EXISTS (
    SELECT 1 FROM fiches_ficheprojet f
    JOIN evaluation_campagne c ON c.convention_id = f.convention_id AND c.annee = {annee}
        AND c.nature = 'annuelle' AND c.statut = 'close'
    WHERE f.id = {fiche} AND NOT EXISTS (
        SELECT 1 FROM evaluation_saisie s JOIN evaluation_campagne o ON o.id = s.campagne_id
        WHERE s.fiche_id = f.id AND o.convention_id = f.convention_id AND o.annee = c.annee
            AND (o.statut = 'ouverte' OR s.date_exception >= {aujourdhui})))"""
# An effect of an axe or of the convention: the whole year is closed, and no correction of it is open.
CONDITION_SANS_FICHE = """({row}.fiche_id IS NULL AND EXISTS (
    SELECT 1 FROM evaluation_campagne c WHERE c.convention_id = {row}.convention_id AND c.annee = {row}.annee
        AND c.nature = 'annuelle' AND c.statut = 'close')
    AND NOT EXISTS (
        SELECT 1 FROM evaluation_campagne o WHERE o.convention_id = {row}.convention_id AND o.annee = {row}.annee
            AND o.statut = 'ouverte'))"""
SANS_FICHE = frozenset({"evaluation_effet"})
# table: the columns that never change; its rows are never deleted.
FIGES = {
    "evaluation_bilan": (
        "convention_id",
        "annee",
        "version",
        "campagne_id",
        "contenu",
        "empreinte",
        "schema",
        "date_figement",
        "figee_par_id",
    ),
    "evaluation_actepublication": ("bilan_id", "contenu", "empreinte"),
    "evaluation_documentpublie": ("bilan_id", "sortie", "extension", "nom", "fichier", "empreinte", "taille"),
    "evaluation_aval": ("bilan_id", "organisme_id", "decision", "empreinte", "date", "rendu_par_id"),
}


def condition(table: str, row: str, vendor: str) -> str:
    fiche, annee = (part.format(row=row) for part in TABLES[table])
    close = _close(fiche, annee, vendor)
    return f"({close} OR {CONDITION_SANS_FICHE.format(row=row)})" if table in SANS_FICHE else close


def condition_de_partie(table: str, evenement: str, vendor: str) -> str:
    partie = PARTIES[table]
    touchees = [
        f"({partie.porte.format(row=row)} AND {_close(f'{row}.fiche_id', partie.annee.format(row=row), vendor)})"
        for row in LIGNES[evenement]
    ]
    quand = f"({' OR '.join(touchees)})"
    if evenement != "UPDATE":
        return quand
    change = f"OLD.{partie.colonne} {DIFFERE[vendor]} NEW.{partie.colonne}"
    change = " OR ".join([change, *(f"OLD.{nom} <> NEW.{nom}" for nom in partie.place)])
    return f"({change}) AND {quand}"


def _close(fiche: str, annee: str, vendor: str) -> str:
    return CONDITION.format(fiche=fiche, annee=annee, aujourdhui=AUJOURDHUI[vendor])


def declencheurs(vendor: str) -> Iterator[Declencheur]:
    for table in TABLES:
        for evenement, lignes in LIGNES.items():
            quand = " OR ".join(condition(table, row, vendor) for row in lignes)
            yield Declencheur(table, evenement, quand, CLOSE)
    for table in PARTIES:
        for evenement in LIGNES:
            yield Declencheur(table, evenement, condition_de_partie(table, evenement, vendor), CLOSE)
    for table, colonnes in FIGES.items():
        change = " OR ".join(f"OLD.{colonne} <> NEW.{colonne}" for colonne in colonnes)
        yield Declencheur(table, "UPDATE", change, FIGE)
        yield Declencheur(table, "DELETE", "1 = 1", FIGE)


register(declencheurs, temoin="evaluation_saisie")
