"""Who enters and who validates each fiche of a convention on one day: `evaluation.permissions`, read the other way.

A handful of queries, whatever the number of people and of fiches; a test holds both readings together.
"""

import datetime
from dataclasses import dataclass

from ctg.enums import Role
from ctg.models import Convention, Mandat, Utilisateur
from fiches.models import FicheProjet
from fiches.perimetres import axes as axes_des_mandats
from fiches.perimetres import fiches as fiches_des_mandats


@dataclass(frozen=True, slots=True)
class Equipe:
    """`fiche.axes` is prefetched by whoever asks about many."""

    comptes: dict[int, Utilisateur]
    charges: frozenset[int]
    par_axe: dict[int, frozenset[int]]  # axe: accounts that coordinate it
    par_fiche: dict[int, frozenset[int]]  # fiche: accounts of its référents

    def referents(self, fiche: FicheProjet) -> list[Utilisateur]:
        return self._dans_l_ordre(self.par_fiche.get(fiche.pk, frozenset()))

    def coordinateurs(self, fiche: FicheProjet) -> list[Utilisateur]:
        axes = {fiche.axe_id, *(axe.pk for axe in fiche.axes.all())}
        return self._dans_l_ordre(frozenset().union(*(self.par_axe.get(axe, ()) for axe in axes)))

    def redevables(self, fiche: FicheProjet) -> list[Utilisateur]:
        """Who owes the entry of a fiche: its référents, else the coordinateurs of its axe."""
        return self.referents(fiche) or self.coordinateurs(fiche)

    def valideurs(self, fiche: FicheProjet, *, sauf: int | None = None) -> list[Utilisateur]:
        """Who is asked to validate: the coordinateurs of the axe, else the chargés; never who submitted."""
        coordinateurs = [compte for compte in self.coordinateurs(fiche) if compte.pk != sauf]
        return coordinateurs or [c for c in self._dans_l_ordre(self.charges) if c.pk != sauf]

    def peut_saisir(self, compte_id: int | None, fiche: FicheProjet) -> bool:
        return compte_id in self.permis(fiche)

    def permis(self, fiche: FicheProjet) -> set[int]:
        """Keys of the accounts that may enter it."""
        return {*self.charges, *(c.pk for c in [*self.referents(fiche), *self.coordinateurs(fiche)])}

    def _dans_l_ordre(self, ids: frozenset[int]) -> list[Utilisateur]:
        return sorted((self.comptes[pk] for pk in ids), key=lambda c: (str(c), c.pk))


def collect_equipe(convention: Convention, *, today: datetime.date) -> Equipe:
    roles = (Role.CHARGE_COOPERATION, Role.COORDINATEUR_THEMATIQUE, Role.REFERENT)
    mandats = list(
        Mandat.objects.filter(convention=convention, role__in=roles, utilisateur__is_active=True)
        .actifs(au=today)
        .select_related("utilisateur")
        .order_by("pk")
    )
    comptes = {mandat.pk: mandat.utilisateur for mandat in mandats}

    def des(role):
        return [mandat.pk for mandat in mandats if mandat.role == role]

    return Equipe(
        comptes={compte.pk: compte for compte in comptes.values()},
        charges=frozenset(comptes[pk].pk for pk in des(Role.CHARGE_COOPERATION)),
        par_axe=_par_objet(axes_des_mandats(des(Role.COORDINATEUR_THEMATIQUE)), comptes),
        par_fiche=_par_objet(fiches_des_mandats(des(Role.REFERENT)), comptes),
    )


def _par_objet(perimetres: dict[int, set[int]], comptes: dict[int, Utilisateur]) -> dict[int, frozenset[int]]:
    objets: dict[int, set[int]] = {}
    for mandat_id, pks in perimetres.items():
        for pk in pks:
            objets.setdefault(pk, set()).add(comptes[mandat_id].pk)
    return {pk: frozenset(ids) for pk, ids in objets.items()}
