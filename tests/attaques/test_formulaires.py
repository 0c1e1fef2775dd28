"""What is hostile or careless in every field of every form: kept and shown as it is, or refused with a sentence; never a 500.

What is expected of each is written in `chaines.py` and `nombres_dates.py`: the same test on both engines says that both
do the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from django import forms

from ctg.nombres import NombreField
from structures.ages import AgeField
from tests.attaques.chaines import CHAINES
from tests.attaques.formulaires import client_de, pages, poster, valeurs_des_lignes
from tests.attaques.nombres_dates import DATES, ENTIERS, NOMBRES, valeur

# Texts that have a grammar of their own: anything else is refused, and what is accepted is in that grammar.
GRAMMAIRES = (NombreField, AgeField, forms.EmailField, forms.SlugField, forms.URLField)
GRAMMATICAUX = re.compile(
    r"(^|-)(code_postal|siret|telephone|couleur|jours_rappel|autres_graphies|tranches|sous_questions|i\d+-valeur)$"
)
# Each cell that is right is kept, whatever its neighbours are.
CASE_PAR_CASE = {"evaluation:grille"}
# What is chosen there waits in the session for the next page.
SANS_LIGNE = {"ctg:renouveler"}
# Forms whose columns are checked by the service that writes, with the whole row.
PAR_LE_SERVICE = {"structures:placer"}
# What is signed changes with the reason why: where that one is refused, so is the change.
AVEC_UN_MOTIF = {"fiches:update", "structures:modifier"}
DE_DEUX_LIGNES = {"crlf", "retour"}


@dataclass(frozen=True)
class Essai:
    """`garde`: what is stored; None: it is refused. `libre`: the field may have a reason of its own to refuse it."""

    nom: str
    texte: str
    garde: object
    libre: bool = False


def essais_de_texte(page, nom, champ) -> Iterator[Essai]:
    for chaine in CHAINES:
        garde = chaine.attendu(lignes=isinstance(champ.widget, forms.Textarea))
        if garde is not None and champ.max_length and len(garde) > champ.max_length:
            garde = None
        # No browser sends two lines of an input of one; where it is not a name, they harm nobody.
        libre = chaine.nom in DE_DEUX_LIGNES and (nom not in page.de_table or page.nom in PAR_LE_SERVICE)
        yield Essai(
            chaine.nom,
            chaine.texte,
            "un" if libre else garde,
            libre or (page.nom in AVEC_UN_MOTIF and garde is not None),
        )


def essais_de_nombre(page, nom, champ) -> Iterator[Essai]:
    for texte, lu in (NOMBRES if isinstance(champ, NombreField) else ENTIERS).items():
        yield Essai(texte[:20], texte, valeur(lu), libre=lu is not None)


def essais_de_date(page, nom, champ) -> Iterator[Essai]:
    for texte, lu in DATES.items():
        yield Essai(texte, texte, lu, libre=lu is not None)


def essais_de(page, nom, champ):
    if isinstance(champ, NombreField | forms.IntegerField):
        return essais_de_nombre
    if isinstance(champ, forms.DateField):
        return essais_de_date
    texte = (
        isinstance(champ, forms.CharField)
        and not isinstance(champ, GRAMMAIRES)
        and not GRAMMATICAUX.search(nom)
    )
    return essais_de_texte if texte else None


# {kind: (how many forms have some at least, how many values went all the way at least, posts of one form at most)}
SORTES = {essais_de_texte: (55, 600, 16), essais_de_nombre: (15, 20, 5), essais_de_date: (30, 10, 5)}


def test_every_form(db, django_capture_on_commit_callbacks):
    """Each kind of field apart; from one post to the next each value goes to another field, from one form to the next on."""
    fautes, bilan = [], {sorte: [0, 0] for sorte in SORTES}
    suites = {}
    for page in pages():
        client = client_de(page.role)
        for sorte, (_, _, plus) in SORTES.items():
            champs = {nom: c for nom, c in page.champs.items() if essais_de(page, nom, c) is sorte}
            if not champs:
                continue
            bilan[sorte][0] += 1
            essais = {nom: list(sorte(page, nom, champ)) for nom, champ in champs.items()}
            total = len(next(iter(essais.values())))
            rangs = suites.setdefault(sorte, cycle(range(total)))
            for _ in range(min(plus, -(-total // len(champs)))):
                envoyes = {
                    nom: essais[nom][rang]
                    for nom, rang in zip(champs, islice(rangs, len(champs)), strict=True)
                }
                textes = {nom: essai.texte for nom, essai in envoyes.items()}
                reponse = poster(client, page, textes, django_capture_on_commit_callbacks)
                trouvees = list(juger(page, envoyes, reponse))
                fautes += [f"{page} : {faute}" for faute in trouvees]
                bilan[sorte][1] += len(envoyes) if reponse.gardee and not trouvees else 0

    assert fautes == [], "\n".join(fautes)
    # The test is not empty: forms were found, and much of what was sent went all the way.
    for sorte, (formulaires, gardes, _) in SORTES.items():
        assert bilan[sorte][0] >= formulaires, sorte
        assert bilan[sorte][1] >= gardes, sorte


def juger(page, envoyes, reponse) -> Iterator[str]:
    if reponse.status >= 500:
        yield f"{reponse.status} {[essai.nom for essai in envoyes.values()]}"
    acceptes = {}
    for nom, essai in envoyes.items():
        refuse = nom in reponse.refuses
        if essai.garde is None and not refuse:
            yield f"{nom} : {essai.nom} acceptée ({reponse.status})"
        elif essai.garde is not None and refuse and not essai.libre:
            yield f"{nom} : {essai.nom} refusée ({reponse.status})"
        elif not refuse:
            acceptes[nom] = essai
    if reponse.ecrits and not reponse.gardee and page.nom not in CASE_PAR_CASE:
        yield f"{reponse.status}, et pourtant écrit : {reponse.ecrits}"
    if reponse.gardee and page.nom not in SANS_LIGNE:
        textes, autres = valeurs_des_lignes(reponse.ecrits)
        for nom, essai in acceptes.items():
            if essai.garde not in (textes if isinstance(essai.garde, str) else autres):
                yield f"{nom} : {essai.nom} n’est pas gardée telle quelle"
