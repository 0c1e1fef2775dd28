"""The latest changes of the fiches that people made: which rubrics, by whom. The whole is in the history of each."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from ctg.models import Convention, Porte
from fiches.models import FicheProjet

NB_LUES = 60  # lines of history among which the latest changes are looked for
# Never read of the whole convention: internal notes. The rest says nothing.
HORS = frozenset(
    {"id", "version", "notes_internes", "convention", "source", "source_complements", "succede_a"}
)


@dataclass(frozen=True, slots=True)
class Changement:
    fiche: FicheProjet
    quand: datetime.datetime
    qui: str
    rubriques: tuple[str, ...]


def derniers_changements(convention: Convention, *, nombre: int) -> list[Changement]:
    """The latest first, those of one person on one fiche in one day together. Three queries.

    Steps, means and values are not here: who may read them, and when, is told by the history of each fiche.
    """
    historique = FicheProjet.historique
    avant = historique.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    lignes = list(
        historique.filter(convention=convention, history_type="~", history_user__isnull=False)
        .exclude(porte=Porte.COMMANDE)
        .select_related("history_user")
        .annotate(avant=Subquery(avant.order_by("-history_id").values("pk")[:1]))
        .order_by("-history_date", "-history_id")[:NB_LUES]
    )
    precedentes = historique.in_bulk([ligne.avant for ligne in lignes if ligne.avant])
    fiches = FicheProjet.objects.filter(convention=convention).select_related("convention")
    fiches = fiches.in_bulk({ligne.id for ligne in lignes})
    reunis: dict[tuple, Changement] = {}
    for ligne in lignes:
        rubriques = tuple(_changees(ligne, precedentes.get(ligne.avant)))
        if not rubriques or ligne.id not in fiches:
            continue
        cle = (ligne.id, ligne.history_user_id, ligne.history_date.date())
        deja = reunis.get(cle)
        reunis[cle] = Changement(
            fiches[ligne.id],
            deja.quand if deja else ligne.history_date,
            str(ligne.history_user),
            _sans_double(deja.rubriques + rubriques) if deja else rubriques,
        )
    return list(reunis.values())[:nombre]


def _changees(ligne, precedente) -> Iterable[str]:
    if precedente is None:
        return
    for champ in ligne._meta.get_fields():
        if champ.name in HORS or not hasattr(FicheProjet, champ.name):
            continue
        if getattr(ligne, champ.attname) != getattr(precedente, champ.attname):
            yield str(FicheProjet._meta.get_field(champ.name).verbose_name)


def _sans_double(mots: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mots))
