"""The one writer of meetings and decisions from the screens: numbers given once, links kept."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max, ProtectedError
from django.db.models.deletion import Collector

from ctg.models import Convention
from gouvernance.models import Decision, Reunion


@transaction.atomic
def enregistrer_reunion(reunion: Reunion) -> Reunion:
    """Save it; a new one takes the next number of its year. Raises ValidationError."""
    _verrouiller(reunion.convention_id)
    if reunion._state.adding:
        reunion.annee = reunion.date.year
        reunion.rang = _rang_suivant(Reunion, convention=reunion.convention_id, annee=reunion.annee)
    reunion.full_clean()
    reunion.save()
    return reunion


@transaction.atomic
def enregistrer_decision(decision: Decision) -> Decision:
    """Save it; a new one takes the next number of its meeting. Raises ValidationError."""
    _verrouiller(decision.convention_id)
    if decision._state.adding:
        decision.rang = _rang_suivant(Decision, reunion=decision.reunion_id)
    decision.full_clean()
    decision.save()
    return decision


@transaction.atomic
def supprimer(objet: Reunion | Decision) -> None:
    """Only what nothing depends on is deleted; the history keeps its lines. Raises ValidationError."""
    _verrouiller(objet.convention_id)
    if dependants := ce_qui_en_depend(objet):
        raise ValidationError(
            f"Rien n’est supprimé : {len(dependants)} autre(s) élément(s) en dépendent ({' ; '.join(dependants[:5])}). "
            "Supprimez-les d’abord, ou gardez celui-ci."
        )
    objet.delete()


def ce_qui_en_depend(objet: Reunion | Decision) -> list[str]:
    """Names of what forbids its deletion, whatever app it is of."""
    collector = Collector(using=DEFAULT_DB_ALIAS, origin=objet)
    try:
        collector.collect([objet])
    except ProtectedError as error:
        return sorted(f"{autre._meta.verbose_name} « {autre} »" for autre in error.protected_objects)
    return []


def ce_qui_part_avec(objet: Reunion | Decision) -> list[str]:
    """Names of what is deleted with it, whatever app it is of; call it where nothing forbids the deletion."""
    collector = Collector(using=DEFAULT_DB_ALIAS, origin=objet)
    collector.collect([objet])
    partent = [
        *collector.fast_deletes,
        *(autres for modele, autres in collector.data.items() if modele is not type(objet)),
    ]
    return sorted(f"{autre._meta.verbose_name} « {autre} »" for autres in partent for autre in autres)


def _verrouiller(convention_id: int) -> None:
    """One writer at a time in a convention: two never take the same number."""
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention_id)


def _rang_suivant(modele, **portee) -> int:
    """Read in the history: the number of what was deleted is not given again."""
    return (modele.historique.filter(**portee).aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
