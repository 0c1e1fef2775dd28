"""Who reads and changes a fiche projet. Scopes ask no query beyond the rights already loaded."""

from ctg.enums import Role
from ctg.permissions import EQUIPE, SA_CONVENTION, Portee, declarer


def _dans_son_axe(droits, fiche) -> bool:
    axes = droits.dans("axes")
    return fiche.axe_id in axes or any(axe.pk in axes for axe in fiche.axes.all())


# The fiche hangs on an axe of one's mandate, or carries one.
SON_AXE = Portee("les fiches de son axe", _dans_son_axe)
SA_FICHE = Portee("sa fiche", lambda droits, fiche: fiche.pk in droits.dans("fiches"))
TRAVAILLENT = {
    Role.CHARGE_COOPERATION: SA_CONVENTION,
    Role.COORDINATEUR_THEMATIQUE: SON_AXE,
    Role.REFERENT: SA_FICHE,
}

declarer("fiches.consulter", "Lire une fiche", None, refus="Vous n’avez pas de mandat dans cette convention.")
declarer(
    "fiches.modifier",
    "Modifier une fiche, ses étapes, ses moyens, ses acteurs",
    {Role.CHARGE_COOPERATION: SA_CONVENTION, Role.COORDINATEUR_THEMATIQUE: SON_AXE},
    refus="Seuls le chargé de coopération et le coordinateur de l’axe modifient une fiche.",
    hors="Cette fiche n’est pas de votre axe : seul son coordinateur ou le chargé de coopération la modifie.",
)
declarer(
    "fiches.avenant",
    "Changer le texte signé d’une fiche par un avenant",
    {Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Seul le chargé de coopération saisit ce qu’un avenant change.",
)
declarer(
    "fiches.supprimer",
    "Clore ou supprimer une fiche",
    {Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Seul le chargé de coopération clôt ou supprime une fiche.",
)
declarer(
    "fiches.historique",
    "Lire l’historique d’une fiche",
    EQUIPE,
    refus="L’historique d’une fiche se lit dans l’équipe de la convention et à la Caf.",
)
# Never the Caf, the administrateur or another axe.
declarer(
    "fiches.lire_notes",
    "Lire et écrire les notes internes à la collectivité",
    TRAVAILLENT,
    refus="Les notes internes ne se lisent que dans leur axe.",
)
