"""Database triggers: a value does not enter a closed campaign, whatever wrote it.

Installed after every `migrate`, since SQLite drops the triggers of a table that a migration remakes; taken off before,
since it refuses to remake a table that the trigger of another one reads.
The service says the same in words before (`evaluation.verrous`); this is the floor under every other door.
"""

from contextlib import contextmanager

from django.db import connection as courante
from django.db import connections, transaction

CLOSE = "campagne_close"
AUJOURDHUI = {"sqlite": "date('now', 'localtime')", "postgresql": "(now() AT TIME ZONE 'Europe/Paris')::date"}
# table: how one of its rows names its fiche and its year.
TABLES = {
    "evaluation_mesure": (
        "(SELECT i.fiche_id FROM evaluation_indicateur i WHERE i.id = {row}.indicateur_id)",
        "{row}.annee",
    ),
    "evaluation_avancement": ("{row}.fiche_id", "{row}.annee"),
    "evaluation_valeurventilee": (
        (
            "(SELECT i.fiche_id FROM evaluation_mesure m JOIN evaluation_indicateur i ON i.id = m.indicateur_id"
            " WHERE m.id = {row}.mesure_id)"
        ),
        "(SELECT m.annee FROM evaluation_mesure m WHERE m.id = {row}.mesure_id)",
    ),
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


def condition(table: str, row: str, vendor: str) -> str:
    fiche, annee = (part.format(row=row) for part in TABLES[table])
    return CONDITION.format(fiche=fiche, annee=annee, aujourdhui=AUJOURDHUI[vendor])


def _sqlite(table: str, evenement: str) -> list[str]:
    nom = f"{table}_{CLOSE}_{evenement.lower()}"
    quand = " OR ".join(condition(table, row, "sqlite") for row in LIGNES[evenement])
    return [
        f"DROP TRIGGER IF EXISTS {nom}",
        (
            f"CREATE TRIGGER {nom} BEFORE {evenement} ON {table} WHEN {quand} "
            f"BEGIN SELECT RAISE(ABORT, '{CLOSE}'); END"
        ),
    ]


def _postgresql(table: str, evenement: str) -> list[str]:
    nom = f"{table}_{CLOSE}_{evenement.lower()}"
    quand = " OR ".join(condition(table, row, "postgresql") for row in LIGNES[evenement])
    rend = "OLD" if evenement == "DELETE" else "NEW"
    return [
        (
            f"CREATE OR REPLACE FUNCTION {nom}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {quand} THEN RAISE EXCEPTION '{CLOSE}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {rend}; END $$"
        ),
        f"DROP TRIGGER IF EXISTS {nom} ON {table}",
        f"CREATE TRIGGER {nom} BEFORE {evenement} ON {table} FOR EACH ROW EXECUTE FUNCTION {nom}()",
    ]


def installer(using: str = "default", **kwargs) -> None:
    """Idempotent. Does nothing until the tables are there."""
    connection = connections[using]
    ecrire = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        presentes = connection.introspection.table_names(cursor)
        if "evaluation_saisie" not in presentes:
            return
        for table in TABLES:
            for evenement in LIGNES:
                for instruction in ecrire(table, evenement):
                    cursor.execute(instruction)


@contextmanager
def leves():
    """Without the triggers, in one transaction: for taking a name out of the texts of a closed year."""
    with transaction.atomic():
        with courante.cursor() as cursor:
            for table in TABLES:
                for evenement in LIGNES:
                    nom = f"{table}_{CLOSE}_{evenement.lower()}"
                    sur = f" ON {table}" if courante.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {nom}{sur}")
        yield
        installer()


def retirer(using: str = "default", **kwargs) -> None:
    """Before a migration, on SQLite. One that fails leaves them off until the next that succeeds."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in TABLES:
                for evenement in LIGNES:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{CLOSE}_{evenement.lower()}")
