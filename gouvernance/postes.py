"""The one writer of the posts of coordination and of what they cost."""

from django.db import transaction

from gouvernance.models import FinancementPoste, PosteCooperation


@transaction.atomic
def enregistrer_poste(poste: PosteCooperation) -> PosteCooperation:
    """Raises ValidationError."""
    poste.full_clean()
    poste.save()
    return poste


@transaction.atomic
def enregistrer_financement(financement: FinancementPoste) -> FinancementPoste:
    """Raises ValidationError."""
    PosteCooperation.objects.select_for_update(of=("self",), no_key=True).get(pk=financement.poste_id)
    financement.full_clean()
    financement.save()
    return financement
