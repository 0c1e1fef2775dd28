"""An avenant closes a fiche and creates its successor, with the same code; what hangs on it follows."""

import datetime
from collections.abc import Callable, Iterator, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from ctg.models import Avenant, Contractuel
from fiches.fins import verifier_fin
from fiches.models import Etape, FicheProjet, Implication, Moyen

# (old, new, avenant): what upper apps do when a fiche is succeeded.
Suite = Callable[[FicheProjet, FicheProjet, Avenant], None]
_suites: list[Suite] = []
M2M = ("axes", "quartiers")
# By what a row and the one that was copied from it know each other.
REPERES = {
    Etape: ("intitule", "echeance"),
    Moyen: ("signataire_id", "annee", "nature"),
    Implication: ("organisme_id", "structure_id", "role"),
}


def register(suite: Suite) -> None:
    _suites.append(suite)


@transaction.atomic
def succeder(fiche_id: int, avenant: Avenant, champs: dict) -> FicheProjet:
    """Close the fiche at the avenant's date and return its successor. `champs`: what the avenant changes.

    Steps, actors, and means from the year of the avenant on go with the successor. Raises ValidationError.
    """
    fiche = FicheProjet.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche_id)
    _verifier(fiche, avenant, champs)
    motif = str(avenant)
    en_phrase = motif[:1].lower() + motif[1:]
    fiche.date_fin, fiche._change_reason = avenant.date_effet, f"Close par l’{en_phrase}"
    fiche.save()
    suite = FicheProjet.objects.get(pk=fiche.pk)
    suite.pk, suite._state.adding, suite.version = None, True, 1
    suite.date_effet, suite.date_fin, suite.succede_a = avenant.date_effet, None, fiche
    suite.source, suite._change_reason = motif, f"Créée par l’{en_phrase}"
    for name, valeur in champs.items():
        if name not in M2M:
            setattr(suite, name, valeur)
    suite.full_clean(exclude=("axes", "quartiers"))
    suite.save()
    for name in M2M:
        getattr(suite, name).set(champs.get(name, getattr(fiche, name).all()))
    _emporter(fiche, suite)
    for suite_de in _suites:
        suite_de(fiche, suite, avenant)
    return suite


def _verifier(fiche: FicheProjet, avenant: Avenant, champs: dict) -> None:
    if fiche.date_fin is not None:
        raise ValidationError("Cette fiche est déjà close : c’est sa suite qu’un avenant modifie.")
    if avenant.convention_id != fiche.convention_id:
        raise ValidationError("Cet avenant n’est pas de cette convention.")
    if fiche.date_effet and avenant.date_effet <= fiche.date_effet:
        raise ValidationError("L’avenant doit prendre effet après le début de cette fiche.")
    verifier_fin(fiche, avenant.date_effet)
    if not any(_differe(fiche, name, valeur) for name, valeur in champs.items()):
        raise ValidationError("Rien ne change : dites ce que l’avenant change de cette fiche.")


def _differe(fiche: FicheProjet, name: str, valeur) -> bool:
    if name in M2M:
        return {objet.pk for objet in valeur} != {objet.pk for objet in getattr(fiche, name).all()}
    return (getattr(fiche, name) or "") != (valeur or "")


def predecesseurs(convention_id: int) -> dict[int, int]:
    """{fiche: the one that it succeeds}; one query."""
    fiches = FicheProjet.objects.filter(convention=convention_id, succede_a__isnull=False)
    return dict(fiches.values_list("pk", "succede_a"))


def remonter(fiche: int | None, avant: Mapping[int, int]) -> Iterator[int]:
    """The fiche, then those that it succeeds; `avant`: of `predecesseurs`."""
    while fiche is not None:
        yield fiche
        fiche = avant.get(fiche)


def emportee(ligne, au: datetime.date) -> bool:
    """Whether a step, a means or an actor goes with a successor of that date; a row of history is read too."""
    return getattr(ligne, "annee", au.year) >= au.year


def _emporter(fiche: FicheProjet, suite: FicheProjet) -> None:
    lignes = [
        *fiche.etapes.all(),
        *fiche.implications.all(),
        *fiche.contributions.all(),
        *fiche.moyens.all(),
        *fiche.objectifs.filter(date_fin=None),
    ]
    for ligne in lignes:
        if emportee(ligne, suite.date_effet):
            _copier(ligne, suite)


def _copier(ligne, suite: FicheProjet) -> None:
    ligne.pk, ligne._state.adding, ligne.fiche = None, True, suite
    if isinstance(ligne, Contractuel):
        ligne.completer(suite.source)
    ligne.save()
