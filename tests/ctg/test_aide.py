"""The guide: each role finds its page first, every link and picture is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import resolve

from ctg.enums import Role
from ctg.views.pages import GUIDE, PAGES_DES_ROLES

PAGES = sorted(GUIDE.glob("*.md"))


def adresse(page: Path) -> str:
    return f"/aide/{page.stem.partition('-')[2]}/"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_picture_of_the_guide_is_there(client_de, page):
    client = client_de("cooperation")
    html = client.get(adresse(page)).content.decode()
    corps = html[html.index('class="carte prose guide"') :]

    for image, texte in re.findall(r'<img alt="([^"]*)" src="([^"]+)"', corps):
        assert image
        assert finders.find(texte.removeprefix(settings.STATIC_URL))
    assert corps.count("<img") == corps.count(f'src="{settings.STATIC_URL}captures/')
    for lien in re.findall(r'href="(\.\./[^"]+)"', corps):
        assert client.get(f"/aide/{lien.removeprefix('../')}").status_code == 200, lien


def test_every_picture_serves_and_is_light():
    textes = " ".join(p.read_text(encoding="utf-8") for p in [*PAGES, Path(settings.BASE_DIR) / "README.md"])
    for image in (Path(settings.BASE_DIR) / "docs" / "captures").glob("*.png"):
        assert f"captures/{image.name}" in textes, image.name
        assert image.stat().st_size < 150_000, image.name


def test_every_role_has_its_page():
    slugs = {page.stem.partition("-")[2] for page in PAGES}

    assert set(PAGES_DES_ROLES) == set(Role)
    assert set(PAGES_DES_ROLES.values()) == {slug for slug in slugs if slug.startswith("role-")}


@pytest.mark.parametrize(
    ("nom", "titre"),
    [
        ("cooperation", "Chargé de coopération"),
        ("petite-enfance", "Coordinateur thématique"),
        ("referent", "Référent de fiche"),
        ("quartier", "Coordinateur territorial"),
        ("caf", "Conseiller Caf"),
        ("copil", "Membre du COPIL"),
        ("lecteur", "Membre du COPIL"),
        ("admin", "Administrateur"),
    ],
)
def test_help_begins_with_one_s_own_role(client_de, nom, titre):
    html = client_de(nom).get("/aide/").content.decode()
    siens = html[html.index("Pages d’aide") : html.index("Les autres rôles")]

    assert re.search(rf"Votre rôle :</strong> <a [^>]+>{titre}", siens)
    assert siens.count("Votre rôle") == 1


def test_the_address_of_the_guide_is_known():
    assert resolve("/aide/raccourcis-du-clavier/").view_name == "ctg:aide_page"
