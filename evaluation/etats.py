"""Whether the entry of each fiche is validated, year by year: the campaign's, and its corrections after it."""

from dataclasses import dataclass, field

from ctg.models import Convention
from evaluation.enums import StatutSaisie
from evaluation.models import Saisie


@dataclass(frozen=True, slots=True)
class Etats:
    """Of one fiche. `libelle`: the state of its entry this year; empty where no campaign asks for one."""

    libelle: str = ""
    validees: dict[int, bool] = field(default_factory=dict)

    def is_validee(self, annee: int) -> bool:
        """What no campaign asked for is nobody's to validate."""
        return self.validees.get(annee, True)


def etats_des_saisies(convention: Convention, annee: int) -> dict[int, Etats]:
    """{fiche: its states this year and the year before}, in one query.

    The last campaign that names the fiche says; an exception that reopened any of them, and was not validated
    since, says otherwise.
    """
    saisies = Saisie.objects.filter(
        campagne__convention=convention, campagne__annee__in=[annee - 1, annee]
    ).select_related("campagne")
    par_fiche: dict[int, dict[int, list[Saisie]]] = {}
    for saisie in saisies.order_by("pk"):
        par_fiche.setdefault(saisie.fiche_id, {}).setdefault(saisie.campagne.annee, []).append(saisie)
    etats = {}
    for fiche, par_annee in par_fiche.items():
        lues = {an: _derniere(saisies) for an, saisies in par_annee.items()}
        courante = lues.get(annee)
        etats[fiche] = Etats(
            courante.get_statut_display() if courante else "",
            {an: saisie.statut == StatutSaisie.VALIDEE for an, saisie in lues.items()},
        )
    return etats


def _derniere(saisies: list[Saisie]) -> Saisie:
    rouvertes = [s for s in saisies if s.motif_exception and s.statut != StatutSaisie.VALIDEE]
    return (rouvertes or saisies)[-1]
