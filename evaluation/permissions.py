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

declarer(
    "evaluation.consulter_avenant",
    "Lire les avenants : tous dans l’équipe et à la Caf, les autres une fois leur contenu arrêté",
    None,
    refus="Vous n’avez pas de mandat dans cette convention.",
)
declarer(
    "evaluation.preparer_avenant",
    "Préparer, arrêter et appliquer un avenant, en noter la signature, l’annuler",
    CHARGE,
    refus="Le chargé de coopération prépare les avenants et les applique.",
)

# `objet` is an Effet, kept or not yet: of a fiche, of an axe, or of the whole convention.
declarer(
    "evaluation.ouvrir_effets",
    "Ouvrir le formulaire d’un effet du registre",
    dict.fromkeys(TRAVAILLENT, SA_CONVENTION),
    refus="Les effets se notent par les référents, les coordinateurs d’axe et le chargé de coopération.",
)
declarer(
    "evaluation.noter_effet",
    "Noter, modifier ou retirer un effet observé",
    {
        Role.CHARGE_COOPERATION: SA_CONVENTION,
        Role.COORDINATEUR_THEMATIQUE: Portee(
            "les effets de son axe et de ses fiches",
            lambda droits, effet: (
                effet.axe_id in droits.dans("axes")
                or (effet.fiche is not None and SON_AXE.contient(droits, effet.fiche))
            ),
        ),
        Role.REFERENT: Portee(
            "les effets de sa fiche",
            lambda droits, effet: effet.fiche is not None and SA_FICHE.contient(droits, effet.fiche),
        ),
    },
    refus="Les effets se notent par les référents, les coordinateurs d’axe et le chargé de coopération.",
    hors="Cet effet n’est ni de votre axe ni d’une fiche que vous saisissez.",
)

# Participation of the inhabitants. `objet` is what an event is about (`Concernes`); numbers of people are figures.
NOTENT_LA_PARTICIPATION = {
    Role.CHARGE_COOPERATION: SA_CONVENTION,
    Role.COORDINATEUR_THEMATIQUE: Portee(
        "ce qui touche son axe",
        lambda droits, c: (
            not c.axe_ids.isdisjoint(droits.dans("axes"))
            or any(SON_AXE.contient(droits, f) for f in c.fiches)
        ),
    ),
    Role.REFERENT: Portee(
        "ce qui touche sa fiche", lambda droits, c: any(SA_FICHE.contient(droits, f) for f in c.fiches)
    ),
    Role.COORDINATEUR_TERRITORIAL: Portee(
        "ce qui touche son quartier",
        lambda droits, c: not c.quartier_ids.isdisjoint(droits.dans("quartiers")),
    ),
}
declarer(
    "evaluation.lire_participation",
    "Lire les temps de participation des habitants (sans le nombre de personnes)",
    EQUIPE | dict.fromkeys((Role.MEMBRE_COPIL, Role.REPRESENTANT), SA_CONVENTION),
    refus="La participation des habitants se lit dans l’équipe, à la Caf et au COPIL.",
)
declarer(
    "evaluation.ouvrir_participation",
    "Ouvrir le formulaire d’un temps de participation",
    dict.fromkeys(NOTENT_LA_PARTICIPATION, SA_CONVENTION),
    refus="L’équipe de la convention note les temps de participation : demandez-lui la correction.",
)
declarer(
    "evaluation.noter_participation",
    "Noter, modifier ou retirer un temps de participation",
    NOTENT_LA_PARTICIPATION,
    refus="L’équipe de la convention note les temps de participation : demandez-lui la correction.",
    hors="Ce temps de participation ne touche ni votre axe, ni votre fiche, ni votre quartier : choisissez-en un des "
    "vôtres, ou demandez au chargé de coopération.",
)

# The mid-term review. `objet` of « ecrire_revue »: what is said of an axe, or a proposition.
declarer(
    "evaluation.lire_revue",
    "Lire la revue à mi-parcours (Caf, signataires et COPIL : une fois présentée)",
    EQUIPE | dict.fromkeys((Role.MEMBRE_COPIL, Role.REPRESENTANT), SA_CONVENTION),
    refus="La revue à mi-parcours se lit dans l’équipe, à la Caf et au COPIL.",
)
declarer(
    "evaluation.mener_revue",
    "Ouvrir la revue à mi-parcours, la présenter au COPIL, en noter les décisions",
    CHARGE,
    refus="Le chargé de coopération conduit la revue à mi-parcours.",
)
declarer(
    "evaluation.ouvrir_revue",
    "Ouvrir les formulaires de la revue à mi-parcours",
    dict.fromkeys(COORDONNENT, SA_CONVENTION),
    refus="Les coordinateurs d’axe et le chargé de coopération écrivent la revue à mi-parcours.",
)
declarer(
    "evaluation.ecrire_revue",
    "Apprécier un axe et proposer, à mi-parcours",
    {
        Role.CHARGE_COOPERATION: SA_CONVENTION,
        Role.COORDINATEUR_THEMATIQUE: Portee(
            "son axe et ses fiches",
            lambda droits, objet: (
                objet.axe_id in droits.dans("axes")
                or (getattr(objet, "fiche", None) is not None and SON_AXE.contient(droits, objet.fiche))
            ),
        ),
    },
    refus="Les coordinateurs d’axe et le chargé de coopération écrivent la revue à mi-parcours.",
    hors="Ce n’est pas votre axe : son coordinateur ou le chargé de coopération l’écrit.",
)
