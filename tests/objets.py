"""What the addresses of the table of rights are of: found in the demonstration, or made."""

import datetime

from django.utils import timezone

from ctg.models import Commentaire, Decoupage, Personne, Quartier, Utilisateur
from evaluation.avenants.services import preparer_projet
from evaluation.models import (
    AutreNom,
    Campagne,
    Effet,
    EvenementParticipation,
    Indicateur,
    NoteVeille,
    ProjetAvenant,
    QuestionEvaluative,
    Seuil,
    TerritoireCompare,
)
from fiches.models import Axe, FicheProjet
from gouvernance.models import (
    DateAnnuelle,
    Decision,
    FinancementPoste,
    Jalon,
    MandatMembre,
    Membre,
    PointOrdreDuJour,
    PosteCooperation,
    Reunion,
)
from gouvernance.services import enregistrer_point
from structures.models import PropositionPosition, Structure
from tests.conftest import COMPTES_PAR_NOM


def un_fil(reels):
    fiche = FicheProjet.objects.get(code="PE-1")
    auteur = Utilisateur.objects.get(email=COMPTES_PAR_NOM["cooperation"])
    return Commentaire.objects.create(
        convention=fiche.convention, objet=fiche, texte="Un fil", auteur=auteur, created_at=timezone.now()
    )


def un_effet(annee):
    fiche = FicheProjet.objects.get(code="PE-1", date_fin=None)
    return Effet.objects.get_or_create(
        convention=fiche.convention,
        fiche=fiche,
        annee=annee,
        defaults={"constat": "Moins d’attente", "sens": "positif", "is_attendu": True, "origine": "direct"},
    )[0]


def une_participation():
    fiche = FicheProjet.objects.get(code="PE-1", date_fin=None)
    evenement = EvenementParticipation.objects.get_or_create(
        convention=fiche.convention,
        intitule="Un atelier",
        defaults={"date_debut": datetime.date(2025, 5, 1), "niveau": "consultation"},
    )[0]
    evenement.fiches.add(fiche)
    evenement.quartiers.add(Quartier.objects.get(nom="Fontaine d’Ouche"))
    return evenement


def un_mandat_de_siege(reels):
    personne = OBJETS["personne"](reels)
    return MandatMembre.objects.get_or_create(membre=OBJETS["siege"](reels), personne=personne)[0]


def un_secteur():
    decoupage = Decoupage.objects.get(code="secteurs-pe")
    return Quartier.objects.get_or_create(
        decoupage=decoupage, nom="Nord", defaults={"ordre": 1, "source": "x"}
    )[0]


def une_proposition():
    return PropositionPosition.objects.get_or_create(
        structure=Structure.objects.order_by("pk").first(),
        libelle="12 rue",
        defaults={"adresse_demandee": "12 rue", "latitude": 47, "longitude": 5, "score": "0.5"},
    )[0]


def un_projet_avenant():
    convention = FicheProjet.objects.get(code="PE-1", date_fin=None).convention
    projets = ProjetAvenant.objects.filter(convention=convention)
    return projets.first() or preparer_projet(
        convention, objet="Un projet", date_effet=timezone.localdate().replace(month=12, day=31)
    )


def un_point():
    reunion = Reunion.objects.get(annee=2025, rang=1)
    return reunion.points.first() or enregistrer_point(PointOrdreDuJour(reunion=reunion, intitule="Un point"))


OBJETS = {
    "projet_avenant": lambda reels: un_projet_avenant(),
    "siege": lambda reels: Membre.objects.get(instance_gouvernance__slug="copil", ordre=1),
    "mandat_membre": un_mandat_de_siege,
    "jalon": lambda reels: Jalon.objects.filter(quartier__nom="Grésilles").order_by("pk").first(),
    "date_annuelle": lambda reels: DateAnnuelle.objects.order_by("pk").first(),
    "poste": lambda reels: PosteCooperation.objects.order_by("ordre").first(),
    "financement": lambda reels: FinancementPoste.objects.order_by("pk").first(),
    "structure": lambda reels: Structure.objects.order_by("pk").first(),
    "reunion": lambda reels: Reunion.objects.get(annee=2025, rang=1),
    "decision": lambda reels: Decision.objects.get(reunion__annee=2025, reunion__rang=1, rang=1),
    "point": lambda reels: un_point(),
    "indicateur": lambda reels: Indicateur.objects.get(code="PE-1-01"),
    "personne": lambda reels: Personne.objects.get(utilisateur__email=COMPTES_PAR_NOM["lecteur"]),
    "fiche": lambda reels: FicheProjet.objects.get(code="PE-1"),
    "fil": un_fil,
    "campagne": lambda reels: Campagne.objects.get(convention__slug="dijon-2024", annee=reels["annee"]),
    "effet": lambda reels: un_effet(reels["annee"]),
    "effet_pe1": lambda reels: un_effet(2025),
    "participation": lambda reels: une_participation(),
    "question": lambda reels: QuestionEvaluative.objects.get(numero=1),
    "quartier": lambda reels: Quartier.objects.get(nom="Grésilles"),
    "secteur": lambda reels: un_secteur(),
    "axe": lambda reels: Axe.objects.get(convention__slug="dijon-2024", code="PE"),
    "proposition": lambda reels: une_proposition(),
    "seuil": lambda reels: Seuil.objects.get(serie__code="familles-monoparentales"),
    "territoire_compare": lambda reels: TerritoireCompare.objects.get(code="21"),
    "autre_nom": lambda reels: AutreNom.objects.get(nom="21231"),
    "note": lambda reels: NoteVeille.objects.get(quartier__nom="Grésilles"),
}
