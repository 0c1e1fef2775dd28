"""A script in every text of every table; and a browser that says whether one of them ran."""

import re

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from playwright.sync_api import Error

from ctg.validations import APPS
from tests.attaques.formulaires import DOCUMENTS
from tests.matrice import LOURD, TABLE, url_de

LONG = "'\"></textarea><img src=x onerror=canari()><script>canari()</script>"
COURT = '"><svg onload=canari()>'
ADRESSE = "javascript:canari()//"
# Read by the code, and not by people: addresses, keys, marks, lists of days, versions.
RESERVES = re.compile(
    r"(^|_)(slug|code|cle|empreinte|password|jeton|secret|prefixe|jours_rappel|rubrique|champ|recette)$"
)
# Run in each page before its own scripts.
PIEGE = "window.touches = 0; window.canari = () => { window.touches += 1; };"
DANGEREUX = "[...document.querySelectorAll('[href], [src], [action]')].filter(e => /^\\s*javascript:/i.test(e.getAttribute('href') || e.getAttribute('src') || e.getAttribute('action') || '')).length"


def adresses_des_pages() -> dict[str, frozenset[str]]:
    """{address: who reads it}, before anything is planted: some are found by their names."""
    return {
        url_de(nom, ligne.kwargs): frozenset(ligne.get)
        for nom, ligne in TABLE.items()
        if ligne.get and ligne.rend == 200 and nom not in LOURD and not nom.endswith(DOCUMENTS)
    }


def planter() -> int:
    """Past the forms and their rules, as an old import or a hand in the database would; how many columns hold one."""
    plantes = 0
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        for champ in model._meta.local_concrete_fields:
            texte = _canari(champ)
            if texte is None:
                continue
            cle = Cast(model._meta.pk.attname, models.CharField())  # a name may have to be its own
            valeur = Value(texte) if isinstance(champ, models.URLField) else Concat(Value(texte), cle)
            try:
                with transaction.atomic():
                    plantes += bool(
                        model._base_manager.update(**{champ.name: valeur})
                    )  # no history: it is planted too
            except DatabaseError:
                continue  # a constraint holds its grammar, or a closed year
    return plantes


def _canari(champ) -> str | None:
    if isinstance(champ, models.URLField):
        return ADRESSE
    if (
        not isinstance(champ, models.CharField | models.TextField)
        or isinstance(champ, models.SlugField | models.EmailField | models.FileField)
        or champ.choices
        or champ.primary_key
        or RESERVES.search(champ.name)
    ):
        return None
    place = champ.max_length or 1000
    return next((texte for texte in (LONG, COURT) if len(texte) + 6 <= place), None)


def executions(page, site: str, urls) -> list[str]:
    """The addresses in which a canary ran, or a dangerous link stands."""
    touches = []
    page.on(
        "dialog", lambda dialogue: (touches.append(f"{page.url}: {dialogue.message}"), dialogue.dismiss())
    )
    for url in urls:
        try:
            reponse = page.goto(f"{site}{url}", wait_until="load")
        except Error as error:  # a file: it is given, and no page is opened
            if "Download is starting" not in str(error):
                raise
            continue
        if reponse.status >= 500:
            touches.append(f"{url}: {reponse.status}")
        elif page.evaluate("window.touches") or page.evaluate(DANGEREUX):
            touches.append(url)
    return touches
