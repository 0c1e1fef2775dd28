"""Who defines indicators, leads the campaign, enters, submits, validates."""

from ctg.enums import Role
from ctg.permissions import EQUIPE, SA_CONVENTION, Portee, declarer
from fiches.permissions import SA_FICHE, SON_AXE, TRAVAILLENT

CHARGE = {Role.CHARGE_COOPERATION: SA_CONVENTION}
COORDONNENT = CHARGE | {Role.COORDINATEUR_THEMATIQUE: SON_AXE}

declarer(
    "evaluation.saisir",
    "Saisir les indicateurs et l’avancement d’une fiche",
    TRAVAILLENT,
    refus="La saisie de cette fiche revient à son référent, au coordinateur de l’axe et au chargé de coopération.",
    hors="Cette fiche n’est pas de votre mandat : son référent, le coordinateur de son axe ou le chargé de coopération "
    "la saisit. Demandez au chargé de coopération si elle doit vous revenir.",
)
declarer(
    "evaluation.soumettre",
    "Soumettre la saisie d’une fiche",
    COORDONNENT | {Role.REFERENT: SA_FICHE},
    refus="Le référent de la fiche ou le coordinateur de l’axe soumet cette saisie.",
    hors="Cette fiche n’est pas de votre mandat : son référent, le coordinateur de son axe ou le chargé de coopération "
    "la soumet. Demandez au chargé de coopération si elle doit vous revenir.",
)
declarer(
    "evaluation.valider",
    "Valider ou renvoyer la saisie d’une fiche",
    COORDONNENT,
    refus="Le coordinateur de l’axe ou le chargé de coopération valide ou renvoie une saisie.",
    hors="Cette fiche n’est pas de votre axe : son coordinateur ou le chargé de coopération valide et renvoie sa "
    "saisie.",
)
declarer(
    "evaluation.campagne",
    "Préparer, ouvrir, relancer et clore une campagne",
    CHARGE,
    refus="Le chargé de coopération conduit la campagne.",
)
declarer(
    "evaluation.suivre",
    "Suivre la campagne par axe, fiche et personne",
    EQUIPE,
    refus="Le suivi de la campagne se lit dans l’équipe de la convention et à la Caf.",
)
# Not the Caf, whose reading begins with the submission.
declarer(
    "evaluation.lire_en_cours",
    "Lire les saisies d’une campagne ouverte avant qu’elles soient soumises",
    {role: portee for role, portee in EQUIPE.items() if role != Role.CONSEILLER_CAF},
    refus="Cette saisie n’est pas encore soumise : la Caf la lira une fois soumise.",
)
declarer(
    "evaluation.definir",
    "Définir les indicateurs et les cibles d’une fiche",
    COORDONNENT,
    refus="Le coordinateur de l’axe et le chargé de coopération définissent les indicateurs.",
    hors="Cette fiche n’est pas de votre axe : son coordinateur ou le chargé de coopération définit ses indicateurs.",
)
declarer(
    "evaluation.reprendre_departs",
    "Reprendre les dernières valeurs de la convention précédente comme valeurs de départ",
    dict.fromkeys(sorted(COORDONNENT), SA_CONVENTION),
    refus="Le coordinateur de l’axe et le chargé de coopération choisissent les valeurs de départ.",
)
declarer(
    "evaluation.lier_decision",
    "Lier une décision à une fiche",
    CHARGE,
    refus="Le chargé de coopération lie les décisions aux fiches.",
)

# Grid of entry, and the parts of a detailed value: a part is a `ModaliteIndicateur`.
SON_QUARTIER = Portee(
    "les parts de son quartier", lambda droits, part: part.quartier_id in droits.dans("quartiers")
)
SAISISSENT = frozenset({*TRAVAILLENT, Role.COORDINATEUR_TERRITORIAL})

declarer(
    "evaluation.grille",
    "Ouvrir la grille de saisie",
    dict.fromkeys(sorted(SAISISSENT), SA_CONVENTION),
    refus="La grille de saisie est à ceux qui saisissent : référents, coordinateurs et chargé de coopération.",
)
declarer(
    "evaluation.saisir_part",
    "Saisir la part d’un quartier dans un indicateur détaillé",
    {
        Role.CHARGE_COOPERATION: SA_CONVENTION,
        Role.COORDINATEUR_THEMATIQUE: Portee(
            SON_AXE.nom, lambda droits, part: SON_AXE.contient(droits, part.indicateur.fiche)
        ),
        Role.REFERENT: Portee(
            SA_FICHE.nom, lambda droits, part: SA_FICHE.contient(droits, part.indicateur.fiche)
        ),
        Role.COORDINATEUR_TERRITORIAL: SON_QUARTIER,
    },
    refus="Le détail par quartier se saisit par le coordinateur du quartier et par ceux qui saisissent la fiche.",
    hors="Cette part n’est ni de votre quartier ni d’une fiche que vous saisissez.",
)

# `objet` is a version of a bilan.
DONNE_L_AVAL = Portee(
    "l’organisme qui donne l’aval",
    lambda droits, bilan: not bilan.convention.get_organismes_aval().isdisjoint(droits.dans("organismes")),
)
declarer(
    "evaluation.travailler_bilan",
    "Lire toutes les versions d’un bilan, et le document de travail",
    {role: portee for role, portee in EQUIPE.items() if role != Role.CONSEILLER_CAF},
    refus="Le document de travail se lit dans l’équipe de la convention.",
)
declarer(
    "evaluation.figer",
    "Figer une version du bilan",
    CHARGE,
    refus="Le chargé de coopération fige les versions du bilan.",
)
declarer(
    "evaluation.debattre",
    "Ouvrir le débat, en consigner les réunions, le clore ou en dispenser",
    CHARGE,
    refus="Le chargé de coopération consigne le débat.",
)
declarer(
    "evaluation.transmettre",
    "Transmettre une version du bilan pour aval",
    CHARGE,
    refus="Le chargé de coopération transmet le bilan à ceux qui donnent l’aval.",
)
declarer(
    "evaluation.avaliser",
    "Donner ou refuser l’aval d’une version du bilan",
    {Role.CONSEILLER_CAF: DONNE_L_AVAL, Role.REPRESENTANT: DONNE_L_AVAL},
    refus="L’aval se donne par ceux qui représentent l’organisme désigné par la convention, la Caf par défaut.",
)
declarer(
    "evaluation.conclure",
    "Soumettre le bilan au COPIL, en consigner les conclusions ou en dispenser",
    CHARGE,
    refus="Le chargé de coopération soumet le bilan au COPIL et en consigne les conclusions.",
)
declarer(
    "evaluation.publier",
    "Approuver les textes publics et publier le bilan",
    CHARGE,
    refus="Le chargé de coopération publie le bilan.",
)
declarer(
    "evaluation.conclure_finale",
    "Écrire les conclusions de l’évaluation finale",
    CHARGE,
    refus="Le chargé de coopération écrit les conclusions de l’évaluation finale.",
)
declarer(
    "evaluation.controler",
    "Contrôler qu’un fichier est un bilan publié",
    None,
    refus="Vous n’avez pas de mandat dans cette convention.",
)
declarer(
    "evaluation.classeur_convention",
    "Télécharger et déposer le classeur de la convention (fiches et indicateurs)",
    CHARGE,
    refus="Le classeur de la convention est au chargé de coopération.",
)
