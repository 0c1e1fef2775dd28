"""The entry grid on the server: who enters what, each nature, what is refused, locks."""

import re
from decimal import Decimal as D

import pytest
from django.utils import timezone

from ctg.models import Personne
from evaluation.campagnes import fiches_de_lannee, preparer_campagne
from evaluation.models import (
    Campagne,
    LigneSaisie,
    Mesure,
)
from evaluation.transitions import appliquer_campagne
from evaluation.verrous import saisie_courante, saisies_courantes
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

# Who enters what


@pytest.mark.parametrize(
    ("nom", "axes"),
    [
        ("cooperation", {"PE", "ENF", "JEU", "AVS"}),
        ("petite-enfance", {"PE"}),
        ("enfance", {"ENF"}),
        ("quartier", {"ENF"}),  # where a part of an indicator is of the quartier
    ],
)
def test_one_finds_the_fiches_of_one_s_mandate(client_de, nom, axes):
    grille = client_de(nom).get(URL).context["grille"]

    assert {groupe.fiche.axe.code for groupe in grille.groupes} == axes


def test_a_referent_finds_the_fiche_alone(client_de):
    reponse = client_de("referent").get(URL)

    assert [groupe.fiche.code for groupe in reponse.context["grille"].groupes] == ["PE-1"]
    assert "toutes" not in reponse.content.decode()  # one fiche: nothing to choose


@pytest.mark.parametrize("nom", ["caf", "copil", "lecteur", "admin", "signataire"])
def test_the_others_are_told_why(client_de, nom):
    client = client_de(nom)

    assert (client.get(URL).status_code, client.post(CELLULE).status_code) == (403, 403)


def test_one_s_own_come_first_and_can_be_filtered(client_de, compte):
    """PE-1 has a référent: the coordinateur's own are the other fiches, and what names the coordinateur."""
    client = client_de("petite-enfance")
    codes = [groupe.fiche.code for groupe in client.get(URL).context["grille"].groupes]
    assert codes[-1] == "PE-1"

    personne = Personne.objects.get(utilisateur=compte("petite-enfance"))
    ligne = LigneSaisie.objects.get(saisie__campagne__annee=2026, indicateur__code="PE-1-03")
    ligne.responsable = personne
    ligne.save()
    groupes = client.get(URL, {"qui": "miens"}).context["groupes"]
    assert groupes[0][0].fiche.code == "PE-1"
    assert [affichee.ligne.indicateur.code for affichee in groupes[0][1]] == ["PE-1-03"]


def test_filters_by_axe_fiche_and_what_is_missing(client_de):
    client = client_de("cooperation")
    enregistrer(client, "PE-1-01", valeur="5")

    def codes(**filtre):
        groupes = client.get(URL, filtre).context["groupes"]
        return [affichee.ligne.indicateur.code for _, lignes in groupes for affichee in lignes]

    assert {code[:3] for code in codes(axe="ENF")} == {"ENF"}
    assert codes(fiche="PE-1") == ["PE-1-01", "PE-1-02", "PE-1-03", "PE-1-04"]
    assert codes(fiche="PE-1", manquants="on") == ["PE-1-02", "PE-1-03", "PE-1-04"]
    assert codes(fiche="'\"<script>", axe="\x00") == codes()


def test_who_enters_for_somebody_else_is_marked(client_de, compte):
    personne = Personne.objects.get(utilisateur=compte("referent"))
    for ligne in LigneSaisie.objects.filter(indicateur__code="PE-1-01"):
        ligne.responsable = personne
        ligne.save()

    enregistrer(client_de("petite-enfance"), "PE-1-01", valeur="5")

    assert (mesure("PE-1-01").pour_le_compte_de, mesure("PE-1-01").saisie_par) == (
        personne,
        compte("petite-enfance"),
    )


# Each nature, saved as it is left


@pytest.mark.parametrize(
    ("code", "champs", "attendu", "ecrit"),
    [
        ("PE-1-01", {"valeur": "1\u202f402"}, D(1402), {"valeur": "1402"}),
        ("PE-1-01", {"valeur": "0"}, D(0), {"valeur": "0"}),
        ("PE-1-02", {"numerateur": "2", "denominateur": "3"}, D("66.67"), {"valeur": "66,67"}),
        ("PE-1-02", {"valeur": "12,5 %"}, D("12.5"), {"valeur": "12,5"}),
        ("PE-1-03", {"valeur": "4"}, D(4), {"valeur": "4"}),
        ("PE-5-02", {"valeur": "1"}, D(1), {"valeur": "1"}),
        ("PE-4-03", {"valeur": "12 310,50 €"}, D("12310.5"), {"valeur": "12310,5"}),
        ("ENF-5-02", {"valeur": "26,25"}, D("26.25"), {"valeur": "26,25"}),
    ],
)
def test_every_number_is_saved_and_written_back_in_french(client_de, code, champs, attendu, ecrit):
    reponse = enregistrer(client_de("cooperation"), code, **champs)

    retour = cellule(reponse, code)
    assert (retour["issue"], mesure(code).valeur) == ("enregistree", attendu)
    assert {nom: retour["champs"][f"i{pk(code)}-{nom}"] for nom in ecrit} == ecrit
    assert re.search(r"enregistré à \d\d:\d\d", retour["retour"])


def test_a_text_a_state_and_a_comment(client_de):
    client = client_de("referent")
    texte = "Des mots & des « guillemets » <b>\n\n٣ 😀 ﷺ"
    enregistrer(client, "PE-1-04", valeur=texte, commentaire="=1+1", etat="provisoire")

    assert (mesure("PE-1-04").valeur_texte, mesure("PE-1-04").etat) == (texte, "provisoire")
    assert mesure("PE-1-04").commentaire == "=1+1"
    assert "&lt;b&gt;" in client.get(URL).content.decode()


def test_a_comment_alone_leaves_the_value_missing(client_de):
    enregistrer(client_de("referent"), "PE-1-01", commentaire="Attendu en mars")

    assert (mesure("PE-1-01").situation, mesure("PE-1-01").valeur) == ("non_renseignee", None)


def test_a_fault_in_a_comment_keeps_no_value_out(client_de):
    reponse = enregistrer(client_de("referent"), "PE-1-01", valeur="5", commentaire="x" * 10_001)

    assert cellule(reponse, "PE-1-01")["issue"] == "enregistree"
    assert cellule(reponse, "PE-1-01", "commentaire")["issue"] == "refusee"
    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (5, "")


def test_sans_objet_asks_for_a_reason_and_is_counted_apart(client_de):
    client = client_de("referent")
    refus = enregistrer(client, "PE-1-01", sans_objet="on")
    assert cellule(refus, "PE-1-01")["invalides"] == [f"i{pk('PE-1-01')}-motif"]
    assert mesure("PE-1-01") is None

    reponse = enregistrer(client, "PE-1-01", sans_objet="on", motif="Guichet fermé")
    assert (mesure("PE-1-01").situation, mesure("PE-1-01").motif) == ("sans_objet", "Guichet fermé")
    assert re.sub(r"<[^>]+>|\s+", " ", reponse.json()["compte"]).split() == [
        "0",
        "sur",
        "3",
        "valeurs",
        "+",
        "1",
        "sans",
        "objet",
    ]


def test_an_unusual_value_is_taken_once_confirmed_and_a_comment_does_not_ask_again(client_de):
    client = client_de("referent")
    refus = cellule(enregistrer(client, "PE-1-01", valeur="9000"), "PE-1-01")
    assert "est inhabituel : on attend entre 0 et 6\u202f000" in refus["raison"]
    assert f'name="i{pk("PE-1-01")}-confirmer"' in refus["retour"]

    enregistrer(client, "PE-1-01", valeur="9000", confirmer="on")
    enregistrer(client, "PE-1-01", commentaire="Vérifié", etat="estimee")
    assert (mesure("PE-1-01").valeur, mesure("PE-1-01").commentaire) == (9000, "Vérifié")


def test_emptying_a_value_makes_it_missing_never_zero(client_de):
    client = client_de("referent")
    enregistrer(client, "PE-1-01", valeur="5")

    enregistrer(client, "PE-1-01", valeur="")

    assert (mesure("PE-1-01").situation, mesure("PE-1-01").valeur) == ("non_renseignee", None)


@pytest.mark.parametrize(
    ("code", "champs", "message"),
    [
        ("PE-1-01", {"valeur": "1.234,5"}, "n’est pas un nombre"),
        ("PE-1-01", {"valeur": "12,5"}, "n’est pas un nombre entier"),
        ("PE-1-01", {"valeur": "1e5"}, "n’est pas un nombre"),
        ("PE-1-01", {"valeur": "NaN"}, "n’est pas un nombre"),
        ("PE-1-01", {"valeur": "12\n34"}, "n’est pas un nombre"),
        ("PE-1-01", {"valeur": "\x00"}, "n’est pas un nombre"),
        ("PE-1-01", {"valeur": "<img src=x onerror=alert(1)>"}, "n’est pas un nombre"),
        ("PE-1-01", {"valeur": "9" * 500}, "a trop de chiffres"),
        ("PE-1-01", {"valeur": "5", "sans_objet": "on", "motif": "x"}, "effacez l’une ou l’autre"),
        ("PE-1-02", {"numerateur": "2"}, "vont ensemble"),
        ("PE-1-03", {"valeur": "peut-être"}, "Sélectionnez un choix valide"),
        ("PE-1-04", {"valeur": "a\x00b"}, "caractère nul"),
    ],
)
def test_refusals_say_why_and_write_nothing(client_de, code, champs, message):
    reponse = enregistrer(client_de("referent"), code, **champs)

    retour = cellule(reponse, code)
    assert retour["issue"] == "refusee"
    assert message in retour["raison"]
    assert "<img" not in retour["retour"]
    assert mesure(code) is None


def test_an_unknown_state_is_refused(client_de):
    reponse = enregistrer(client_de("referent"), "PE-1-01", etat="sûre")

    assert cellule(reponse, "PE-1-01", "etat")["issue"] == "refusee"


def test_the_gap_and_the_count_follow(client_de):
    reponse = enregistrer(client_de("referent"), "PE-1-01", valeur="1500").json()

    assert reponse["ecart"] == "−50"  # the target of 2026 is 1,550
    assert "1 sur 4 valeurs" in reponse["compte"]


def test_last_years_stand_beside_with_their_state(client_de):
    valeur = mesure("PE-1-01", 2025)
    valeur.etat = "provisoire"
    valeur.save()
    Mesure.objects.filter(indicateur__code="PE-1-01", annee=2024).delete()

    html = client_de("referent").get(URL, {"fiche": "PE-1"}).content.decode()
    ligne = re.sub(r"<[^>]+>|\s+", " ", html[html.index('id="ligne-') : html.index("PE-1-02</span>")])

    assert "1 385 (provisoire)" in ligne
    assert "non renseigné" in ligne


# Locks


def test_a_submitted_entry_is_read_only_and_says_why(client_de, compte):
    client = client_de("referent")
    data = page(client)
    enregistrer(client, "PE-1-01", valeur="5")
    transition("soumettre", "PE-1", compte("referent"))

    html = client.get(URL).content.decode()
    assert "Soumise le" in html
    assert f'name="i{pk("PE-1-01")}-valeur"' not in html
    assert "/evaluation/2026/saisie/PE-1/" in html

    reponse = client.post(CELLULE, envoi(data, "PE-1-02", valeur="50"))
    assert cellule(reponse, "PE-1-02")["issue"] == "verrouillee"
    assert "Soumise le" in cellule(reponse, "PE-1-02")["raison"]
    assert mesure("PE-1-02") is None

    retour = client.post(URL, data | {f"i{pk('PE-1-02')}-valeur": "50"})
    assert "0 cellule enregistrée, 1 refusée" in retour.content.decode()
    assert "Vous aviez écrit : 50" in retour.content.decode()


def test_only_what_was_sent_back_opens_again(client_de, compte):
    client = client_de("referent")
    data = page(client)
    enregistrer(client, "PE-1-01", valeur="5")
    transition("soumettre", "PE-1", compte("referent"))
    champ = f"i{pk('PE-1-01')}"
    transition("renvoyer", "PE-1", compte("cooperation"), champs={champ: "Comptez aussi les familles d’été."})

    html = client.get(URL).content.decode()
    assert "Comptez aussi les familles d’été." in html
    assert f'name="{champ}-valeur"' in html
    assert f'name="i{pk("PE-1-02")}-valeur"' not in html

    reponse = client.post(CELLULE, envoi(data, "PE-1-02", valeur="50"))
    assert cellule(reponse, "PE-1-02")["issue"] == "verrouillee"
    assert cellule(enregistrer(client, "PE-1-01", valeur="7"), "PE-1-01")["issue"] == "enregistree"


def test_a_closed_campaign_takes_nothing(client_de, compte):
    client = client_de("cooperation")
    data = page(client)
    campagne = Campagne.objects.get(annee=2026)
    appliquer_campagne("clore", campagne.pk, user=compte("cooperation"), now=timezone.now())

    reponse = client.post(CELLULE, envoi(data, "PE-1-01", valeur="5"))

    assert "est close depuis le" in cellule(reponse, "PE-1-01")["raison"]
    assert mesure("PE-1-01") is None


def test_a_year_without_a_campaign_says_who_opens_it(client_de, dijon, compte):
    client = client_de("cooperation")
    url = "/dijon-2024/evaluation/2027/saisie/"
    assert "prépare et ouvre la campagne" in client.get(url).content.decode()

    today = timezone.localdate()
    preparer_campagne(dijon, 2027, date_limite=today, fiches=fiches_de_lannee(dijon, 2027), today=today)
    html = client.get(url).content.decode()
    assert "se prépare" in html
    assert 'data-champ="valeur"' not in html


@pytest.mark.parametrize("nom", ["cooperation", "referent"])
def test_the_entries_of_all_fiches_are_those_of_each(dijon, compte, nom):
    assert {saisie.fiche_id: saisie.pk for saisie in saisies_courantes(dijon.pk, 2026)} == {
        fiche.pk: saisie_courante(fiche, 2026).pk for fiche in FicheProjet.objects.filter(convention=dijon)
    }


def test_a_part_of_a_positive_value_is_not_negative(client_de):
    """PE-1-01 is expected between 0 and 6,000."""
    part = ventiler()["Grésilles"]
    client = client_de("referent")
    data = page(client)
    cle = f"p{part.pk}-valeur"
    reponse = client.post(CELLULE, {cle: "-3", f"vu-{cle}": data[f"vu-{cle}"]}).json()["cellules"][cle]
    assert "une part ne peut pas être négative" in reponse["raison"]
    assert not part.valeurs.exists()
    client.post(CELLULE, {cle: "3", f"vu-{cle}": data[f"vu-{cle}"]})
    assert part.valeurs.get().valeur == 3
