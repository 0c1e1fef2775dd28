"""The one writer of a whole fiche."""

from typing import Any

from django.db import transaction
from django.db.models import Max

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
def enregistrer_fiche(form, parties: dict) -> FicheProjet:
    """Save valid forms of a fiche that the caller has locked; all or nothing."""
    fiche = form.save(commit=False)
    fiche.save()
    form.save_m2m()
    dernier = fiche.etapes.aggregate(dernier=Max("ordre"))["dernier"] or 0
    for formset in parties.values():
        for partie in formset.save(commit=False):
            if hasattr(partie, "ordre") and partie.ordre is None:
                dernier += 1
                partie.ordre = dernier
            partie.save()
        for partie in formset.deleted_objects:
            partie.delete()
    return fiche
