"""Database triggers: what was put to approval does not change, and nothing hangs on a question before its approval."""

from collections.abc import Iterator

from ctg.declencheurs import DIFFERE, Declencheur, register
from evaluation.protocole.enums import INITIAUX, RENDUS

FIGE, TROP_TOT = "approbation_fige", "question_pas_approuvee"
# table: the columns that never change once it is put to approval.
SOUMIS = {
    "evaluation_protocole": (
        "convention_id",
        "version",
        "outils",
        "moyens",
        "participation",
        "type_evaluation",
        "type_detail",
        "questions_methodes",
        "contenu",
        "empreinte",
        "date_soumission",
    ),
    "evaluation_questionevaluative": (
        "convention_id",
        "numero",
        "libelle",
        "precisions",
        "critere",
        "objet",
        "axe_id",
        "fiche_id",
        "phase",
        "contenu",
        "empreinte",
        "date_soumission",
    ),
}
REPONSE = (
    "protocole_id",
    "question_id",
    "organisme_id",
    "decision",
    "empreinte",
    "date",
    "date_acte",
    "rendue_par_id",
)
ENSUITE = ("evaluation_preuve", "evaluation_recommandation")


def _parmi(valeurs: tuple[str, ...]) -> str:
    return ", ".join(f"'{valeur}'" for valeur in valeurs)


def declencheurs(vendor: str) -> Iterator[Declencheur]:
    initial = _parmi(INITIAUX)
    for table, colonnes in SOUMIS.items():
        change = " OR ".join(f"OLD.{colonne} {DIFFERE[vendor]} NEW.{colonne}" for colonne in colonnes)
        # Only what nobody has answered is taken back to be written again.
        repris = f"(OLD.statut = 'soumise' AND NEW.statut IN ({initial}))"
        quand = f"OLD.statut NOT IN ({initial}) AND NOT {repris} AND (NEW.statut IN ({initial}) OR {change})"
        yield Declencheur(table, "UPDATE", quand, FIGE)
        yield Declencheur(table, "DELETE", f"OLD.statut NOT IN ({initial})", FIGE)
    change = " OR ".join(f"OLD.{colonne} {DIFFERE[vendor]} NEW.{colonne}" for colonne in REPONSE)
    yield Declencheur("evaluation_approbation", "UPDATE", change, FIGE)
    yield Declencheur("evaluation_approbation", "DELETE", "1 = 1", FIGE)
    for table in ENSUITE:
        for evenement in ("INSERT", "UPDATE"):
            statut = "(SELECT q.statut FROM evaluation_questionevaluative q WHERE q.id = NEW.question_id)"
            yield Declencheur(table, evenement, f"{statut} NOT IN ({_parmi(RENDUS)})", TROP_TOT)


register(declencheurs, temoin="evaluation_approbation")
