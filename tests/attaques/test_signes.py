"""What no text may hold, by whatever door it comes."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from ctg.models import Organisme
from ctg.signes import texte_lisible, une_ligne
from gouvernance.models import Decision, Reunion
from structures.models import Structure
from tests.structures.fichiers import apercu, csv, neuve


@pytest.mark.parametrize(
    "texte",
    ["", "L’été", "a\tb\nc", "👩‍👩‍👧‍👦", "\u200fעברית\u200e", "e\u0301", "0", "mi\u00adlieu", "\ue000"],
)
def test_what_people_write_is_taken(texte):
    texte_lisible(texte)


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("a\0b", r"U\+0000"),
        ("a\x85b", r"U\+0085"),
        ("a\ud800b", r"U\+D800"),
        ("a\ufdd0b", r"U\+FDD0"),
        ("a\U0001fffeb", r"U\+1FFFE"),
        ("facture\u202efdp.exe", r"l’ordre des lettres \(U\+202E\)"),
        ("\u2066a\u2069", r"l’ordre des lettres \(U\+2066\)"),
        ("\u200b \u2060", "que des signes invisibles"),
        ("\u00ad", "que des signes invisibles"),
    ],
)
def test_what_hides_is_refused_by_its_number(texte, dit):
    with pytest.raises(ValidationError, match=dit):
        texte_lisible(texte)


@pytest.mark.parametrize("texte", ["un\ndeux", "un\r\nBcc: x@exemple.fr", "un\r"])
def test_a_name_is_of_one_line(texte):
    with pytest.raises(ValidationError, match="tient sur une ligne"):
        une_ligne(texte)


@pytest.mark.parametrize(
    ("objet", "champ", "valeur", "dit"),
    [
        (Organisme, "nom", "Vyv\u202e", "l’ordre des lettres"),
        (Organisme, "nom", "Vyv\nAutre", "tient sur une ligne"),
        (Structure, "nom", "\u200b", "signes invisibles"),
        (Decision, "texte", "a\0b", r"U\+0000"),
        (Decision, "texte", "é" * 20_001, "20001 caractères"),
        (Reunion, "compte_rendu", "é" * 20_001, "20001 caractères"),
        (Decision, "echeance", datetime.date(1900, 1, 1), "n’est pas plausible"),
    ],
)
def test_a_table_refuses_what_a_form_would_not_have_seen(dijon, objet, champ, valeur, dit):
    ligne = objet.objects.order_by("pk").first() or objet()
    setattr(ligne, champ, valeur)

    with pytest.raises(ValidationError, match=dit):
        ligne.clean_fields()


@pytest.mark.parametrize(
    ("nom", "dit"),
    [("Crèche \u202egnirp", "l’ordre des lettres"), ("\u200b\u200b", "que des signes invisibles")],
)
def test_an_import_refuses_them_too(client_de, nom, dit):
    client, avant = client_de("cooperation"), Structure.objects.count()

    page = apercu(client, csv(neuve(Nom=nom)))

    assert dit in page.content.decode()
    assert 'name="confirmer"' not in page.content.decode()
    assert Structure.objects.count() == avant
