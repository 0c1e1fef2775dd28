"""Who keeps the protocole and the questions, and who approves them."""

from ctg.enums import Role
from ctg.permissions import EQUIPE, SA_CONVENTION, Portee, declarer

declarer(
    "evaluation.tenir_protocole",
    "Écrire le protocole et les questions évaluatives, y répondre, consigner une approbation sur papier",
    {Role.CHARGE_COOPERATION: SA_CONVENTION},
    refus="Le chargé de coopération tient le protocole et les questions évaluatives.",
)
declarer(
    "evaluation.lire_protocole_en_travail",
    "Lire le protocole et les questions avant qu’ils soient soumis à l’approbation",
    EQUIPE,
    refus="Ce texte n’est pas encore soumis à l’approbation : il se lit dans l’équipe de la convention et à la Caf.",
)
# The organisme is a signataire: the workflow says whether it still has to answer.
SON_SIGNATAIRE = Portee("le signataire représenté", lambda droits, objet: bool(droits.dans("organismes")))
declarer(
    "evaluation.approuver",
    "Approuver ou refuser le protocole et les questions évaluatives",
    {Role.REPRESENTANT: SON_SIGNATAIRE},
    refus="L’approbation se donne par le représentant de chaque signataire.",
)
