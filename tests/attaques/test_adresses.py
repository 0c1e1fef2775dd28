"""Two thousand addresses that nobody wrote: answered or refused, never a 500. Drawn with a seed: the same each time."""

import random
from urllib.parse import quote

from django import forms

from tests.attaques.chaines import CHAINES
from tests.attaques.formulaires import DOCUMENTS, client_de, formulaires_batis, role_de
from tests.matrice import LOURD, TABLE, url_de

NOMBRE, GRAINE = 2000, 20261201
GRAND = "9" * 30
BOUTS = [
    "\0", "..", ".", "%", "%00", "%ff%fe", "%ed%a0%80", "0", "-1", "1e5", "1.0", GRAND, "9223372036854775808", "٣",
    "é", "👍🏽", "\u202e", "a" * 3000, "<script>", "'", '"', ";", "//", "\\", "None", "null", "{{7*7}}", "*", " ", "\r\nX: y",
]  # fmt: skip
VALEURS = [
    *BOUTS,
    *(chaine.texte for chaine in CHAINES if len(chaine.texte) < 3000),
    "2025", "2025-13-45", "0000-00-00", "9999-12-31", "99999-01-01", "2026-02-29", "31/12/1899", "toutes", "oui", "1", "true",
    "-intitule", "--nom", "__class__", "pk__in", "nom__regex", "password", "1,2,3", "[]", "[1", "{}", "-0", "NaN", "Infinity",
]  # fmt: skip
AUTRES = [
    "q", "tri", "page", "au", "annee", "mois", "vue", "compare", "format", "export", "nature", "rubrique", "serie", "quartier", "label", "instance",
    "fiche", "decoupage", "clos", "cible", "axe", "avec", "ajouter", "version", "state", "error", "next", "colonnes", "o", "p", "e", "all",
    "pk__in", "id", "__proto__", "csrfmiddlewaretoken", "tri[]", "q[0]", "", "\0", "é", "a" * 500,
]  # fmt: skip


def adresses_lues():
    """{address: the parameters of its own filters}, asked by the account that may read the most."""
    lues = {}
    for nom, ligne in TABLE.items():
        role = role_de(ligne)
        if role is None or ligne.rend != 200 or nom in LOURD or nom.endswith(DOCUMENTS) or nom == "ctg:aide":
            continue
        lues[url_de(nom, ligne.kwargs)] = role
    return lues


def parametres(client, url) -> list[str]:
    with formulaires_batis() as batis:
        client.get(url)
    return [
        form.add_prefix(nom) for form in batis for nom in form.fields if not isinstance(form, forms.ModelForm)
    ]


def chemin(hasard, url: str) -> str:
    """One or two of its parts changed, taken off, or added."""
    parties = url.strip("/").split("/")
    for _ in range(hasard.choice((1, 1, 2))):
        rang, bout = hasard.randrange(len(parties)), hasard.choice(BOUTS)
        geste = hasard.randrange(4)
        if geste == 0 and len(parties) > 1:
            parties.pop(rang)
        elif geste == 1:
            parties.insert(rang, bout)
        elif geste == 2:
            parties[rang] += bout
        else:
            parties[rang] = bout
    # What is written encoded already stays so; the rest is encoded as a browser would.
    return "/" + "/".join(quote(partie, safe="%") for partie in parties) + hasard.choice(("/", "/", ""))


def requete(hasard, noms: list[str]) -> str:
    morceaux = []
    for _ in range(hasard.choice((1, 1, 2, 3, 6))):
        nom = hasard.choice(noms) if noms and hasard.random() < 0.7 else hasard.choice(AUTRES)
        valeurs = [hasard.choice(VALEURS) for _ in range(hasard.choice((1, 1, 1, 2, 40)))]
        morceaux += [f"{quote(nom)}={quote(valeur, safe='%')}" for valeur in valeurs]
    return "&".join(morceaux)


def test_two_thousand_addresses(db):
    hasard = random.Random(GRAINE)
    lues = adresses_lues()
    clients = {role: client_de(role) for role in set(lues.values())}
    filtres = {url: parametres(clients[role], url) for url, role in lues.items()}
    filtrees = [url for url, noms in filtres.items() if noms]
    fautes, statuts = [], {}
    for rang in range(NOMBRE):
        if rang % 4:
            depart = hasard.choice(list(lues))
            url = chemin(hasard, depart)
        else:
            depart = hasard.choice(filtrees if hasard.random() < 0.7 else list(lues))
            url = f"{depart}?{requete(hasard, filtres[depart])}"
        status = clients[lues[depart]].get(url).status_code
        statuts[status] = statuts.get(status, 0) + 1
        if status >= 500:
            fautes.append(f"{status} {url[:300]}")

    assert fautes == [], "\n".join(fautes)
    # They reach the views: many of them are read, and not all of the others are refused at the door.
    assert statuts[200] > NOMBRE / 8
    assert statuts[404] > NOMBRE / 3
