"""« @Prénom Nom » in a comment: who is meant, and the mail that tells them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from ctg.commentables import commentable_de
from ctg.models import Commentaire, Personne
from ctg.perimetres import charger_droits
from ctg.permissions import check
from ctg.recherche import normalise, sans_accents

# In a text without accents: what follows an @ that no word touches, on its line, as far as a name could go.
_ARROBASE = re.compile(r"(?<![\w.@])@((?:[^\W_]+[ '’.\u2010-]{0,2}){1,12})")
_MOT = re.compile(r"[^\W_]+(?:['’.\u2010-][^\W_]+)*")
EXTRAIT = 1_000  # characters of the comment that the mail repeats


@dataclass(frozen=True, slots=True)
class Mentions:
    personnes: list[Personne]
    inconnues: list[str]  # what was written after an @ and names nobody who could read it


def mentionnables(objet) -> list[Personne]:
    """People of the convention whose account may read that object and its comments; a constant number of queries."""
    personnes = list(
        Personne.objects.filter(convention=objet.convention_id, is_anonyme=False, utilisateur__is_active=True)
        .select_related("utilisateur")
        .order_by("prenom", "nom", "pk")
    )
    charger_droits([p.utilisateur for p in personnes], objet.convention_id, au=timezone.localdate())
    lire = commentable_de(objet).lire
    return [
        personne
        for personne in personnes
        if check(personne.utilisateur, "ctg.lire_commentaires", objet)
        and check(personne.utilisateur, lire, objet)
    ]


def lire_mentions(texte: str, personnes: Iterable[Personne]) -> Mentions:
    """The longest name that follows each @; two people of the same name are both meant."""
    par_nom: dict[tuple[str, ...], list[Personne]] = {}
    for personne in personnes:
        par_nom.setdefault(tuple(normalise(str(personne)).split()), []).append(personne)
    trouvees: dict[int, Personne] = {}
    inconnues: dict[tuple[str, ...], str] = {}
    plat = sans_accents(texte)
    for suite in _ARROBASE.finditer(plat):
        mots = tuple(normalise(suite[1]).split())
        longueurs = [nb for nb in range(len(mots), 0, -1) if mots[:nb] in par_nom]
        if longueurs:
            trouvees |= {personne.pk: personne for personne in par_nom[mots[: longueurs[0]]]}
        else:
            rang = plat.count("@", 0, suite.start())
            inconnues.setdefault(mots[:2], _tel_qu_ecrit(texte, rang) or " ".join(mots[:2]))
    return Mentions(list(trouvees.values()), list(inconnues.values()))


def _tel_qu_ecrit(texte: str, rang: int) -> str:
    """The two words that follow the @ of that rank, as they were typed."""
    suites = texte.split("@")[1:]
    mots = _MOT.findall(suites[rang].partition("\n")[0]) if rang < len(suites) else []
    return " ".join(mots[:2])[:60]


def prevenir(commentaire: Commentaire, personnes: Iterable[Personne], *, lien: str) -> None:
    """One mail each, once all is saved; a mail server that fails does not undo the comment."""
    nom = commentable_de(commentaire.objet).nom(commentaire.objet)
    sujet = " ".join(f"Pilotage CTG – {commentaire.auteur} vous mentionne à propos de {nom}".split())
    texte = commentaire.texte
    for personne in personnes:
        context = {
            "personne": personne,
            "auteur": commentaire.auteur,
            "nom": nom,
            "convention": commentaire.convention,
            "extrait": f"{texte[:EXTRAIT]}…" if len(texte) > EXTRAIT else texte,
            "lien": lien,
        }
        message = EmailMultiAlternatives(
            sujet,
            render_to_string("ctg/courriels/mention.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [personne.utilisateur.email],
        )
        message.attach_alternative(render_to_string("ctg/courriels/mention.html", context), "text/html")
        transaction.on_commit(message.send, robust=True)
