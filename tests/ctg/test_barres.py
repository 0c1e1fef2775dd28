"""Bars: their length, their mark, what is not known."""

import re
from decimal import Decimal as D
from pathlib import Path

from django.contrib.staticfiles import finders

from ctg.barres import DEBUT, FIN, dessiner_barres
from ctg.templatetags.affichage import COULEURS_AXES, couleur_axe


def test_the_longest_takes_the_whole_width_and_the_others_their_share():
    barres = dessiner_barres([("Ville", D(50), D(100), "a"), ("Caf", D(25), None, "b")]).barres

    assert [barre.largeur for barre in barres] == [f"{(FIN - DEBUT) / 2:.1f}", f"{(FIN - DEBUT) / 4:.1f}"]
    assert [barre.repere for barre in barres] == [f"{FIN:.1f}", ""]


def test_what_is_not_known_has_no_bar_and_is_not_zero():
    inconnue, nulle = dessiner_barres([("Ville", None, D(10), "a"), ("Caf", D(0), None, "b")]).barres

    assert inconnue.largeur is None
    assert nulle.largeur == "0.0"


def test_nothing_is_drawn_of_nothing():
    assert dessiner_barres([("Ville", None, None, "a")]) is None
    assert dessiner_barres([("Ville", D(0), None, "a")]) is None
    assert dessiner_barres([]) is None


def test_the_page_of_the_means_draws_euros_only(client_de):
    page = client_de("cooperation").get("/dijon-2024/moyens/?annee=2025")

    noms = [barre.nom for barre in page.context["par_signataire"].barres]
    assert [nom.partition(" — ")[0] for nom in noms] == ["Ville de Dijon", "Caf de la Côte-d’Or"]
    for nom, signataire in zip(noms, ("Ville de Dijon", "Caf de la Côte-d’Or"), strict=True):
        lignes = [
            ligne
            for ligne in page.context["moyens"].totaux
            if ligne.signataire == signataire and not ligne.is_etp
        ]
        nb, sur = sum(li.realise.nb for li in lignes), sum(li.realise.sur for li in lignes)
        assert (f"sur {sur}" in nom) is (nb < sur)
    [ville, _] = page.context["par_signataire"].barres
    etp = sum(ligne.realise.somme for ligne in page.context["moyens"].totaux if ligne.is_etp)
    euros = sum(
        ligne.realise.somme
        for ligne in page.context["moyens"].totaux
        if not ligne.is_etp and ligne.signataire == "Ville de Dijon"
    )
    assert etp
    assert f"{euros:,.0f}"[:3].replace(",", "") in ville.dit.replace("\u202f", "")


def test_drawings_have_the_colours_that_the_stylesheet_gives_the_axes():
    feuille = Path(finders.find("ctg/rapport.css")).read_text()
    assert dict(re.findall(r"\.axe-(\d) \{ --axe: (#[0-9a-f]{6}); \}", feuille)) == {
        str(rang): couleur for rang, couleur in COULEURS_AXES.items()
    }
    assert couleur_axe(7) == couleur_axe("") == re.search(r"var\(--axe, (#[0-9a-f]{6})\)", feuille)[1]
