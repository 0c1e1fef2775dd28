"""How a bilan is shown: a function of its content, its acte and its state, and of nothing else."""

import datetime
from dataclasses import dataclass

from ctg.models.base import DONNEES_DEMONSTRATION
from evaluation.acte import Acte, TexteApprouve
from evaluation.bilan import Contenu
from evaluation.canonique import donnees
from evaluation.contenus import donnees_du_contenu
from evaluation.enums import Sortie, StatutBilan
from evaluation.sortie_publique import rendre_public

VIVANT = "DOCUMENT DE TRAVAIL"
MARQUES = {
    "": VIVANT,
    StatutBilan.FIGEE: "PROJET — NE PAS DIFFUSER",
    StatutBilan.AU_DEBAT: "DOCUMENT DE TRAVAIL — SOUMIS AU DÉBAT",
    StatutBilan.TRANSMISE: "PROJET — NE PAS DIFFUSER",
    StatutBilan.REFUSEE: "PROJET — NE PAS DIFFUSER",
    StatutBilan.AVALISEE: "PROJET SOUMIS AU COPIL",
    StatutBilan.SOUMISE_COPIL: "PROJET SOUMIS AU COPIL",
    StatutBilan.PUBLIEE: "",
    StatutBilan.REMPLACEE: "VERSION REMPLACÉE — NE PAS DIFFUSER",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """What a renderer gets. `version` 0: the live data, of which nothing is frozen."""

    complet: Contenu
    sortie: str = Sortie.COMPLET
    etat: str = ""
    version: int = 0
    empreinte: str = ""
    textes: tuple[TexteApprouve, ...] = ()
    acte: Acte | None = None
    empreinte_acte: str = ""
    au: datetime.date | None = None  # the day whose fiches are shown, where it is not the last of the year

    @property
    def contenu(self) -> Contenu:
        return self.complet if self.sortie == Sortie.COMPLET else rendre_public(self.complet, self.textes)

    @property
    def is_publique(self) -> bool:
        return self.sortie == Sortie.PUBLIC

    @property
    def identifiant(self) -> str:
        """Names the version and its output; empty for live data."""
        if not self.version:
            return ""
        slug, annee = self.complet.slug, self.complet.annee
        return f"CTG/{slug}/{annee}/v{self.version}/{self.sortie}/{self.empreinte[:12]}"

    @property
    def pied(self) -> str:
        """What the foot of every page says: live data have no name, and two prints are told apart by their time."""
        return self.identifiant or f"Produit le {self.complet.generated_at:%d/%m/%Y à %H:%M}"

    @property
    def marques(self) -> str:
        """What every page, sheet and file says; nothing on what is published for the first time."""
        mots = [MARQUES[self.etat]]
        if self.acte and self.acte.rectificatif:
            mots.append(f"RECTIFICATIF N° {self.acte.rectificatif}")
        if self.complet.is_demonstration:
            mots.append(DONNEES_DEMONSTRATION)
        return " — ".join(mot for mot in mots if mot)

    @property
    def etat_dit(self) -> str:
        """What the head of every page of a document says: its marks, and that a published version is final."""
        if self.etat != StatutBilan.PUBLIEE:
            return self.marques
        definitif = "" if self.acte and self.acte.rectificatif else "DÉFINITIF"
        return " — ".join(mot for mot in (f"VERSION {self.version}", definitif, self.marques) if mot)

    @property
    def texte_convention(self) -> str:
        return next((t.texte for t in self.textes if not t.fiche and t.champ == "presentation"), "")

    @property
    def conclusion_publique(self) -> str:
        return next((t.texte for t in self.textes if not t.fiche and t.champ == "conclusions"), "")


def enveloppe(edition: Edition) -> dict:
    """The JSON of an edition: the content, what identifies it, and its acte."""
    acte = donnees(edition.acte) if edition.acte else None
    if (
        acte and edition.is_publique
    ):  # free words may name people: the texts approved for the public stand for them
        muet = {"intitule": "", "lieu": "", "remarques": "", "par_fiche": []}
        acte["debats"] = [debat | muet for debat in acte["debats"]]
        acte["dispenses"] = [d | {"motif": ""} for d in acte["dispenses"]]
        if acte["conclusion"]:
            acte["conclusion"]["texte"] = ""
    return {
        "acte": acte,
        "bilan": donnees_du_contenu(edition.contenu),
        "empreinte": edition.empreinte,
        "empreinte_acte": edition.empreinte_acte,
        "etat": edition.etat,
        "identifiant": edition.identifiant,
        "marques": edition.marques,
        "sortie": str(edition.sortie),
    }
