"""Which convention, where, who signs, who may do what."""

from ctg.models.acteurs import Organisme, Service
from ctg.models.agenda import AdresseAgenda
from ctg.models.base import DONNEES_DEMONSTRATION, Source, Temporel, TemporelQuerySet
from ctg.models.brouillons import Brouillon, Envoi
from ctg.models.chargement import LigneChargee
from ctg.models.commentaires import Commentaire
from ctg.models.comptes import IdentiteExterne, Mandat, PerimetreQuartier, Utilisateur
from ctg.models.contrat import Avenant, Contractuel
from ctg.models.convention import (
    Convention,
    Demarche,
    Document,
    NiveauArbre,
    Signataire,
    Texte,
    ThematiqueDemarche,
)
from ctg.models.fichiers import EMPREINTE, EMPREINTE_FAUSSE, FichierConserve
from ctg.models.historique import Acte, Historique, Porte, acte
from ctg.models.imports import CorrespondanceColonnes, ImportFait
from ctg.models.motif import Motivable
from ctg.models.personnes import Fonction, Personne
from ctg.models.reprise import Repris
from ctg.models.territoire import Decoupage, Emboitement, Quartier, Territoire
from ctg.models.vues import VueEnregistree

__all__ = [
    "DONNEES_DEMONSTRATION",
    "EMPREINTE",
    "EMPREINTE_FAUSSE",
    "Acte",
    "AdresseAgenda",
    "Avenant",
    "Brouillon",
    "Commentaire",
    "Contractuel",
    "Convention",
    "CorrespondanceColonnes",
    "Decoupage",
    "Demarche",
    "Document",
    "Emboitement",
    "Envoi",
    "FichierConserve",
    "Fonction",
    "Historique",
    "IdentiteExterne",
    "ImportFait",
    "LigneChargee",
    "Mandat",
    "Motivable",
    "NiveauArbre",
    "Organisme",
    "PerimetreQuartier",
    "Personne",
    "Porte",
    "Quartier",
    "Repris",
    "Service",
    "Signataire",
    "Source",
    "Temporel",
    "TemporelQuerySet",
    "Territoire",
    "Texte",
    "ThematiqueDemarche",
    "Utilisateur",
    "VueEnregistree",
    "acte",
]
