"""Who may be written to about a meeting, and who is proposed: who holds a seat, those of the organismes that sit, the members."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from ctg.enums import Role
from ctg.models import Convention, Fonction, Mandat, Personne
from gouvernance.enums import TypeInstance
from gouvernance.models import MandatMembre, Membre, Reunion


@dataclass(frozen=True, slots=True)
class Candidat:
    """`titre`: by what function or mandate one knows this person."""

    personne: Personne
    titre: str
    is_propose: bool

    @property
    def libelle(self) -> str:
        return f"{self.personne} ({self.titre})" if self.titre else str(self.personne)


def collect_candidats(reunion: Reunion) -> list[Candidat]:
    """Everybody of the convention who has an address, those who are proposed first; five queries."""
    au = timezone.localdate()
    personnes = list(
        Personne.objects.filter(convention=reunion.convention_id, is_anonyme=False)
        .exclude(email="")
        .order_by("nom", "prenom", "pk")
    )
    fonctions: dict[int, list[Fonction]] = {}
    en_vigueur = Fonction.objects.filter(personne__in=personnes).en_vigueur(au=au).select_related("organisme")
    for fonction in en_vigueur.order_by("pk"):
        fonctions.setdefault(fonction.personne_id, []).append(fonction)
    sieges = Membre.objects.filter(
        instance_gouvernance=reunion.instance_gouvernance_id, organisme__isnull=False
    )
    organismes = set(sieges.en_vigueur(au=reunion.date).values_list("organisme", flat=True))
    mandats: dict[int, list[Mandat]] = {}
    for mandat in Mandat.objects.filter(convention=reunion.convention_id).actifs(au=au).order_by("pk"):
        mandats.setdefault(mandat.utilisateur_id, []).append(mandat)
    tenus: dict[int, list[str]] = {}
    for tenu in (
        MandatMembre.objects.filter(membre__instance_gouvernance=reunion.instance_gouvernance_id)
        .en_cours(au=reunion.date)
        .select_related("membre")
        .order_by("membre__ordre", "pk")
    ):
        tenus.setdefault(tenu.personne_id, []).append(f"siège : {tenu.membre.fonction.strip(' ,.;')}")
    candidats = [
        _candidat(
            p,
            tenus.get(p.pk, []),
            fonctions.get(p.pk, []),
            mandats.get(p.utilisateur_id, []),
            organismes,
            reunion,
        )
        for p in personnes
    ]
    return sorted(candidats, key=lambda candidat: not candidat.is_propose)


def _candidat(personne, tenus, fonctions, mandats, organismes, reunion) -> Candidat:
    siege = any(exerce.organisme_id in organismes for exerce in (*fonctions, *mandats))
    roles = [mandat.role for mandat in mandats]
    membre = reunion.instance_gouvernance.type_instance == TypeInstance.COPIL and Role.MEMBRE_COPIL in roles
    fonctions_dites = [
        fonction.intitule + (f", {fonction.organisme}" if fonction.organisme_id else "")
        for fonction in fonctions
    ]
    titres = tenus or fonctions_dites or [Role(role).label for role in roles]
    is_propose = bool(tenus) or siege or membre or Role.CHARGE_COOPERATION in roles
    return Candidat(personne, " ; ".join(titres), is_propose)


def titulaires_de(convention: Convention, roles: Iterable[str], *, au: datetime.date) -> list[Personne]:
    """People of the convention whose open account holds one of these roles that day."""
    mandats = Mandat.objects.filter(convention=convention, role__in=roles).actifs(au=au)
    personnes = Personne.objects.filter(
        convention=convention,
        is_anonyme=False,
        utilisateur__is_active=True,
        utilisateur__in=mandats.values("utilisateur"),
    )
    return list(personnes.select_related("utilisateur").order_by("nom", "prenom", "pk"))


def charges_de(convention: Convention, *, au: datetime.date) -> list[Personne]:
    """Who keeps the meetings and the decisions."""
    return titulaires_de(convention, (Role.CHARGE_COOPERATION,), au=au)
