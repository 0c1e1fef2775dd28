"""The whole product, looked at by axe-core: `make audit` runs it, and writes what the accessibility statement says.

Every address that is read × every role that reads it × light and dark × 320 and 1280 pixels. Two roles who are
answered the same page are looked at once. The name of the file keeps it out of `make test`.
"""

import datetime
import hashlib
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from ctg.models import Utilisateur
from tests.conftest import COMPTES_PAR_NOM
from tests.matrice import TABLE, url_de

RESULTAT = Path(settings.BASE_DIR) / "docs" / "accessibilite.json"
LARGEURS, THEMES = (1280, 320), ("light", "dark")
# What differs from one page to the same one: tokens, the account's name, the order of what is signed.
PROPRES = re.compile(
    r'(name="(csrfmiddlewaretoken|envoi|version|jeton)" value="[^"]*"|data-(compte|session)="[^"]*"|Compte [\w-]+|[\w-]+@demo\.invalid)'
)


def pages_a_lire(client_de_role):
    """{address: {fingerprint: account}}: each distinct page of each address."""
    pages: dict[str, dict[str, str]] = {}
    for nom, ligne in TABLE.items():
        if ligne.get is None or ligne.rend not in {200, 404}:
            continue
        # In the demonstration 2025 is closed: what an address needs and is not there is made in the open year.
        annee = {"annee": 2026} if ligne.kwargs.get("pk") == "effet" else {}
        url = url_de(nom, ligne.kwargs | annee)
        for role in sorted(set(COMPTES_PAR_NOM) & set(ligne.get)):
            response = client_de_role(role).get(url)
            if (
                "text/html" not in response.headers.get("Content-Type", "")
                or response.status_code != ligne.rend
            ):
                continue
            html = PROPRES.sub("", response.content.decode())
            pages.setdefault(url, {}).setdefault(hashlib.sha256(html.encode()).hexdigest(), role)
    return pages


@pytest.fixture
def client_de_role(demonstration):
    clients: dict[str, Client] = {}

    def ouvrir(nom):
        if nom not in clients:
            clients[nom] = Client()
            clients[nom].force_login(Utilisateur.objects.get(email=COMPTES_PAR_NOM[nom]))
        return clients[nom]

    return ouvrir


def test_the_whole_product(demonstration, client_de_role, browser, site):
    pages = pages_a_lire(client_de_role)
    fautes, etats = [], 0
    for theme in THEMES:
        for role in sorted(COMPTES_PAR_NOM):
            siennes = [url for url, variantes in pages.items() if role in variantes.values()]
            if not siennes:
                continue
            context = browser.new_context(color_scheme=theme)
            session = client_de_role(role).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
            page = context.new_page()
            for url in siennes:
                page.goto(f"{site}{url}")
                for largeur in LARGEURS:
                    page.set_viewport_size({"width": largeur, "height": 800})
                    etats += 1
                    for violation in Axe().run(page).response["violations"]:
                        noeud = violation["nodes"][0]["html"][:160]
                        fautes.append(f"{url} ({role}, {theme}, {largeur}) : {violation['id']} : {noeud}")
                    if page.evaluate("document.documentElement.scrollWidth") > largeur:
                        fautes.append(f"{url} ({role}, {theme}, {largeur}) : défile de côté")
            context.close()
    RESULTAT.write_text(
        json.dumps(
            {
                "date": datetime.date.today().isoformat(),  # noqa: DTZ011 -- the day of the machine that looks
                "adresses": len(pages),
                "pages": sum(len(variantes) for variantes in pages.values()),
                "etats": etats,
                "fautes": fautes,
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )
    assert fautes == []
