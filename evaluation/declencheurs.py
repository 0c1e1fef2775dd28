"""Database triggers: a value does not enter a closed campaign, and what is frozen stays frozen, whatever writes.

Installed after every `migrate`, since SQLite drops the triggers of a table that a migration remakes; taken off before,
since it refuses to remake a table that the trigger of another one reads.
The services say the same in words before (`evaluation.verrous`, `evaluation.transitions_bilan`); this is the floor
under every other door.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, transaction

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
DIFFERE = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


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


@dataclass(frozen=True, slots=True)
class Declencheur:
    """Refuses with `message` what `evenement` does to a row of `table` where `quand` holds."""

    table: str
    evenement: str
    quand: str
    message: str

    @property
    def nom(self) -> str:
        return f"{self.table}_{self.message}_{self.evenement.lower()}"


def condition(table: str, row: str, vendor: str) -> str:
    fiche, annee = (part.format(row=row) for part in TABLES[table])
    return _close(fiche, annee, vendor)


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


def _sqlite(d: Declencheur) -> list[str]:
    return [
        *_retirer_sqlite(d),
        (
            f"CREATE TRIGGER {d.nom} BEFORE {d.evenement} ON {d.table} WHEN {d.quand} "
            f"BEGIN SELECT RAISE(ABORT, '{d.message}'); END"
        ),
    ]


def _retirer_sqlite(d: Declencheur) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {d.nom}"]


def _postgresql(d: Declencheur) -> list[str]:
    rend = "OLD" if d.evenement == "DELETE" else "NEW"
    return [
        (
            f"CREATE OR REPLACE FUNCTION {d.nom}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {d.quand} THEN RAISE EXCEPTION '{d.message}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {rend}; END $$"
        ),
        *_retirer_postgresql(d),
        f"CREATE TRIGGER {d.nom} BEFORE {d.evenement} ON {d.table} FOR EACH ROW EXECUTE FUNCTION {d.nom}()",
    ]


def _retirer_postgresql(d: Declencheur) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {d.nom} ON {d.table}"]


INSTALLER = {"sqlite": _sqlite, "postgresql": _postgresql}
RETIRER = {"sqlite": _retirer_sqlite, "postgresql": _retirer_postgresql}


def installer(using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    """Idempotent. Does nothing for the tables that are not there yet."""
    _executer(INSTALLER, using)


def retirer(using: str = DEFAULT_DB_ALIAS) -> None:
    """Takes the floor away, to empty a database: tests, and a restore into the same one."""
    _executer(RETIRER, using)


def avant_migration(using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    """On SQLite. A migration that fails leaves them off until the next that succeeds."""
    if connections[using].vendor == "sqlite":
        retirer(using)


@contextmanager
def leves() -> Iterator[None]:
    """Without the triggers, in one transaction: for taking a name out of the texts of a closed year."""
    with transaction.atomic():
        retirer()
        yield
        installer()


def _executer(ecrire: dict, using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        presentes = set(connection.introspection.table_names(cursor))
        if "evaluation_saisie" not in presentes:
            return
        for declencheur in declencheurs(connection.vendor):
            if declencheur.table in presentes:
                for instruction in ecrire[connection.vendor](declencheur):
                    cursor.execute(instruction)
