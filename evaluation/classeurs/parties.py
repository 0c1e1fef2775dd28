"""The sheets of the steps, the means and the actors of the fiches: one row each, and empty ones to add some."""

from collections.abc import Iterable
from dataclasses import dataclass

from ctg.nombres import ecrire_nombre
from evaluation.classeurs.feuilles import Colonne, Rang, empreinte, nombre_pose
from fiches.enums import RoleImplication
from fiches.models import Etape, FicheProjet, Implication, Moyen

NOUVELLES = 60  # empty rows
SUPPRIMER = Colonne("supprimer", "Supprimer (oui)", 12)
OUI = ("oui",)


@dataclass(frozen=True, slots=True)
class FeuilleDePartie:
    """`partie`: the formset of the page of the fiche; `nomment`: the columns by which a person knows a row."""

    titre: str
    partie: str
    nom: str
    colonnes: tuple[Colonne, ...]
    nomment: tuple[str, ...]
    dits: frozenset[str] = frozenset({"supprimer"})  # said of the change, never kept

    @property
    def comparees(self) -> list[str]:
        """The columns that have a fingerprint, in order."""
        return [colonne.nom for colonne in self.colonnes if colonne.nom not in self.dits]

    def nommer(self, textes: dict[str, str]) -> str:
        """« étape « Ouvrir le relais » »."""
        dits = [textes[nom] for nom in self.nomment if textes.get(nom)]
        return f"{self.nom} « {', '.join(dits)} »" if dits else self.nom


FICHE = Colonne("fiche", "Fiche", 9)
ETAPES = FeuilleDePartie(
    "Étapes",
    "etapes",
    "étape",
    (
        FICHE,
        Colonne("intitule", "Étape", 60),
        Colonne("echeance", "Échéance", 13),
        Colonne("is_faite", "Faite", 8),
        SUPPRIMER,
    ),
    ("intitule",),
)
MOYENS = FeuilleDePartie(
    "Moyens",
    "moyens",
    "moyen",
    (
        FICHE,
        Colonne("signataire", "Signataire", 30),
        Colonne("annee", "Année", 8),
        Colonne("nature", "Nature", 24),
        Colonne("prevu", "Prévu", 13),
        Colonne("accorde", "Accordé", 13),
        Colonne("realise", "Réalisé", 13),
        Colonne("source_contrat", "Source (d’un prévu ajouté)", 28),
        Colonne("rectification", "Rectification (motif)", 28),
        SUPPRIMER,
    ),
    ("signataire", "annee", "nature"),
    frozenset({"supprimer", "source_contrat", "rectification"}),
)
ACTEURS = FeuilleDePartie(
    "Acteurs",
    "implications",
    "acteur",
    (
        FICHE,
        Colonne("organisme", "Organisme", 36),
        Colonne("structure", "ou structure", 36),
        Colonne("role", "Rôle", 14),
        SUPPRIMER,
    ),
    ("organisme", "structure", "role"),
)
PARTIES = {feuille.titre: feuille for feuille in (ETAPES, MOYENS, ACTEURS)}
MONTANTS = ("prevu", "accorde", "realise")


def _cle(ligne) -> str:
    return f"{ligne._meta.model_name[0]}{ligne.pk}"


def lignes_du_classeur(feuille: FeuilleDePartie, fiches: Iterable[FicheProjet]) -> dict[str, object]:
    """{key of the row: step, means or actor}, in the order of the fiches; one query."""
    par_pk = {fiche.pk: (rang, fiche) for rang, fiche in enumerate(fiches)}
    lignes = {
        ETAPES: Etape.objects.order_by("ordre", "pk"),
        MOYENS: Moyen.objects.select_related("signataire__organisme").order_by(
            "annee", "signataire__ordre", "nature", "pk"
        ),
        ACTEURS: Implication.objects.select_related("organisme", "structure").order_by("role", "pk"),
    }[feuille].filter(fiche__in=par_pk)
    lues = sorted(lignes, key=lambda ligne: par_pk[ligne.fiche_id][0])
    for ligne in lues:
        ligne.fiche = par_pk[ligne.fiche_id][1]
    return {_cle(ligne): ligne for ligne in lues}


def textes_de_ligne(feuille: FeuilleDePartie, ligne) -> dict[str, str]:
    """What each cell shows, as one would type it."""
    textes = {"fiche": ligne.fiche.code}
    if feuille is ETAPES:
        return textes | {
            "intitule": ligne.intitule,
            "echeance": f"{ligne.echeance:%d/%m/%Y}" if ligne.echeance else "",
            "is_faite": "oui" if ligne.is_faite else "",
        }
    if feuille is MOYENS:
        return textes | {
            "signataire": str(ligne.signataire),
            "annee": str(ligne.annee),
            "nature": ligne.get_nature_display(),
            **{nom: ecrire_nombre(getattr(ligne, nom)) for nom in MONTANTS},
        }
    return textes | {
        "organisme": ligne.organisme.nom if ligne.organisme else "",
        "structure": ligne.structure.nom if ligne.structure else "",
        "role": ligne.get_role_display(),
    }


def _is_du_pilote(feuille: FeuilleDePartie, ligne) -> bool:
    """The signed pilot changes with its own cell, on the sheet of the fiches."""
    return (
        feuille is ACTEURS
        and ligne.role == RoleImplication.PILOTE
        and ligne.organisme_id is not None
        and ligne.organisme_id == ligne.fiche.pilote_id
    )


def _valeurs(feuille: FeuilleDePartie, ligne, textes: dict[str, str]) -> dict:
    """Numbers and dates as a spreadsheet holds them."""
    if feuille is ETAPES:
        return textes | {"echeance": ligne.echeance}
    if feuille is MOYENS:
        return textes | {"annee": ligne.annee, **{nom: nombre_pose(getattr(ligne, nom)) for nom in MONTANTS}}
    return textes


def rangs_de_la_feuille(feuille: FeuilleDePartie, fiches: Iterable[FicheProjet], regles: dict) -> list[Rang]:
    compares = feuille.comparees
    ouverts = frozenset({*compares, *feuille.dits})
    rangs = []
    for cle, ligne in lignes_du_classeur(feuille, fiches).items():
        textes = textes_de_ligne(feuille, ligne)
        rangs.append(
            Rang(
                cle=cle,
                empreintes=[empreinte(textes[nom]) for nom in compares],
                valeurs=_valeurs(feuille, ligne, textes),
                ouverts=frozenset() if _is_du_pilote(feuille, ligne) else ouverts - {"fiche"},
                regles=regles,
            )
        )
    nouvelles = ouverts - {"supprimer"}
    return [*rangs, *(Rang(ouverts=nouvelles, regles=regles) for _ in range(NOUVELLES))]
