"""The review of the demonstration, being prepared, written on one axe: invented, and said so wherever it shows."""

import datetime

from ctg.models import Convention, Utilisateur
from evaluation.enums import AjoutPropose, NatureProposition
from evaluation.mi_parcours.services import enregistrer_texte, ouvrir
from evaluation.models import Proposition, RevueMiParcours
from evaluation.recit_effets import marquer
from fiches.models import Axe, FicheProjet

AXE = "JEU"
DITS = {
    "pertinence": "Les besoins de 2024 sont toujours là ; le logement des jeunes pèse plus qu’alors.",
    "coherence": "La cité éducative et la jeunesse parlent aux mêmes élèves : deux calendriers, à rapprocher.",
    "efficacite": "L’accueil du samedi est tenu ; l’accès au logement avance moins vite que prévu.",
    "efficience": "Les moyens des associations sont connus tard dans l’année.",
    "impact": "Des jeunes deviennent bénévoles ; les lieux pour les plus petits y perdent des leurs.",
}


def raconter_revue(convention: Convention, *, user: Utilisateur, now: datetime.datetime) -> int:
    """Idempotent: a convention that has a review is left alone."""
    if RevueMiParcours.objects.filter(convention=convention).exists():
        return 0
    revue = ouvrir(convention, user=user, now=now)
    marquer(revue)
    axe = Axe.objects.get(convention=convention, code=AXE, date_fin=None)
    appreciation = revue.appreciations.get(axe=axe)
    for critere, dit in DITS.items():
        setattr(appreciation, critere, dit)
    fiche = FicheProjet.objects.get(convention=convention, code="JEU-2", date_fin=None)
    propositions = (
        Proposition(
            revue=revue,
            nature=NatureProposition.REORIENTER,
            fiche=fiche,
            motif="Le logement est devenu la première demande des jeunes reçus.",
            intitule="Accompagner l’entrée des jeunes dans leur premier logement",
        ),
        Proposition(
            revue=revue,
            nature=NatureProposition.AJOUTER,
            axe=axe,
            ajout=AjoutPropose.FICHE,
            motif="Les bénévoles des lieux pour les 11-14 ans manquent depuis que les plus grands ont les leurs.",
            intitule="Soutenir le bénévolat des lieux pour les 11-14 ans",
        ),
    )
    for objet in (appreciation, *propositions):
        enregistrer_texte(objet, user=user)
        marquer(objet)
    return 1
