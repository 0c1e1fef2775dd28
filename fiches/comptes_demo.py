"""Makes the demonstration accounts of one convention, with their mandates and perimeters."""

from django.db import transaction

from ctg.comptes_demo import COMPTES, MOT_DE_PASSE
from ctg.enums import Role
from ctg.models import Convention, Mandat, Organisme, PerimetreQuartier, Personne, Quartier, Utilisateur
from fiches.models import Axe, FicheProjet, PerimetreAxe, PerimetreFiche


@transaction.atomic
def creer_comptes_demo(convention: Convention) -> int:
    """Idempotent; the number of accounts that this call made."""
    nb = 0
    for compte in COMPTES:
        user = Utilisateur.objects.filter(email=compte["email"]).first()
        if user is None:
            user = Utilisateur.objects.create_user(
                compte["email"], MOT_DE_PASSE, prenom="Compte", nom=_nom(compte)
            )
            nb += 1
        administrateur = compte["code_role"] == Role.ADMINISTRATEUR
        mandat, _ = Mandat.objects.get_or_create(
            utilisateur=user,
            role=compte["code_role"],
            convention=None if administrateur else convention,
            defaults={"organisme": Organisme.objects.filter(nom=compte["organisme"]).first()},
        )
        _poser_perimetre(mandat, convention, *compte["perimetre"])
        Personne.objects.get_or_create(
            convention=convention,
            utilisateur=user,
            defaults={"prenom": user.prenom, "nom": user.nom, "email": user.email},
        )
    return nb


def _nom(compte: dict) -> str:
    return compte["email"].partition("@")[0]


def _poser_perimetre(mandat: Mandat, convention: Convention, sorte: str, nom: str) -> None:
    if sorte == "axe":
        PerimetreAxe.objects.get_or_create(
            mandat=mandat, axe=Axe.objects.get(convention=convention, code=nom)
        )
    elif sorte == "fiche":
        fiche = FicheProjet.objects.get(convention=convention, code=nom, successeur=None)
        PerimetreFiche.objects.get_or_create(mandat=mandat, fiche=fiche)
    elif sorte == "quartier":
        quartier = Quartier.objects.de_reference(convention.territoire).get(nom=nom)
        PerimetreQuartier.objects.get_or_create(mandat=mandat, quartier=quartier)
