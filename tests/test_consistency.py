"""Rules about the code itself."""

import re
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, get_resolver

from ctg import chargement, permissions

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
        view_class = pattern.callback.view_class
        if pattern.name == "logout":
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
    assert [
        m.__name__ for app in APPS for m in apps.get_app_config(app).get_models() if m._meta.ordering
    ] == []


def test_tables_of_a_convention_load_in_the_order_of_the_apps():
    ranks = [APPS.index(t.modele._meta.app_label) for t in chargement.tableaux()]

    assert ranks == sorted(ranks)


def test_templates_hold_no_inline_script_or_style():
    culprits = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", path.read_text())
    ]

    assert culprits == []


def test_every_model_has_an_admin_page_or_stands_on_one():
    from django.contrib import admin

    registered = set(admin.site._registry)
    inline = {i.model for model_admin in admin.site._registry.values() for i in model_admin.inlines}
    missing = [
        m.__name__
        for app in APPS
        for m in apps.get_app_config(app).get_models()
        if m not in registered | inline
    ]

    assert missing == []
