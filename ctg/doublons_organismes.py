"""Two organismes that are one. They belong to the whole installation: every convention sees it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from ctg.doublons import Reunion, ajouter_graphies, completer, reunir_lignes
from ctg.models import Organisme

FAITS = ("sigle", "nature", "source", "mention", "a_verifier")


@transaction.atomic
def reunir_organismes(garde_id: int, doublon_id: int) -> Reunion:
    """All that hangs on `doublon` hangs on `garde`, and is found under both names.

    Raises ValidationError, and then nothing has moved.
    """
    verrouilles = {
        organisme.pk: organisme
        for organisme in Organisme.objects.select_for_update(no_key=True)
        .filter(pk__in=(garde_id, doublon_id))
        .order_by("pk")
    }
    if len(verrouilles) != 2:
        raise ValidationError("Choisissez deux organismes différents.")
    garde, doublon = verrouilles[garde_id], verrouilles[doublon_id]
    motif = f"Réunion de « {doublon} » à « {garde} »"
    reunion = reunir_lignes(garde, doublon, motif)
    completer(garde, doublon, FAITS, reunion)
    ajouter_graphies(garde, doublon.nom, *doublon.autres_graphies.splitlines())
    doublon._change_reason = garde._change_reason = motif
    doublon.delete()
    garde.full_clean()
    garde.save()
    return reunion
