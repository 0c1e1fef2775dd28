"""From the rows of the register to plain lines, those that a bilan freezes."""

from ctg.models import Convention
from evaluation.bilan import LigneParticipation
from evaluation.models import EvenementParticipation


def lignes_de_l_annee(convention: Convention, annee: int) -> tuple[LigneParticipation, ...]:
    evenements = EvenementParticipation.objects.filter(convention=convention).de_l_annee(annee)
    return tuple(ligne(evenement) for evenement in evenements.for_list().order_by("date_debut", "pk"))


def ligne(evenement: EvenementParticipation) -> LigneParticipation:
    """Needs `for_list`."""
    return LigneParticipation(
        date_debut=evenement.date_debut,
        date_fin=evenement.date_fin,
        intitule=evenement.intitule,
        niveau=evenement.get_niveau_display(),
        publics=tuple(evenement.dits),
        quartiers=tuple(quartier.nom for quartier in evenement.quartiers.all()),
        axes=tuple(axe.code for axe in evenement.axes.all()),
        fiches=tuple(fiche.code for fiche in evenement.fiches.all()),
        is_gouvernance=evenement.is_gouvernance,
        nb_personnes=evenement.nb_personnes,
        paroles=evenement.paroles,
        changements=evenement.changements,
        decision=evenement.decision.numero if evenement.decision else "",
    )
