"""The avenant that the demonstration is preparing: invented, and said so wherever it shows."""

import datetime

from ctg.models import DONNEES_DEMONSTRATION, Convention
from evaluation.avenants.enums import NatureChangement
from evaluation.avenants.services import Proposition, lire_champ, preparer_projet
from evaluation.models import Indicateur, ProjetAvenant
from evaluation.models.regles_avenants import DE_L_INDICATEUR
from fiches.models import Axe

N = NatureChangement
JOUR = datetime.date(2027, 1, 1)
EXPOSE = (
    "À mi-parcours, les familles disent ne pas trouver d’accueil avant 7 h 30 ni après 18 h 30, et les jeunes de 16 ans "
    "et plus restent peu nombreux dans les accueils. L’avenant en tire les conséquences."
)


def preparer_avenant(convention: Convention) -> int:
    """Idempotent: the number of projets that this call made."""
    if ProjetAvenant.objects.filter(convention=convention).exists() or JOUR.year not in convention.annees:
        return 0
    axes = {axe.code: axe for axe in Axe.objects.filter(convention=convention, date_fin=None)}
    ancien = Indicateur.objects.filter(fiche__convention=convention, fiche__code="PE-1", date_fin=None)
    ancien = ancien.order_by("ordre", "pk").first()
    if ancien is None or not {"PE.2", "JEU.2"} <= set(axes):
        return 0
    definition = {nom: lire_champ(ancien, nom) for nom in DE_L_INDICATEUR}
    preparer_projet(
        convention,
        objet="Horaires élargis et accueil des 16 ans et plus",
        date_effet=JOUR,
        expose=EXPOSE,
        source=DONNEES_DEMONSTRATION,
        changements=[
            Proposition(
                N.OBJECTIF_AJOUTER,
                axes["PE.2"],
                {"intitule": "Expérimenter un accueil en horaires élargis dans deux quartiers"},
                "Demande des familles, débat de mi-parcours",
            ),
            Proposition(
                N.FICHE_AJOUTER,
                axes["JEU.2"],
                {
                    "intitule": "Un accueil pensé avec les 16 ans et plus",
                    "constat": "Les accueils de jeunes reçoivent surtout des moins de 15 ans.",
                    "objectif_general": "Que les plus grands aient un lieu et des horaires qui leur conviennent.",
                    "publics": "Jeunes de 16 à 20 ans",
                },
                "Bilan de l’année, axe jeunesse",
            ),
            Proposition(
                N.INDICATEUR_REMPLACER,
                ancien,
                definition
                | {
                    "code": f"{ancien.code}-B",
                    "intitule": f"{ancien.intitule}, horaires élargis compris",
                    "definition": "Compté désormais avec les familles reçues avant 7 h 30 et après 18 h 30.",
                },
                "La définition suit les nouveaux horaires",
            ),
        ],
    )
    return 1
