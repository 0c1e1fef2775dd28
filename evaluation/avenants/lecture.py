"""Which projets d’avenant a person reads, and what of them."""

import datetime
from dataclasses import replace

from ctg.models import Convention
from ctg.permissions import check
from evaluation import canonique
from evaluation.avenants.contenu import ContenuAvenant, LigneProjetee, composer
from evaluation.avenants.enums import EtatProjet
from evaluation.models import ProjetAvenant
from evaluation.models.regles_avenants import CIBLES_CHIFFREES

CHIFFRES = frozenset({CIBLES_CHIFFREES, "valeur_depart", "date_depart"})


def projets_lus_par(user, convention: Convention):
    """The team and the Caf read all of them; the others, from the day when their content is « arrêté »."""
    projets = ProjetAvenant.objects.filter(convention=convention)
    if check(user, "evaluation.suivre", convention):
        return projets
    return projets.filter(statut__in=sorted(EtatProjet.FIGES))


def collect_a_appliquer(user, convention: Convention, *, today: datetime.date) -> list[ProjetAvenant]:
    """Signed, their day has come, and the plan does not say it yet: for who applies them."""
    if not check(user, "evaluation.preparer_avenant", convention):
        return []
    projets = ProjetAvenant.objects.filter(
        convention=convention, statut=EtatProjet.SIGNE, date_effet__lte=today
    )
    return list(projets.select_related("convention").order_by("date_effet", "numero"))


def lire_contenu(projet: ProjetAvenant, user) -> ContenuAvenant:
    """What was frozen, else what it says now; without targets for who reads no figure."""
    contenu = canonique.lire(ContenuAvenant, projet.contenu) if projet.contenu else composer(projet)
    if check(user, "ctg.lire_chiffres", projet.convention):
        return contenu
    return replace(
        contenu,
        lignes=tuple(map(_sans_chiffres, contenu.lignes)),
        indicateurs=tuple(map(_sans_chiffres, contenu.indicateurs)),
    )


def _sans_chiffres(ligne: LigneProjetee) -> LigneProjetee:
    return replace(ligne, champs=tuple(champ for champ in ligne.champs if champ.champ not in CHIFFRES))
