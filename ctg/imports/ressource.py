"""What a resource does in the pages of a convention, beside what it does in the administration."""

import difflib
from collections.abc import Sequence

from django.db import models
from import_export.widgets import CharWidget, ForeignKeyWidget

from ctg.models import Contractuel
from ctg.recherche import normalise

NB_PROCHES = 3


def meme_texte(un, autre) -> bool:
    """The spaces around a text and the form of its line ends say nothing."""
    return _texte(un) == _texte(autre)


def _texte(value) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


class SansEffacerMixin:
    """Of a resource: an empty cell says nothing, and a text that is the recorded one changes nothing.

    The signed text stays as it was signed where only case, accents or punctuation differ.
    """

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        lu = _texte(row.get(field.column_name))
        if not lu or (not instance._state.adding and self._est_le_meme(field, instance, lu)):
            return
        super().import_field(field, instance, row | {field.column_name: lu}, is_m2m, **kwargs)

    def save_instance(self, instance, is_create, row, **kwargs):
        """A preview validates; only an import writes."""
        if not kwargs.get("dry_run"):
            super().save_instance(instance, is_create, row, **kwargs)

    @staticmethod
    def _est_le_meme(field, instance, lu: str) -> bool:
        ecrit = field.export(instance)
        signe = isinstance(instance, Contractuel) and field.attribute in instance.CONTRACTUELS
        return meme_texte(ecrit, lu) or (signe and bool(ecrit) and normalise(str(ecrit)) == normalise(lu))


class ChoixWidget(CharWidget):
    """One of a vocabulary, by its code or its label; accents and case aside. Written as its label."""

    def __init__(self, choix: type[models.TextChoices], **kwargs):
        super().__init__(**kwargs)
        self.choix = choix

    def clean(self, value, row=None, **kwargs):
        lu = normalise(str(value or ""))
        for code, label in self.choix.choices:
            if lu in {normalise(code), normalise(label)}:
                return code
        raise ValueError(f"« {value} » n’est pas dans la liste. Écrivez : {', '.join(self.choix.labels)}.")

    def render(self, value, obj=None, **kwargs):
        return self.choix(value).label if value else ""


class LienSoupleWidget(ForeignKeyWidget):
    """A link by one of its names; accents and case aside. An unknown name is refused with those that are near."""

    def __init__(self, model, field, *, noms: Sequence[str] = (), **kwargs):
        super().__init__(model, field, **kwargs)
        self.noms, self._connus = (field, *noms), None

    def clean(self, value, row=None, **kwargs):
        lu = normalise(str(value))
        trouves = self._index(row).get(lu, {})
        exacts = [objet for objet in trouves.values() if getattr(objet, self.field) == str(value)]
        if len(exacts) == 1 or len(trouves) == 1:
            return (exacts or list(trouves.values()))[0]
        quoi = self.model._meta.verbose_name
        if trouves:
            raise ValueError(f"Plusieurs portent le nom « {value} » ({quoi}) : écrivez le nom entier.")
        proches = difflib.get_close_matches(lu, self._index(row), NB_PROCHES, 0.6)
        dits = sorted({f"« {objet} »" for nom in proches for objet in self._index(row)[nom].values()})
        suite = f" Le plus proche : {', '.join(dits)}." if dits else ""
        raise ValueError(
            f"« {value} » n’est pas connu ({quoi}).{suite} Corrigez le nom, ou videz la cellule."
        )

    def _index(self, row) -> dict[str, dict]:
        """{name, normalised: {key: object}}, read once: a resource lives as long as one import."""
        if self._connus is None:
            self._connus = {}
            for objet in self.get_queryset(None, row):
                for champ in self.noms:
                    for nom in filter(None, str(getattr(objet, champ)).splitlines()):
                        self._connus.setdefault(normalise(nom), {})[objet.pk] = objet
        return self._connus
