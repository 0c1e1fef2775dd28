"""Rows of a form: refused when their count is forged, and told apart when two say the same."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

ABIMEE = "Cette page est arrivée abîmée : rien n’est enregistré. Rechargez-la, puis recommencez."


DOUBLON = "doublon"


class PartieFormSet(forms.BaseInlineFormSet):
    """`CLE` names the fields by which two rows say the same thing."""

    CLE: tuple[str, ...] = ()
    default_error_messages = {
        **forms.BaseInlineFormSet.default_error_messages,
        "missing_management_form": ABIMEE,
    }

    @cached_property
    def management_form(self):
        form = super().management_form
        if self.is_bound and form.is_valid():
            negatifs = [name for name, nombre in form.cleaned_data.items() if (nombre or 0) < 0]
            for name in negatifs:
                form.add_error(name, ABIMEE)
            form.cleaned_data |= dict.fromkeys(negatifs, 0)
        return form

    def validate_unique(self):
        """Each row that repeats another says which one; Django's own check names none."""
        vues: dict[tuple, int] = {}
        fautes = []
        for rang, form in enumerate(self.forms, 1):
            vide = form.empty_permitted and not form.has_changed()
            if vide or not form.is_valid() or form in self.deleted_forms:
                continue
            cle = tuple(form.cleaned_data.get(name) for name in self.CLE)
            if not any(cle):
                continue
            if cle in vues:
                fautes.append(f"la ligne {rang} dit la même chose que la ligne {vues[cle]}")
                form.add_error(
                    None,
                    ValidationError(f"La ligne {vues[cle]} dit la même chose : gardez-en une.", code=DOUBLON),
                )
            else:
                vues[cle] = rang
        if fautes:
            raise ValidationError(f"{', '.join(fautes).capitalize()} : gardez-en une.")
