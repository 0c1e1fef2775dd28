"""What is locked and changes only with a reason: every door says `motiver(…)` first, `save()` asks for it."""

from django.core.exceptions import ValidationError
from django.db import models


class Motivable(models.Model):
    """`verrous()`: {field that this save changes and that is locked: the sentence that says which lock}."""

    _motif = ""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.verifier_verrous()
        self._change_reason = getattr(self, "_change_reason", "") or self._motif
        super().save(*args, **kwargs)
        self._change_reason = self._motif = ""

    def delete(self, *args, **kwargs):
        self.verifier_verrous_suppression()
        self._change_reason = getattr(self, "_change_reason", "") or self._motif
        return super().delete(*args, **kwargs)

    def motiver(self, motif: str) -> None:
        """Why what is locked changes; it stays in the history."""
        self._motif = motif.strip()

    def verrous(self) -> dict[str, str]:
        raise NotImplementedError

    def verifier_verrous(self) -> None:
        """Raises ValidationError, by field, when the reason is missing."""
        if not self._motif and (fautes := self.verrous()):
            raise ValidationError(fautes)

    def clean(self):
        super().clean()
        self.verifier_verrous()

    def verifier_verrous_suppression(self) -> None:
        """Nothing by default: what has a value is protected by its foreign keys."""
