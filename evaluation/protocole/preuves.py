"""What an answer stands on is not taken away elsewhere."""

from django.core.exceptions import ValidationError


def raison_de_le_garder(objet) -> str:
    """Empty: no question stands on it. `objet`: whatever may be evidence."""
    preuve = objet.preuves.select_related("question").order_by("pk").first()
    if preuve is None:
        return ""
    return f"C’est une preuve de la question {preuve.question.code} : retirez-la d’abord de ses preuves."


def exiger_pas_une_preuve(objet) -> None:
    """Raises ValidationError."""
    if raison := raison_de_le_garder(objet):
        raise ValidationError(raison)
