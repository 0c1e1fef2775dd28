"""Starting values, proposed from the last validated ones of the convention before."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ctg.models import Convention
from ctg.permissions import check
from evaluation.enums import NatureIndicateur, Periode
from evaluation.etats import Etats, etats_des_saisies
from evaluation.lecture import anterieures
from evaluation.models import Indicateur
from evaluation.series import meme_echelle

A_CHANGE = "La valeur proposée pour {} n’est plus la même : rien n’est écrit. Relisez, puis confirmez."


@dataclass(frozen=True, slots=True)
class Proposition:
    """`date`: the last day of the year that the value covers, where that is a civil one."""

    indicateur: Indicateur
    annee: int
    valeur: Decimal
    date: datetime.date | None
    source: str

    @property
    def marque(self) -> str:
        """Names what was shown: what is confirmed is that."""
        return f"{self.indicateur.pk}:{self.annee}:{self.valeur.normalize():f}"


def collect_propositions(convention: Convention, user) -> list[Proposition]:
    """Of the indicators in force that have no starting value, as far as this person reads the convention before."""
    indicateurs = Indicateur.objects.filter(fiche__convention=convention, predecesseur__isnull=False)
    return _proposer(convention, indicateurs, user)


def proposition_de(indicateur: Indicateur, user) -> Proposition | None:
    if indicateur.predecesseur_id is None:
        return None
    siens = Indicateur.objects.filter(pk=indicateur.pk)
    return next(iter(_proposer(indicateur.fiche.convention, siens, user)), None)


def _proposer(convention: Convention, indicateurs, user) -> list[Proposition]:
    avant = anterieures(convention, user)[:1]
    if not avant or not check(user, "ctg.lire_chiffres", convention):
        return []
    candidats = (
        indicateurs.filter(valeur_depart=None)
        .non_clos(au=timezone.localdate())
        .exclude(nature__in=sorted(NatureIndicateur.SANS_ECART))
        .select_related("fiche__convention", "fiche__axe", "predecesseur")
        .prefetch_related("predecesseur__mesures")
        .order_by("fiche__axe__ordre", "fiche__numero", "ordre", "pk")
    )
    etats: dict[int, dict[int, Etats]] = {}
    proposees = (_proposition(indicateur, avant[0], etats) for indicateur in candidats)
    return [proposition for proposition in proposees if proposition is not None]


def _proposition(
    indicateur: Indicateur, avant: Convention, etats: dict[int, dict[int, Etats]]
) -> Proposition | None:
    ancien = indicateur.predecesseur
    if not meme_echelle(ancien, indicateur):
        return None
    for mesure in sorted(ancien.mesures.all(), key=lambda m: m.annee, reverse=True):
        if mesure.valeur is None:
            continue
        if mesure.annee not in etats:
            etats[mesure.annee] = etats_des_saisies(avant, mesure.annee)
        if etats[mesure.annee].get(ancien.fiche_id, Etats()).is_validee(mesure.annee):
            return Proposition(
                indicateur,
                mesure.annee,
                mesure.valeur,
                datetime.date(mesure.annee, 12, 31) if indicateur.periode != Periode.ANNEE_SCOLAIRE else None,
                f"{ancien.code}, convention « {avant} »",
            )
    return None


@transaction.atomic
def reprendre_departs(convention: Convention, marques: Iterable[str], *, par) -> int:
    """Write the proposed values that were chosen; how many. Raises ValidationError, PermissionDenied: then none is."""
    cles = {marque: _cle(marque) for marque in set(marques)}
    siens = Indicateur.objects.filter(pk__in=cles.values(), fiche__convention=convention)
    codes = {i.pk: i.code for i in siens.select_for_update(of=("self",), no_key=True).order_by("pk")}
    proposees = {proposition.marque: proposition for proposition in collect_propositions(convention, par)}
    for marque, cle in sorted(cles.items()):
        if (proposition := proposees.get(marque)) is None:
            raise ValidationError(A_CHANGE.format(codes.get(cle, "un indicateur")))
        indicateur = proposition.indicateur
        if not (access := check(par, "evaluation.definir", indicateur.fiche)):
            raise PermissionDenied(access.reason)
        indicateur.valeur_depart, indicateur.date_depart = proposition.valeur, proposition.date
        indicateur.motiver(f"Valeur {proposition.annee} de {proposition.source}")
        indicateur.full_clean()
        indicateur.save()
    return len(cles)


def _cle(marque: str) -> int:
    """Of the indicator that it names; 0: of none."""
    dite = marque.partition(":")[0]
    return int(dite) if dite.isascii() and dite.isdigit() and len(dite) < 18 else 0
