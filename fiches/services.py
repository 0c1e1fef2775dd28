"""The one writer of a whole fiche."""

from django.db import transaction
from django.db.models import Max

from fiches.models import FicheProjet


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
