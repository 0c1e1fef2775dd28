"""Pages made of several apps: each app registers its panels and its menu entries in its own `panneaux.py`.

No lower app names an upper one: the page asks this registry what there is to show.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string

from ctg.permissions import check


@dataclass(frozen=True, slots=True)
class Panneau:
    """A part of a page. `collect(request, objet)` gives the template's context, or None: nothing to show.

    The key `resume` of that context is a few words that the head of the page says, with a link to the panel.
    """

    page: str
    code: str
    titre: str
    template: str
    collect: Callable
    ordre: int
    permission: str = ""  # asked of the convention


@dataclass(frozen=True, slots=True)
class PanneauRendu:
    code: str
    titre: str
    html: str
    resume: str = ""


@dataclass(frozen=True, slots=True)
class EntreeMenu:
    """`url(convention, today)` gives the address; `prefixe` is what follows /<convention>/ on its pages."""

    nom: str
    icone: str
    prefixe: str
    url: Callable
    ordre: int
    permission: str = ""


_panneaux: dict[str, list[Panneau]] = {}
_menu: list[EntreeMenu] = []


def register(panneau: Panneau) -> None:
    page = _panneaux.setdefault(panneau.page, [])
    if any(other.code == panneau.code for other in page):
        raise ValueError(f"Panneau déjà déclaré : {panneau.page}/{panneau.code}")
    page.append(panneau)
    page.sort(key=lambda p: (p.ordre, p.code))


def register_menu(entree: EntreeMenu) -> None:
    _menu.append(entree)
    _menu.sort(key=lambda e: (e.ordre, e.nom))


def composer(page: str, request, objet, convention) -> list[PanneauRendu]:
    """The panels of a page that this person may read and that have something to show, rendered."""
    rendus = []
    for panneau in _panneaux.get(page, []):
        if panneau.permission and not check(request.user, panneau.permission, convention):
            continue
        context = panneau.collect(request, objet)
        if context is not None:
            html = render_to_string(
                panneau.template, {"objet": objet, "convention": convention, **context}, request=request
            )
            rendus.append(PanneauRendu(panneau.code, panneau.titre, html, context.get("resume", "")))
    return rendus


def menu(user, convention) -> list[EntreeMenu]:
    return [e for e in _menu if not e.permission or check(user, e.permission, convention)]
