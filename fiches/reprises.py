"""What the next convention takes over of the action plan."""

from ctg.renouvellement.reprises import Option, Reprise, register, register_option
from fiches.enums import StatutFiche

TEXTES = frozenset(
    {
        "constat",
        "objectif_general",
        "description",
        "publics",
        "territoire",
        "participation",
        "participation_detail",
        "resultats_attendus",
        "source_complements",
    }
)
FINIES = (StatutFiche.REALISEE, StatutFiche.ABANDONNEE)


def _ecart(fiche) -> str:
    return fiche.get_statut_display() if fiche.statut in FINIES else ""


def _echeance(etape, cellules, nouvelle) -> None:
    """A date that the new convention does not have is asked anew: nothing is late before it begins."""
    if nouvelle.date_debut and etape.echeance and etape.echeance < nouvelle.date_debut:
        cellules["echeance"] = ""


register_option(
    Option("texte", "leur texte (constat, objectif général, description, publics, participation…)", 1),
    Option("pilote", "leur pilote et son service", 2),
    Option("acteurs", "leurs acteurs, avec leur rôle", 3),
    Option("etapes", "leurs étapes qui ne sont pas faites", 4),
)
register(
    Reprise(
        "axes",
        "Axes",
        sous=lambda axe: axe.parent,
        is_section=True,
        neuves=frozenset({"date_effet", "nb_axes_annonce", "nb_fiches_annonce"}),
    ),
    Reprise("objectifs"),
    Reprise(
        "fiches",
        "Fiches projet",
        sous=lambda fiche: fiche.axe,
        ecart=_ecart,
        neuves=frozenset({"statut", "notes_internes", "date_effet"}),
        colonnes={"texte": TEXTES, "pilote": frozenset({"pilote", "service_pilote"})},
    ),
    Reprise("contributions"),
    Reprise("implications", option="acteurs"),
    Reprise("etapes", option="etapes", retenir=lambda etape: not etape.is_faite, ajuster=_echeance),
)
