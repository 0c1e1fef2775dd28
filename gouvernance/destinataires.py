"""Who may be written to about a meeting, and who is proposed: those of the organismes that sit, and the members."""

from dataclasses import dataclass

from django.utils import timezone

from ctg.enums import Role
from ctg.models import Fonction, Mandat, Personne
from gouvernance.enums import TypeInstance
from gouvernance.models import Membre, Reunion


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
    """Everybody of the convention who has an address, those who are proposed first; four queries."""
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
    sieges = Membre.objects.filter(instance_gouvernance=reunion.instance_gouvernance_id, organisme__isnull=False)
    organismes = set(sieges.en_vigueur(au=reunion.date).values_list("organisme", flat=True))
    roles: dict[int, list[str]] = {}
    mandats = Mandat.objects.filter(convention=reunion.convention_id).actifs(au=au)
    for compte, role in mandats.order_by("pk").values_list("utilisateur", "role"):
        roles.setdefault(compte, []).append(role)
    candidats = [
        _candidat(p, fonctions.get(p.pk, []), roles.get(p.utilisateur_id, []), organismes, reunion) for p in personnes
    ]
    return sorted(candidats, key=lambda candidat: not candidat.is_propose)


def _candidat(personne, fonctions, roles, organismes, reunion) -> Candidat:
    siege = any(fonction.organisme_id in organismes for fonction in fonctions)
    membre = reunion.instance_gouvernance.type_instance == TypeInstance.COPIL and Role.MEMBRE_COPIL in roles
    titres = [
        fonction.intitule + (f", {fonction.organisme}" if fonction.organisme_id else "") for fonction in fonctions
    ] or [Role(role).label for role in roles]
    return Candidat(personne, " ; ".join(titres), siege or membre or Role.CHARGE_COOPERATION in roles)
