"""Two people on one form: what each changed is kept, and only what both changed differently is asked.

A form is a state: {key: Champ}. A key is (part, row, field); part "" is the object itself, row "" its only row.
"""

import hashlib
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from ctg.templatetags.affichage import date_longue

Cle = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Champ:
    """One field as a browser would send it, and the same value in a form that can be compared."""

    brut: tuple[str, ...]
    canonique: str | tuple[str, ...]
    affichage: str = field(default="", compare=False)

    @property
    def empreinte(self) -> str:
        """Names the value in a page, whatever a browser does to its line ends."""
        return hashlib.sha256(repr(self.canonique).encode()).hexdigest()[:16]


Etat = dict[Cle, Champ]


@dataclass(frozen=True, slots=True)
class Conflit:
    cle: Cle
    libelle: str
    base: Champ | None
    leur: Champ
    mien: Champ
    est_long: bool = False

    @property
    def nom(self) -> str:
        """Name of its controls on the page."""
        return "-".join(part for part in self.cle if part)

    def choisi(self, data: QueryDict) -> Champ | None:
        """What the page of the two versions answers; None: not yet, or of a text that has changed since."""
        choix = data.get(f"choix-{self.nom}")
        if choix not in {"mien", "leur", "texte"} or data.get(f"vu-{self.nom}") != self.leur.empreinte:
            return None
        ecrit = data.get(f"texte-{self.nom}", "")
        return {"mien": self.mien, "leur": self.leur, "texte": Champ((ecrit,), ecrit)}[choix]


@dataclass(slots=True)
class Fusion:
    """`data` is what to save once there are no conflicts; `leurs` says what the others changed meanwhile."""

    data: QueryDict
    conflits: list[Conflit] = field(default_factory=list)
    leurs: list[str] = field(default_factory=list)
    auteurs: list[str] = field(default_factory=list)


def fusionner(base: Etat | None, leurs: Etat, miennes: Etat) -> tuple[dict[Cle, Champ], list[Cle]]:
    """({key: value to keep}, [keys that both changed differently]). Without a base, every difference is asked."""
    gardes, conflits = {}, []
    for cle, mien in miennes.items():
        leur = leurs.get(cle)
        origine = base.get(cle) if base is not None else None
        if leur is None or leur.canonique == mien.canonique:
            gardes[cle] = mien
        elif origine is not None and origine.canonique == mien.canonique:
            gardes[cle] = leur
        elif origine is not None and origine.canonique == leur.canonique:
            gardes[cle] = mien
        else:
            conflits.append(cle)
    return gardes, conflits


def gardes_des_autres(base: Etat | None, leurs: Etat, gardes: dict[Cle, Champ]) -> list[Cle]:
    """What the others changed and that stays as they wrote it; what one chose to replace is not there."""
    return [
        cle
        for cle, leur in leurs.items()
        if base
        and cle in base
        and base[cle].canonique != leur.canonique
        and gardes.get(cle, leur).canonique == leur.canonique
    ]


def noms_des_auteurs(lignes) -> list[str]:
    """Who wrote those lines of history, each once; read with their `history_user`."""
    noms = (str(ligne.history_user) if ligne.history_user else "une commande" for ligne in lignes)
    return list(dict.fromkeys(noms))


def champ(bound: forms.BoundField, data=None) -> Champ:
    """The value of a field: what `data` (a QueryDict) holds, or what the form shows."""
    if data is None:
        return lire_champ(bound.field, _brut(bound.field, bound.value()))
    return lire_champ(bound.field, tuple(data.getlist(bound.html_name)))


def initial_de(bound: forms.BoundField) -> Champ:
    """The value of a field before anything was typed."""
    return lire_champ(bound.field, _brut(bound.field, bound.field.prepare_value(bound.initial)))


def lire_champ(field: forms.Field, brut: tuple[str, ...]) -> Champ:
    return Champ(brut, _canonique(field, brut), _affichage(field, brut))


def _brut(field: forms.Field, value) -> tuple[str, ...]:
    if isinstance(field, forms.BooleanField):
        return ("on",) if value else ()
    controle = getattr(field.widget, "widget", field.widget)  # within those of the administration
    ecrit = controle.format_value(value)
    if ecrit is None:
        return ()
    return tuple(str(item) for item in ecrit) if isinstance(ecrit, (list, tuple)) else (str(ecrit),)


def _canonique(field: forms.Field, brut: tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)):
        return tuple(sorted(brut))
    texte = brut[0] if brut else ""
    if isinstance(field, forms.BooleanField):
        return "oui" if texte and texte.lower() not in {"false", "0"} else ""
    if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        return texte
    try:
        value = field.to_python(texte)
    except ValidationError:
        value = texte
    if hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return "" if value is None else "\n".join(str(value).splitlines()).strip()


def _affichage(field: forms.Field, brut: tuple[str, ...]) -> str:
    if isinstance(field, forms.BooleanField):
        return "oui" if brut else "non"
    if isinstance(field, forms.ModelChoiceField):
        return " · ".join(
            str(objet)
            for objet in field.queryset.filter(pk__in=[b for b in brut if b.isdigit() and len(b) < 18])
        )
    if isinstance(field, forms.ChoiceField):
        noms = {str(value): str(nom) for value, nom in field.choices}
        return " · ".join(noms.get(item, item) for item in brut if item)
    texte = brut[0] if brut else ""
    if isinstance(field, forms.DateField) and texte:
        try:
            return date_longue(field.to_python(texte))
        except ValidationError:
            return texte
    return texte
