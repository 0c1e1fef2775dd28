"""Races, with real threads and real commits; each has its control: with the guard taken away the race is seen."""

import threading

from django.db import connection
from django.test import Client

from ctg import brouillons
from ctg.models import Commentaire, Utilisateur
from ctg.views.brouillons import DEJA_RECU
from fiches.fusion import FusionFiche
from fiches.models import FicheProjet
from tests.conftest import COMPTES_PAR_NOM
from tests.navigation import formulaire

MODIFIER = "/dijon-2024/fiches/PE-1/modifier/"


def en_meme_temps(taches):
    """Run every task in its own thread, all starting together; the exceptions they raised."""
    depart, fautes = threading.Barrier(len(taches)), []

    def lancer(tache):
        try:
            depart.wait(timeout=30)
            tache()
        except Exception as faute:  # noqa: BLE001 -- shown by the assertion
            fautes.append(faute)
        finally:
            connection.close()

    threads = [threading.Thread(target=lancer, args=(tache,)) for tache in taches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return fautes


def clients(nom, nb):
    """`nb` browsers with the same session."""
    premier = Client()
    premier.force_login(Utilisateur.objects.get(email=COMPTES_PAR_NOM[nom]))
    premier.get(MODIFIER)
    tous = [premier]
    for _ in range(nb - 1):
        autre = Client()
        autre.cookies = premier.cookies
        tous.append(autre)
    return tous


def test_the_same_comment_ten_times_in_parallel_is_one(donnees_partagees):
    tous = clients("caf", 10)
    url = f"/dijon-2024/commentaires/fiche/{FicheProjet.objects.get(code='PE-1').pk}/"
    data = formulaire(tous[0].get(url)) | {"texte": "Une seule fois"}

    assert en_meme_temps([lambda client=client: client.post(url, data) for client in tous]) == []

    assert Commentaire.objects.count() == 1


def test_the_same_form_twenty_times_in_parallel_is_one_change(donnees_partagees):
    tous = clients("cooperation", 20)
    nb = FicheProjet.objects.get(code="PE-1").etapes.count()
    data = formulaire(tous[0].get(MODIFIER)) | {
        "constat": "Une seule fois",
        f"etapes-{nb}-intitule": "Une de plus",
    }
    fiche = FicheProjet.objects.get(code="PE-1")
    lignes = fiche.historique.count()
    statuts = []

    fautes = en_meme_temps([lambda c=c: statuts.append(c.post(MODIFIER, data).status_code) for c in tous])

    assert (fautes, set(statuts), len(statuts)) == ([], {302}, 20)
    assert FicheProjet.objects.get(code="PE-1").version == fiche.version + 1
    assert fiche.historique.count() == lignes + 1
    assert fiche.etapes.count() == nb + 1


def _deux_textes_en_meme_temps():
    """Two people save two different fields of one fiche at the same instant."""
    paires = []
    for nom, champ in (("cooperation", "constat"), ("petite-enfance", "description")):
        client = clients(nom, 1)[0]
        paires.append((client, formulaire(client.get(MODIFIER)) | {champ: f"De {nom}"}))
    fautes = en_meme_temps([lambda c=c, d=d: c.post(MODIFIER, d) for c, d in paires])
    fiche = FicheProjet.objects.get(code="PE-1")
    return fautes, {fiche.constat, fiche.description} == {"De cooperation", "De petite-enfance"}


def test_two_people_at_the_same_instant_lose_nothing(donnees_partagees):
    assert _deux_textes_en_meme_temps() == ([], True)


def test_without_the_comparison_of_versions_the_race_is_seen(donnees_partagees, monkeypatch):
    """The negative control: the later of the two overwrites the other's field with the old text."""
    monkeypatch.setattr(FusionFiche, "a_bouge", lambda a_deux, jeton: False)

    _, rien_perdu = _deux_textes_en_meme_temps()

    assert not rien_perdu


def test_without_the_memory_of_forms_the_second_one_is_seen(donnees_partagees, monkeypatch):
    """The negative control of the double click: the second form is taken for a new one."""
    client = clients("cooperation", 1)[0]
    data = formulaire(client.get(MODIFIER)) | {"constat": "Une fois"}
    client.post(MODIFIER, data)
    assert DEJA_RECU in client.post(MODIFIER, data, follow=True).content.decode()

    monkeypatch.setattr(brouillons, "est_recu", lambda envoi, data=None: False)

    assert DEJA_RECU not in client.post(MODIFIER, data, follow=True).content.decode()
