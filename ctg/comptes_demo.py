"""The accounts of the demonstration, one a role. They exist only where DEMO=1."""

from ctg.enums import Role

MOT_DE_PASSE = "demo"


def _compte(
    nom: str, role: Role, presentation: str, *, perimetre: tuple[str, str] = ("", ""), organisme: str = ""
):
    return {
        "email": f"{nom}@demo.invalid",
        "role": role.label,
        "code_role": role.value,
        "presentation": presentation,
        "perimetre": perimetre,
        "organisme": organisme,
    }


CAF = "Caf de la Côte-d’Or"
COMPTES = [
    _compte("admin", Role.ADMINISTRATEUR, "gère les comptes, les mandats et les référentiels"),
    _compte("cooperation", Role.CHARGE_COOPERATION, "édite les fiches, suit l’année, produit le bilan"),
    _compte("petite-enfance", Role.COORDINATEUR_THEMATIQUE, "axe Petite enfance", perimetre=("axe", "PE")),
    _compte("enfance", Role.COORDINATEUR_THEMATIQUE, "axe Enfance", perimetre=("axe", "ENF")),
    _compte("jeunesse", Role.COORDINATEUR_THEMATIQUE, "axe Jeunesse", perimetre=("axe", "JEU")),
    _compte("avs", Role.COORDINATEUR_THEMATIQUE, "axe Animation de la vie sociale", perimetre=("axe", "AVS")),
    _compte("referent", Role.REFERENT, "fiche PE-1", perimetre=("fiche", "PE-1")),
    _compte(
        "quartier",
        Role.COORDINATEUR_TERRITORIAL,
        "quartier Fontaine d’Ouche",
        perimetre=("quartier", "Fontaine d’Ouche"),
    ),
    _compte("caf", Role.CONSEILLER_CAF, "lit tout, sauf les notes internes", organisme=CAF),
    _compte("signataire", Role.REPRESENTANT, "représente la Caf, signataire", organisme=CAF),
    _compte("copil", Role.MEMBRE_COPIL, "lit le plan, les documents et les bilans, dès l’aval"),
    _compte("lecteur", Role.LECTEUR, "lit le plan, les documents et les bilans publiés"),
]
