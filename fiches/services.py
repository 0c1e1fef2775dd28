"""The one writer of a whole fiche."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from ctg.templatetags.affichage import date_longue
from fiches.fins import verifier_fin
from fiches.models import FicheProjet

# The texts that an earlier line of history may give back; the contractual ones have their own door.
RESTAURABLES = frozenset(
    {
        "constat",
        "objectif_general",
        "description",
        "publics",
        "territoire",
        "participation_detail",
        "resultats_attendus",
        "notes_internes",
    }
)


@transaction.atomic
def restaurer_champ(fiche: FicheProjet, champ: str, ligne: Any) -> bool:
    """Put back a text of an earlier line of history, as a new change; false when it is the same already.

    The caller has locked the fiche and checked the right to change it and to read that field.
    """
    ancien = getattr(ligne, champ)
    if getattr(fiche, champ) == ancien:
        return False
    setattr(fiche, champ, ancien)
    fiche._change_reason = f"Texte rétabli depuis la version {ligne.version}"
    fiche.save()
    return True


@transaction.atomic
def clore_fiche(fiche: FicheProjet, *, au: datetime.date, motif: str) -> None:
    """From `au` on the fiche is no longer in force; a closing to come changes its day.

    The caller has locked it. Raises ValidationError.
    """
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    if fiche.date_fin is not None and fiche.date_fin <= timezone.localdate():
        raise ValidationError(f"Cette fiche est close depuis le {date_longue(fiche.date_fin)}.")
    verifier_fin(fiche, au)
    fiche.date_fin, fiche._change_reason = au, f"Close : {motif.strip()[:300]}"
    fiche.full_clean(exclude=("axes", "quartiers"))
    fiche.save()


@transaction.atomic
def rouvrir_fiche(fiche: FicheProjet, *, motif: str) -> None:
    """A fiche closed by mistake is in force again. The caller has locked it. Raises ValidationError."""
    if not motif.strip():
        raise ValidationError("Écrivez le motif : il reste dans l’historique.")
    if fiche.date_fin is None:
        raise ValidationError("Cette fiche est en vigueur.")
    fiche.date_fin, fiche._change_reason = None, f"Rouverte : {motif.strip()[:300]}"
    fiche.full_clean(exclude=("axes", "quartiers"))
    fiche.save()


@transaction.atomic
def supprimer_fiche(fiche: FicheProjet) -> None:
    """Only what nothing depends on is deleted; the history keeps its lines. Raises ValidationError."""
    if fiche.succede_a_id:
        raise ValidationError("Un avenant a changé cette fiche : il vaut mieux la clore à une date.")
    try:
        fiche.delete()
    except (ProtectedError, IntegrityError):  # the database keeps what a closed year tells
        raise ValidationError(
            "D’autres éléments dépendent de cette fiche : il vaut mieux la clore à une date."
        ) from None


@transaction.atomic
def enregistrer_fiche(form, parties: dict) -> FicheProjet:
    """Save valid forms of a fiche that the caller has locked; all or nothing."""
    fiche = form.save(commit=False)
    # The token of what was read is in the form, and changes with every page.
    if {*form.changed_data} - {"version"} or any(formset.has_changed() for formset in parties.values()):
        fiche.save()
        form.save_m2m()
    dernier = fiche.etapes.aggregate(dernier=Max("ordre"))["dernier"] or 0
    for formset in parties.values():
        enregistrees = formset.save(commit=False)
        for partie in formset.deleted_objects:  # first: the same row may be typed anew
            partie.delete()
        for partie in enregistrees:
            if hasattr(partie, "ordre") and partie.ordre is None:
                dernier += 1
                partie.ordre = dernier
            partie.save()
    return fiche
