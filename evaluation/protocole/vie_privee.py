"""Personal data of the protocole: accounts that submitted or answered, and who was told. Kept but the last."""

from django.db.models import Q

from ctg.donnees_personnelles import Donnees, register, register_fige
from evaluation.models import Approbation, AvisApprobation, Protocole, QuestionEvaluative


def _compte(champ: str):
    return lambda sujet: Q(**{f"{champ}__in": sujet.compte_ids})


for nom, modele, champ in (
    ("versions du protocole soumises", Protocole, "soumise_par"),
    ("questions évaluatives soumises", QuestionEvaluative, "soumise_par"),
    ("approbations enregistrées", Approbation, "rendue_par"),
    ("avis d’approbation reçus", AvisApprobation, "utilisateur"),
):
    register(Donnees(nom, modele, frozenset({champ}), _compte(champ)))
# What is under a hash keeps its words for ever: an anonymisation lists it.
for modele in (Protocole, QuestionEvaluative):
    register_fige(modele)
