"""The one writer of meetings, agendas, attendance and decisions from the screens: numbers given once, links kept."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max, ProtectedError
from django.db.models.deletion import Collector

from ctg.models import Convention
from ctg.templatetags.affichage import date_longue
from gouvernance.models import Decision, Invite, PointOrdreDuJour, Presence, Reunion
from gouvernance.verrous import exiger_decision_ouverte, exiger_inscriptible, exiger_ouverte

Objet = Reunion | Decision | PointOrdreDuJour


@transaction.atomic
def enregistrer_reunion(reunion: Reunion) -> Reunion:
    """Save it; a new one takes the next number of its year. Raises ValidationError."""
    _verrouiller(reunion.convention_id)
    exiger_inscriptible(reunion.pk)
    if reunion._state.adding:
        reunion.annee = reunion.date.year
        reunion.rang = _rang_suivant(Reunion, convention=reunion.convention_id, annee=reunion.annee)
    else:
        _exiger_avant_les_echeances(reunion)
    reunion.full_clean()
    reunion.save()
    return reunion


def _exiger_avant_les_echeances(reunion: Reunion) -> None:
    """What it decided is not due before it."""
    decisions = Decision.objects.filter(reunion=reunion.pk, echeance__lt=reunion.date).exclude(
        reunion__date=reunion.date  # it was so before
    )
    if decision := decisions.select_related("reunion").order_by("rang").first():
        raise ValidationError(
            f"La décision {decision.numero} est à faire pour le {date_longue(decision.echeance)}, avant cette date : "
            "changez d’abord son échéance."
        )


@transaction.atomic
def enregistrer_decision(decision: Decision, *, par_une_note: bool = False) -> Decision:
    """Save it; a new one takes the next number of its meeting. `par_une_note`: of `suivi`. Raises ValidationError."""
    _verrouiller(decision.convention_id)
    exiger_decision_ouverte(decision, par_une_note=par_une_note)
    if decision._state.adding:
        decision.rang = _rang_suivant(Decision, reunion=decision.reunion_id)
    decision.full_clean()
    decision.save()
    return decision


@transaction.atomic
def enregistrer_point(
    point: PointOrdreDuJour, *, documents: Iterable | None = None, fiches: Iterable | None = None
) -> PointOrdreDuJour:
    """Save it; a new one comes last. Links that are not given stay as they are. Raises ValidationError."""
    _verrouiller(point.convention_id)
    exiger_inscriptible(point.reunion_id)
    if point._state.adding:
        dernier = PointOrdreDuJour.objects.filter(reunion=point.reunion_id).aggregate(dernier=Max("ordre"))
        point.ordre = (dernier["dernier"] or 0) + 1
    point.full_clean()
    point.save()
    for nom, objets in (("documents", documents), ("fiches", fiches)):
        if objets is not None:
            _lier(point, nom, list(objets))
    return point


def _lier(point: PointOrdreDuJour, nom: str, objets: list) -> None:
    if any(objet.convention_id != point.convention_id for objet in objets):
        raise ValidationError("Choisissez des documents et des fiches de cette convention.")
    if {objet.pk for objet in objets} != set(getattr(point, nom).values_list("pk", flat=True)):
        getattr(point, nom).set(objets)


@transaction.atomic
def deplacer_point(point: PointOrdreDuJour, *, monter: bool) -> bool:
    """Trade its place with its neighbour's; false where there is none. Raises ValidationError."""
    _verrouiller(point.convention_id)
    exiger_inscriptible(point.reunion_id)
    point = PointOrdreDuJour.objects.get(pk=point.pk)  # another may have moved it
    autres = PointOrdreDuJour.objects.filter(reunion=point.reunion_id)
    voisin = (
        autres.filter(ordre__lt=point.ordre).order_by("-ordre").first()
        if monter
        else autres.filter(ordre__gt=point.ordre).order_by("ordre").first()
    )
    if voisin is None:
        return False
    point.ordre, voisin.ordre = voisin.ordre, point.ordre
    # No two have one place, even for a moment.
    PointOrdreDuJour.objects.filter(pk=voisin.pk).update(ordre=0)  # no history
    point.save()
    voisin.save()
    return True


@transaction.atomic
def noter_presences(
    reunion: Reunion, presences: Iterable[Presence], *, oublier: Iterable[tuple[int, int | None]] = ()
) -> None:
    """Write those that changed; `oublier`: keys of those of which nothing is noted any more. Raises ValidationError."""
    _verrouiller(reunion.convention_id)
    exiger_inscriptible(reunion.pk)
    notees = {presence.cle: presence for presence in Presence.objects.filter(reunion=reunion)}
    for voulue in presences:
        presence = notees.get(voulue.cle, voulue)
        for nom in ("etat", "represente_par", "nom"):
            setattr(presence, nom, getattr(voulue, nom))
        _enregistrer_si_change(presence, "etat", "represente_par", "nom")
    for cle in oublier:
        if cle in notees:
            notees[cle].delete()


@transaction.atomic
def noter_invites(reunion: Reunion, invites: Iterable[Invite], *, oublier: Iterable[int] = ()) -> None:
    """Those who came without a seat; `oublier`: keys of those who are taken off. Raises ValidationError."""
    _verrouiller(reunion.convention_id)
    exiger_inscriptible(reunion.pk)
    for invite in Invite.objects.filter(reunion=reunion, pk__in=list(oublier)):
        invite.delete()
    for invite in invites:
        _enregistrer_si_change(invite, "nom", "fonction")


def _enregistrer_si_change(objet: Presence | Invite, *champs: str) -> None:
    objet.full_clean()
    valeurs = {nom: getattr(objet, nom) for nom in champs}
    if objet._state.adding or not type(objet).objects.filter(pk=objet.pk, **valeurs).exists():
        objet.save()


@transaction.atomic
def supprimer(objet: Objet) -> None:
    """Only what nothing depends on is deleted; the history keeps its lines. Raises ValidationError."""
    _verrouiller(objet.convention_id)
    exiger_ouverte(objet.pk if isinstance(objet, Reunion) else objet.reunion_id)
    if dependants := ce_qui_en_depend(objet):
        raise ValidationError(
            f"Rien n’est supprimé : {len(dependants)} autre(s) élément(s) en dépendent ({' ; '.join(dependants[:5])}). "
            "Supprimez-les d’abord, ou gardez celui-ci."
        )
    objet.delete()


def ce_qui_en_depend(objet: Objet) -> list[str]:
    """Names of what forbids its deletion, whatever app it is of."""
    collector = Collector(using=DEFAULT_DB_ALIAS, origin=objet)
    try:
        collector.collect([objet])
    except ProtectedError as error:
        return sorted(f"{autre._meta.verbose_name} « {autre} »" for autre in error.protected_objects)
    return []


def ce_qui_part_avec(objet: Objet) -> list[str]:
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
