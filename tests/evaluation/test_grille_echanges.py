"""The entry grid on the server: conflicts, forged cells, parts of a value, the plain form, its queries."""

import datetime
import re
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg.brouillons import garder
from ctg.models import Convention, Mandat
from evaluation.grille import collect_grille
from evaluation.models import (
    Indicateur,
    LigneSaisie,
    Mesure,
    ModaliteIndicateur,
    ValeurVentilee,
)
from evaluation.services import Ecriture
from evaluation.verrous import saisie_courante
from fiches.models import FicheProjet
from tests.evaluation.grille import (
    CELLULE,
    URL,
    cellule,
    enregistrer,
    envoi,
    mesure,
    page,
    pk,
    transition,
    ventiler,
)
from tests.navigation import formulaire

# Conflicts


def test_somebody_else_changed_the_value_one_chooses(client_de, client, compte):
    """Mine is not written over theirs, and the other cells of the line are."""
    data = page(client_de("referent"))
    enregistrer(client_de("petite-enfance"), "PE-1-01", valeur="7")
    client = client_de("referent")

    mien = envoi(data, "PE-1-01", valeur="9", commentaire="De moi")
    reponse = client.post(CELLULE, mien)

    conflit = cellule(reponse, "PE-1-01")
    assert (conflit["issue"], mesure("PE-1-01").valeur) == ("conflit", 7)
    assert f"{compte('petite-enfance')} a enregistré « 7 » pendant ce temps." in conflit["raison"]
    assert mesure("PE-1-01").commentaire == "De moi"

    choix = dict(re.findall(r'value="((mien|leur):[0-9a-f]+)"', conflit["retour"]))
    nom = f"choix-i{pk('PE-1-01')}-valeur"
    perime = next(c for c in choix if c.startswith("mien"))
    leur = client.post(CELLULE, mien | {nom: next(c for c in choix if c.startswith("leur"))})
    assert cellule(leur, "PE-1-01")["champs"][f"i{pk('PE-1-01')}-valeur"] == "7"
    assert (
        client.post(CELLULE, mien | {nom: "mien:0000"}).json()["cellules"][f"i{pk('PE-1-01')}-valeur"][
            "issue"
        ]
        == "conflit"
    )
    client.post(CELLULE, mien | {nom: perime})
    assert mesure("PE-1-01").valeur == 9
    # The choice was made on « 7 »: it does not hold for what came after.
    enregistrer(client, "PE-1-01", valeur="11")
    assert cellule(client.post(CELLULE, mien | {nom: perime}), "PE-1-01")["issue"] == "conflit"


def test_both_wrote_the_same_and_what_one_left_untouched_is_no_conflict(client_de):
    data = page(client_de("referent"))
    enregistrer(client_de("petite-enfance"), "PE-1-01", valeur="7")
    client = client_de("referent")

    meme = cellule(client.post(CELLULE, envoi(data, "PE-1-01", valeur="7,0")), "PE-1-01")
    assert meme["issue"] == "inchangee"
    intouche = cellule(client.post(CELLULE, envoi(data, "PE-1-01", commentaire="Le mien")), "PE-1-01")
    assert (intouche["issue"], intouche["champs"][f"i{pk('PE-1-01')}-valeur"]) == ("inchangee", "7")
    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (7, "Le mien")


# Forged cells


def test_a_cell_of_another_fiche_or_convention_is_not_found(client_de, dijon):
    client = client_de("referent")
    autre = envoi(page(client_de("cooperation")), "ENF-5-02", valeur="5")
    client = client_de("referent")
    data = page(client)
    bonne = envoi(data, "PE-1-01", valeur="5")

    assert client.post(CELLULE, autre).status_code == 404
    assert client.post(URL, data | bonne | autre).status_code == 404
    assert client.post(CELLULE, bonne | autre).status_code == 404
    for nom in ("vu-i999999999999999999999-valeur", "vu-ix-valeur", "vu-", "vu-p1-valeur", "vu-i-1-valeur"):
        assert client.post(CELLULE, {nom: "x"}).status_code == 404
    assert client.post(CELLULE, {}).status_code == 404
    assert client.post(CELLULE, bonne | envoi(data, "PE-1-02")).status_code == 404  # one line at a time
    assert not Mesure.objects.filter(annee=2026, indicateur__code__in=["PE-1-01", "ENF-5-02"]).exists()


def test_an_indicator_that_is_not_due_is_not_found(client_de):
    client = client_de("referent")
    data = envoi(page(client), "PE-1-01", valeur="5")
    LigneSaisie.objects.filter(indicateur__code="PE-1-01").delete()

    assert client.post(CELLULE, data).status_code == 404


def test_a_mandate_that_ended_is_refused_at_once(client_de, compte):
    client = client_de("referent")
    data = envoi(page(client), "PE-1-01", valeur="5")
    mandat = Mandat.objects.get(utilisateur=compte("referent"))
    mandat.date_debut, mandat.date_fin = None, timezone.localdate() - datetime.timedelta(1)
    mandat.save()

    assert client.post(CELLULE, data).status_code == 404  # no mandate: the convention itself is not there


# Parts of a detailed value


def test_a_quartier_s_coordinateur_enters_the_parts_of_the_quartier_alone(client_de, compte):
    parts = ventiler()
    client = client_de("quartier")
    data = page(client)
    sien, autre = parts["Fontaine d’Ouche"], parts["Grésilles"]
    siennes = ModaliteIndicateur.objects.filter(quartier=sien.quartier)
    assert {nom for nom in data if nom.startswith("vu-")} == {f"vu-p{part.pk}-valeur" for part in siennes}
    assert autre not in siennes

    cellule = f"p{sien.pk}-valeur"
    reponse = client.post(CELLULE, {f"vu-{cellule}": data[f"vu-{cellule}"], cellule: "1 200"})

    assert reponse.json()["cellules"][f"p{sien.pk}-valeur"]["issue"] == "enregistree"
    part = ValeurVentilee.objects.get(modalite=sien, mesure__annee=2026)
    assert (part.valeur, part.saisie_par) == (1200, compte("quartier"))
    assert mesure("PE-1-01").situation == "non_renseignee"
    assert "1 part sur 2 : 1\u202f200\u00a0" in reponse.json()["rapprochement"]
    assert (
        client.post(CELLULE, {f"vu-p{autre.pk}-valeur": "x", f"p{autre.pk}-valeur": "5"}).status_code == 404
    )
    total = {f"vu-i{pk('PE-1-01')}-valeur": "x", f"i{pk('PE-1-01')}-valeur": "5"}
    assert client.post(CELLULE, total).status_code == 404
    assert client.get("/dijon-2024/evaluation/2026/saisie/PE-1/").status_code == 403


def test_the_service_judges_each_part(dijon, compte):
    parts = ventiler()
    fiche, indicateur = FicheProjet.objects.get(code="PE-1"), Indicateur.objects.get(code="PE-1-01")
    saisie = Ecriture(fiche, 2026, user=compte("quartier"), now=timezone.now(), parts_seules=True)

    assert saisie.parts(indicateur, {parts["Fontaine d’Ouche"]: D(5)})
    for interdit in (
        lambda: saisie.parts(indicateur, {parts["Grésilles"]: D(5)}),
        lambda: saisie.mesure(indicateur, {"valeur": D(5)}),
        lambda: saisie.avancement({"difficultes": "x"}),
        lambda: Ecriture(fiche, 2026, user=compte("quartier"), now=timezone.now()),
    ):
        with pytest.raises(PermissionDenied):
            interdit()


def test_parts_are_read_by_nature_reconcile_and_conflict(client_de, compte):
    parts = ventiler()
    p1, p2 = (f"p{part.pk}-valeur" for part in parts.values())
    client = client_de("referent")
    depart = page(client)

    def poser(nom, valeur, base=None):
        return client.post(CELLULE, {f"vu-{nom}": (base or page(client))[f"vu-{nom}"], nom: valeur}).json()

    assert poser(p1, "1,5")["cellules"][p1]["issue"] == "refusee"  # whole families
    poser(p1, "700")
    enregistrer(client, "PE-1-01", valeur="1500")
    discordante = poser(p2, "790")
    assert "le total saisi dit 1\u202f500" in discordante["rapprochement"]
    assert "Corrigez une part ou le total" in discordante["rapprochement"]
    assert 'class="rapprochement discordant"' in client.get(URL).content.decode()
    accordee = poser(p2, "800")
    assert ("comme le total" in accordee["rapprochement"], accordee["discordante"]) == (True, False)
    Indicateur.objects.filter(code="PE-1-01").update(agregation="moyenne", nature="decimal")
    assert poser(p2, "801")["discordante"]  # a mean of 750,5
    enregistrer(client, "PE-1-01", valeur="751")
    arrondie = poser(p2, "802")  # 751, to the unit
    assert ("comme le total" in arrondie["rapprochement"], arrondie["discordante"]) == (True, False)
    enregistrer(client, "PE-1-01", valeur="1500")
    Indicateur.objects.filter(code="PE-1-01").update(agregation="somme", nature="entier")
    poser(p2, "800")
    conflit = poser(p1, "900", depart)["cellules"][p1]
    assert (conflit["issue"], str(compte("referent")) in conflit["raison"]) == ("conflit", True)
    assert "1 part sur 2" in poser(p2, "")["rapprochement"]
    assert ValeurVentilee.objects.filter(modalite__in=parts.values()).count() == 1


def test_parts_of_a_locked_entry_are_locked(client_de, compte):
    sien = ventiler()["Fontaine d’Ouche"]
    client = client_de("quartier")
    cellule = f"p{sien.pk}-valeur"
    data = {f"vu-{cellule}": page(client)[f"vu-{cellule}"], cellule: "5"}
    enregistrer(client_de("referent"), "PE-1-01", valeur="5")
    transition("soumettre", "PE-1", compte("referent"))

    retour = client_de("quartier").post(CELLULE, data).json()["cellules"][cellule]

    assert retour["issue"] == "verrouillee"
    assert not ValeurVentilee.objects.filter(modalite=sien).exists()


# The plain form


def test_without_javascript_valid_cells_are_saved_and_the_others_keep_what_was_typed(client_de):
    client = client_de("cooperation")
    i1, i2, i3 = pk("PE-1-01"), pk("PE-1-02"), pk("ENF-5-02")
    data = page(client) | {
        f"i{i1}-valeur": "1 402",
        f"i{i2}-valeur": "1.234",
        f"i{i2}-commentaire": "Un mot",
        f"i{i3}-valeur": "9<9",
    }

    reponse = client.post(URL, data)
    html = reponse.content.decode()

    assert "2 cellules enregistrées, 2 refusées" in html
    assert "peut se lire de deux façons" in html
    assert (mesure("PE-1-01").valeur, mesure("PE-1-02").commentaire) == (1402, "Un mot")
    assert (mesure("PE-1-02").valeur, mesure("ENF-5-02")) == (None, None)
    garde = formulaire(reponse)
    assert (garde[f"i{i2}-valeur"], garde[f"i{i3}-valeur"]) == ("1.234", "9<9")
    assert re.search(rf'<input[^>]*name="i{i2}-valeur"[^>]*aria-invalid="true"', html)
    assert f'aria-describedby="retour-i{i2}-valeur"' in html

    corrige = client.post(URL, garde | {f"i{i2}-valeur": "34", f"i{i3}-valeur": ""})
    assert corrige.status_code == 302
    assert (mesure("PE-1-02").valeur, mesure("ENF-5-02")) == (34, None)


def test_the_plain_form_asks_in_a_conflict_and_keeps_asking(client_de):
    data = page(client_de("referent"))
    enregistrer(client_de("petite-enfance"), "PE-1-01", valeur="7")
    client, nom = client_de("referent"), f"i{pk('PE-1-01')}-valeur"

    demande = client.post(URL, data | {nom: "9"})
    encore = client.post(URL, formulaire(demande))
    assert "garder la sienne : 7" in encore.content.decode()
    assert mesure("PE-1-01").valeur == 7
    choix = re.search(r'value="(mien:[0-9a-f]+)"', encore.content.decode())[1]
    assert client.post(URL, formulaire(encore) | {f"choix-{nom}": choix}).status_code == 302
    assert mesure("PE-1-01").valeur == 9


def test_nothing_changed_writes_nothing(client_de):
    client = client_de("cooperation")
    lignes = Mesure.historique.count()

    assert client.post(URL, page(client)).status_code == 302
    assert Mesure.historique.count() == lignes


def test_filters_stay_after_saving(client_de):
    client, url = client_de("cooperation"), f"{URL}?fiche=PE-1"

    reponse = client.post(url, page(client, url) | {f"i{pk('PE-1-01')}-valeur": "5"})

    assert reponse["Location"] == url


def test_a_form_sent_after_the_session_ended_comes_back(client_de, compte):
    client = client_de("referent")
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    data.update(page(client) | {f"i{pk('PE-1-01')}-valeur": "1.234"})
    garder(compte("referent"), URL, data, now=timezone.now())

    reponse = client.get(URL)

    assert "est restauré" in reponse.content.decode()
    assert formulaire(reponse)[f"i{pk('PE-1-01')}-valeur"] == "1.234"
    assert mesure("PE-1-01") is None


def ajouter(nb, premier=0):
    fiche = FicheProjet.objects.get(code="PE-1")
    saisie = saisie_courante(fiche, 2026)
    for n in range(premier, nb):
        indicateur = Indicateur.objects.create(
            fiche=fiche, code=f"X-{n}", ordre=50 + n, intitule="x", nature="entier", type_indicateur="moyens"
        )
        ModaliteIndicateur.objects.create(indicateur=indicateur, ordre=1, libelle="Une part")
        LigneSaisie.objects.create(saisie=saisie, indicateur=indicateur)


def test_a_form_of_more_than_a_thousand_fields_is_read(client_de):
    ajouter(110)
    client = client_de("referent")
    data = page(client)
    assert len(data) > 1000
    dernier = f"i{pk('X-109')}-valeur"

    assert client.post(URL, data | {dernier: "3"}).status_code == 302
    assert mesure("X-109").valeur == 3


def test_as_many_queries_for_3_indicators_as_for_60(client_de, dijon, compte):
    """The page, and the saving of a cell."""
    client, nombres = client_de("referent"), []
    client.get(URL)
    for premier, dernier in ((0, 3), (3, 60)):
        ajouter(dernier, premier)
        with CaptureQueriesContext(connection) as lecture:
            data = page(client)
        with CaptureQueriesContext(connection) as ecriture:
            assert client.post(CELLULE, envoi(data, f"X-{dernier - 1}", valeur="3")).status_code == 200
        nombres.append((len(lecture), len(ecriture)))

    # The first writing also begins the entry: two queries of its own.
    assert nombres[0][0] == nombres[1][0]
    assert nombres[0][1] - nombres[1][1] in {0, 2}


def test_nobody_s_grid_is_empty_by_mistake(dijon, compte):
    """What the grid holds and what « evaluation.saisir » answers agree, for every fiche."""
    from ctg.permissions import check

    today = timezone.localdate()
    for nom in ("cooperation", "petite-enfance", "enfance", "jeunesse", "avs", "referent"):
        user = compte(nom)
        grille = collect_grille(dijon, 2026, user=user, today=today)
        fiches = FicheProjet.objects.filter(convention=dijon)
        permises = {f.code for f in fiches if check(user, "evaluation.saisir", f) and f.indicateurs.exists()}
        assert {groupe.fiche.code for groupe in grille.groupes} == permises


def test_another_convention_is_another_grid(client_de, compte, dijon):
    autre = Convention.objects.create(
        territoire=dijon.territoire,
        slug="autre-2030",
        intitule="Une autre",
        date_debut="2024-01-01",
        precision_debut="jour",
        date_fin="2030-12-31",
        precision_fin="jour",
    )
    data = envoi(page(client_de("cooperation")), "PE-1-01", valeur="5")
    Mandat.objects.create(utilisateur=compte("cooperation"), role="charge_cooperation", convention=autre)
    client = client_de("cooperation")

    assert client.get("/autre-2030/evaluation/2026/saisie/").status_code == 200
    assert client.post("/autre-2030/evaluation/2026/saisie/cellule/", data).status_code == 404
    assert client.get("/dijon-2024/evaluation/1999/saisie/").status_code == 404
