"""Search that ignores accents, case, hyphens and the form of apostrophes."""

import re
import unicodedata

from django.db import models

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})


def sans_accents(text: str) -> str:
    """« l’Étoile » → "l’etoile": lower case, punctuation kept."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def normalise(text: str) -> str:
    """« Micro- crèche l’Étoile » → "micro creche l etoile"."""
    return re.sub(r"[\W_]+", " ", sans_accents(text)).strip()


def mots_cherches(query: str) -> list[str] | None:
    """The words of a query, normalised; None where something is asked that holds no word (« % »)."""
    mots = normalise(query).split()
    return mots if mots or not query.strip() else None


class Cherchable(models.Model):
    """Keeps one normalised column of what `get_textes_recherche` returns."""

    recherche = models.TextField(blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.poser_recherche()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "recherche"}
        super().save(*args, **kwargs)

    def poser_recherche(self) -> None:
        self.recherche = normalise(" ".join(self.get_textes_recherche()))

    def get_textes_recherche(self) -> list[str]:
        raise NotImplementedError


class CherchableQuerySet(models.QuerySet):
    def search(self, query: str):
        """Rows that hold every word of the query, in any order; none for a query of signs without a word."""
        mots = mots_cherches(query)
        if mots is None:
            return self.none()
        queryset = self
        for mot in mots:
            queryset = queryset.filter(recherche__contains=mot)
        return queryset
