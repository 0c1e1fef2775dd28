"""Rules about the code itself."""

import re
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, get_resolver

from ctg import permissions
from ctg.chargement.tableau import tableaux
from ctg.models import Brouillon, Envoi, VueEnregistree
from evaluation.models import Fabrication

ROOT = Path(__file__).parent.parent
APPS = ("ctg", "structures", "fiches", "gouvernance", "evaluation")


def iter_patterns(resolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.app_name != "admin":
            yield from iter_patterns(pattern)


def test_every_view_declares_its_permission():
    missing, unknown = [], []
    for pattern in iter_patterns(get_resolver()):
        if getattr(pattern.callback, "login_required", True) is False:
            continue
        view_class = getattr(pattern.callback, "view_class", pattern.callback)
        if view_class.__module__.startswith("allauth."):  # one's own account
            continue
        if not hasattr(view_class, "permission_code"):
            missing.append(pattern.name)
        elif view_class.permission_code and view_class.permission_code not in permissions.codes():
            unknown.append(view_class.permission_code)

    assert (missing, unknown) == ([], [])


def test_env_example_lists_every_variable_and_no_other():
    code = "".join((ROOT / "ctg" / name).read_text() for name in ("settings.py", "environnement.py"))
    read = set(re.findall(r'\benv(?:_bool|_int|_list)?\("([A-Z_]+)"', code))
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert listed == read


def test_no_file_holds_the_address_of_a_package_registry():
    hosts = ("pypi.", "pythonhosted.", "registry.npm", "npmjs.")
    names = [ROOT / name for name in ("requirements.lock", "requirements-node.lock", "package-lock.json")]
    names += [ROOT / name for name in (".npmrc", "Makefile", "pyproject.toml", "package.json")]

    assert [path.name for path in names for host in hosts if host in path.read_text()] == []


def test_every_constraint_speaks_to_the_person():
    silent = [
        constraint.name
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
        and model.__name__ != "LigneChargee"
    ]

    assert silent == []


def test_no_model_is_ordered_by_default():
    ordered = [m.__name__ for app in APPS for m in apps.get_app_config(app).get_models() if m._meta.ordering]

    assert [name for name in ordered if not name.startswith("Historical")] == []


# What has no history: what the loader and the forms keep for themselves, and what nobody edits by hand.
SANS_HISTORIQUE = {
    "AdresseAgenda",
    "AvisApprobation",
    "Brouillon",
    "CorrespondanceColonnes",
    "Decoupage",
    "DestinataireEnvoi",
    "Enonce",
    "Envoi",
    "Fabrication",
    "IdentiteExterne",
    "ImportFait",
    "LigneChargee",
    "Rappel",
    "RappelDecision",
    "Territoire",
    "Texte",
    "ThematiqueDemarche",
    "TypeStructure",
    "Utilisateur",
    "VueEnregistree",
}


def test_every_model_keeps_its_history_or_says_that_it_has_none():
    sans = {
        m.__name__
        for app in APPS
        for m in apps.get_app_config(app).get_models()
        if not m.__name__.startswith("Historical") and not hasattr(m, "historique")
    }

    assert sans == SANS_HISTORIQUE


def test_no_write_goes_round_the_history():
    """`bulk_create`, `bulk_update`, `QuerySet.update` and raw deletes leave no line of history."""
    bare = re.compile(r"\.(bulk_create|bulk_update|_raw_delete)\(|\.objects\b[^\n]*\.update\(")
    culprits = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        for line in path.read_text().splitlines()
        if bare.search(line) and "# no history" not in line
    ]

    assert culprits == []


def test_tables_of_a_convention_load_in_the_order_of_the_apps():
    ranks = [APPS.index(t.modele._meta.app_label) for t in tableaux()]

    assert ranks == sorted(ranks)


def test_templates_hold_no_inline_script_or_style():
    """A mail holds its style: it has no stylesheet that it could link. No mail has a script."""
    courriels = set((ROOT / "templates").rglob("courriels/*.html"))
    culprits = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=", path.read_text())
        or (path not in courriels and re.search(r"<style|\sstyle=", path.read_text()))
    ]

    assert culprits == []


def test_every_model_has_an_admin_page_or_stands_on_one():
    """… except what is one person's own and not yet said to anybody, and copies that live a day."""
    from django.contrib import admin

    registered = set(admin.site._registry)
    inline = {i.model for model_admin in admin.site._registry.values() for i in model_admin.inlines}
    missing = [
        m.__name__
        for app in APPS
        for m in apps.get_app_config(app).get_models()
        if not m.__name__.startswith("Historical")
        and m not in {Brouillon, Envoi, Fabrication, VueEnregistree} | registered | inline
    ]

    assert missing == []


def test_a_form_that_keeps_drafts_has_where_to_say_so():
    """Without it the script cannot tell what became of the form, and the form is never sent."""
    muets = [
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*.html")
        if "data-brouillon" in (texte := path.read_text()) and "data-etat-brouillon" not in texte
    ]

    assert muets == []


def test_a_component_with_a_form_is_given_its_token():
    """`{% include … only %}` leaves the token of the page behind: the form would be refused."""
    templates = {
        str(path.relative_to(ROOT / "templates")): path.read_text()
        for path in (ROOT / "templates").rglob("*.html")
    }
    culprits = [
        f"{name}: {include}"
        for name, text in templates.items()
        for include, component in re.findall(r'({% include "([^"]+)"[^%]* only %})', text)
        if "csrf_token" in templates[component] and "csrf_token=csrf_token" not in include
    ]

    assert culprits == []
