"""Distributed minutes stay as they were distributed, whatever writes: the meeting, its points, its attendance, what was
decided, the files. How far a decision is goes on, and with a note who does it and for when.

The services say the same in words, and earlier (`gouvernance.verrous`); this is the floor under every other door.
"""

from collections.abc import Iterator

from ctg.declencheurs import DIFFERE, Declencheur, register

MESSAGE = "compte_rendu_diffuse"
REUNION = (
    "convention_id",
    "instance_gouvernance_id",
    "annee",
    "rang",
    "date",
    "heure_debut",
    "duree",
    "lieu",
    "intitule",
    "compte_rendu",
    "etat_compte_rendu",
)
DECISION = ("reunion_id", "rang", "point_id", "label_id", "texte")
DOCUMENT = ("reunion_id", "label_id", "nom", "fichier", "empreinte", "taille")
DIFFUSEE = "EXISTS (SELECT 1 FROM gouvernance_reunion r WHERE r.id = {row}.reunion_id AND r.etat_compte_rendu = 'diffuse')"
DU_POINT = (
    "EXISTS (SELECT 1 FROM gouvernance_pointordredujour p JOIN gouvernance_reunion r ON r.id = p.reunion_id"
    " WHERE p.id = {row}.pointordredujour_id AND r.etat_compte_rendu = 'diffuse')"
)
# table: when one of its rows is of distributed minutes.
PARTIES = {
    "gouvernance_pointordredujour": DIFFUSEE,
    "gouvernance_pointordredujour_documents": DU_POINT,
    "gouvernance_pointordredujour_fiches": DU_POINT,
    "gouvernance_presence": DIFFUSEE,
    "gouvernance_invite": DIFFUSEE,
}
LIGNES = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def declencheurs(vendor: str) -> Iterator[Declencheur]:
    def change(colonnes):
        return " OR ".join(f"OLD.{colonne} {DIFFERE[vendor]} NEW.{colonne}" for colonne in colonnes)

    diffusee = "OLD.etat_compte_rendu = 'diffuse'"
    yield Declencheur("gouvernance_reunion", "UPDATE", f"{diffusee} AND ({change(REUNION)})", MESSAGE)
    yield Declencheur("gouvernance_reunion", "DELETE", diffusee, MESSAGE)
    for table, condition in PARTIES.items():
        for evenement, lignes in LIGNES.items():
            quand = " OR ".join(condition.format(row=row) for row in lignes)
            yield Declencheur(table, evenement, quand, MESSAGE)
    document = "gouvernance_documentdiffuse"
    yield Declencheur(document, "UPDATE", change(DOCUMENT), MESSAGE)
    yield Declencheur(document, "DELETE", "1 = 1", MESSAGE)
    decision = "gouvernance_decision"
    yield Declencheur(decision, "INSERT", DIFFUSEE.format(row="NEW"), MESSAGE)
    yield Declencheur(decision, "DELETE", DIFFUSEE.format(row="OLD"), MESSAGE)
    touchee = " OR ".join(DIFFUSEE.format(row=row) for row in ("OLD", "NEW"))
    yield Declencheur(decision, "UPDATE", f"({change(DECISION)}) AND ({touchee})", MESSAGE)


register(declencheurs, temoin="gouvernance_pointordredujour")
