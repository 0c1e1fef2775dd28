"""What the register says in figures and in words: it feeds the second question of annexe 5."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ctg.models import Convention
from ctg.templatetags.affichage import nombre, pluriel
from evaluation.bilan import LigneParticipation
from evaluation.enums import NiveauParticipation
from evaluation.models import EvenementParticipation
from evaluation.participation.lignes import ligne

SANS_QUARTIER = "toute la ville, ou quartier non précisé"
Comptes = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ResumeParticipation:
    """`nb_personnes` stands on the `nb_comptes` events out of `nb` whose number is known; None: of none.

    An event of several quartiers counts in each of them; its year is that of its first day.
    """

    nb: int
    par_niveau: Comptes
    par_quartier: Comptes
    par_annee: Comptes
    nb_personnes: int | None
    nb_comptes: int
    nb_changements: int
    nb_decisions: int
    nb_gouvernance: int

    @property
    def phrases(self) -> tuple[str, ...]:
        """The figures in words, each on how many of how many."""
        if not self.nb:
            return ("Aucun temps de participation des habitants n’est enregistré.",)
        niveaux = ", ".join(f"{niveau} {nb}" for niveau, nb in self.par_niveau if nb)
        if self.nb_personnes is None:
            venues = "Le nombre de personnes n’est connu pour aucun d’eux."
        else:
            venues = (
                f"{nombre(self.nb_personnes)} personne{pluriel(self.nb_personnes)} y "
                f"{pluriel(self.nb_personnes, 'a,ont')} pris part, comptées sur {self.nb_comptes} de ces {self.nb} temps ; "
                "une même personne a pu venir plusieurs fois."
            )
        return (
            (
                f"{self.nb} {pluriel(self.nb, 'temps de participation enregistré,temps de participation enregistrés')} : "
                f"{niveaux}."
            ),
            venues,
            (
                f"Ce que cela a changé est écrit pour {self.nb_changements} sur {self.nb} ; une décision a suivi pour "
                f"{self.nb_decisions}."
            ),
            (
                f"{self.nb_gouvernance} {pluriel(self.nb_gouvernance, 'a porté,ont porté')} sur le pilotage de la convention "
                "lui-même."
            ),
        )


def collect_participation(
    convention: Convention,
    *,
    annee: int | None = None,
    evenements: Iterable[EvenementParticipation] | None = None,
) -> ResumeParticipation:
    """Of the whole convention, of one year, or of `evenements` (of `for_list`).

    Numbers of people are live figures: not for who reads them only in a bilan (`ctg.lire_chiffres`).
    """
    if evenements is None:
        siens = EvenementParticipation.objects.filter(convention=convention)
        evenements = (
            (siens if annee is None else siens.de_l_annee(annee)).for_list().order_by("date_debut", "pk")
        )
    return resumer([ligne(evenement) for evenement in evenements])


def resumer(lignes: Iterable[LigneParticipation]) -> ResumeParticipation:
    lignes = list(lignes)
    niveaux = Counter(dite.niveau for dite in lignes)
    quartiers = Counter(quartier for dite in lignes for quartier in dite.quartiers or (SANS_QUARTIER,))
    annees = Counter(str(dite.date_debut.year) for dite in lignes)
    connus = [dite.nb_personnes for dite in lignes if dite.nb_personnes is not None]
    return ResumeParticipation(
        nb=len(lignes),
        par_niveau=tuple((niveau, niveaux[niveau]) for niveau in NiveauParticipation.labels),
        par_quartier=tuple(
            sorted(quartiers.items(), key=lambda compte: (compte[0] == SANS_QUARTIER, compte[0]))
        ),
        par_annee=tuple(sorted(annees.items())),
        nb_personnes=sum(connus) if connus else None,
        nb_comptes=len(connus),
        nb_changements=sum(bool(dite.changements) for dite in lignes),
        nb_decisions=sum(bool(dite.decision) for dite in lignes),
        nb_gouvernance=sum(dite.is_gouvernance for dite in lignes),
    )
