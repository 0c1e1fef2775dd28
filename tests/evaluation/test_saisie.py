"""Entry of a year: every nature, every refusal, nobody's word lost."""

import re
from decimal import Decimal as D

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import FloatField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from evaluation.models import Avancement, Cible, Indicateur, Mesure
from fiches.models import FicheProjet
from tests.evaluation.outils import clore, commencer, faire, saisie
from tests.navigation import formulaire

URL = "/dijon-2024/evaluation/2026/saisie/{}/"
A_DATE = timezone.localdate().year >= 2026
pytestmark = pytest.mark.skipif(not A_DATE, reason="the year 2026 is not entered before it begins")


def cle(code, champ):
    return f"i{Indicateur.objects.get(code=code).pk}-{champ}"


def mesure(code, annee=2026):
    return Mesure.objects.filter(indicateur__code=code, annee=annee).first()


def saisir(client, fiche, valeurs, **autres):
    url = URL.format(fiche)
    data = formulaire(client.get(url)) | {cle(*k.split("/")): v for k, v in valeurs.items()} | autres
    return client.post(url, data)


@pytest.mark.parametrize(
    ("fiche", "valeurs", "code", "attendu"),
    [
        ("PE-1", {"PE-1-01/valeur": "1\u202f402"}, "PE-1-01", (D(1402), "")),
        ("PE-1", {"PE-1-01/valeur": "0"}, "PE-1-01", (D(0), "")),
        ("PE-1", {"PE-1-02/numerateur": "2", "PE-1-02/denominateur": "3"}, "PE-1-02", (D("66.67"), "")),
        (
            "PE-1",
            {"PE-1-02/valeur": "66,7", "PE-1-02/numerateur": "2", "PE-1-02/denominateur": "3"},
            "PE-1-02",
            (D("66.67"), ""),
        ),
        ("PE-1", {"PE-1-02/valeur": "12,5 %"}, "PE-1-02", (D("12.5"), "")),
        ("PE-1", {"PE-1-03/valeur": "4"}, "PE-1-03", (D(4), "")),
        (
            "PE-1",
            {"PE-1-04/valeur": "Des mots & des « guillemets »"},
            "PE-1-04",
            (None, "Des mots & des « guillemets »"),
        ),
        ("PE-5", {"PE-5-02/valeur": "0"}, "PE-5-02", (D(0), "")),
        ("PE-4", {"PE-4-03/valeur": "12 310,50 €"}, "PE-4-03", (D("12310.5"), "")),
        ("ENF-5", {"ENF-5-02/valeur": "26,25"}, "ENF-5-02", (D("26.25"), "")),
    ],
)
def test_every_nature_is_entered(client_de, fiche, valeurs, code, attendu):
    response = saisir(client_de("cooperation"), fiche, valeurs)

    assert response.status_code == 302
    assert (mesure(code).valeur, mesure(code).valeur_texte) == attendu
    assert mesure(code).situation == "renseignee"
    assert mesure(code).saisie_par.email == "cooperation@demo.invalid"


def test_what_is_left_empty_makes_no_row(client_de):
    saisir(client_de("referent"), "PE-1", {"PE-1-01/valeur": "5"})

    saisies = Mesure.objects.filter(annee=2026, indicateur__fiche__code="PE-1")
    assert list(saisies.values_list("indicateur__code", flat=True)) == ["PE-1-01"]


def test_sans_objet_asks_for_a_reason(client_de):
    client = client_de("referent")
    refus = saisir(client, "PE-1", {"PE-1-01/sans_objet": "on"}).content.decode()
    assert "pourquoi cet indicateur est sans objet" in refus
    assert mesure("PE-1-01") is None

    saisir(client, "PE-1", {"PE-1-01/sans_objet": "on", "PE-1-01/motif": "Guichet fermé"})
    assert (mesure("PE-1-01").situation, mesure("PE-1-01").motif) == ("sans_objet", "Guichet fermé")


def test_a_missing_value_may_say_why(client_de):
    saisir(client_de("referent"), "PE-1", {"PE-1-01/motif": "Attendu en mars"})

    assert (mesure("PE-1-01").situation, mesure("PE-1-01").valeur) == ("non_renseignee", None)


@pytest.mark.parametrize(
    ("valeurs", "message"),
    [
        ({"PE-1-01/valeur": "1.234,5"}, "n’est pas un nombre"),
        ({"PE-1-01/valeur": "12,5"}, "n’est pas un nombre entier"),
        ({"PE-1-02/numerateur": "2"}, "vont ensemble"),
        ({"PE-1-02/numerateur": "2", "PE-1-02/denominateur": "0"}, "plus grand que zéro"),
        (
            {"PE-1-02/valeur": "80", "PE-1-02/numerateur": "1", "PE-1-02/denominateur": "2"},
            "ne correspond pas",
        ),
        (
            {"PE-1-02/valeur": "20,3", "PE-1-02/numerateur": "1", "PE-1-02/denominateur": "5"},
            "ne correspond pas",
        ),
        (
            {"PE-1-02/valeur": "66,6", "PE-1-02/numerateur": "2", "PE-1-02/denominateur": "3"},
            "ne correspond pas",
        ),
        (
            {"PE-1-01/valeur": "5", "PE-1-01/sans_objet": "on", "PE-1-01/motif": "x"},
            "effacez l’une ou l’autre",
        ),
        ({"PE-1-01/valeur": "9000"}, "est inhabituel : on attend entre 0 et 6\u202f000"),
        ({"PE-1-03/valeur": "9"}, "Sélectionnez un choix valide"),
        ({"PE-1-01/valeur": "123456789012", "PE-1-01/confirmer": "on"}, "est trop grand"),
        ({"PE-1-02/numerateur": "999999999999,9999", "PE-1-02/denominateur": "1"}, "est trop grand"),
        (
            {
                "PE-1-02/numerateur": "99999999999",
                "PE-1-02/denominateur": "0,0001",
                "PE-1-02/confirmer": "on",
            },
            "donne un pourcentage trop grand",
        ),
    ],
)
def test_refusals_say_why_and_keep_the_rest(client_de, valeurs, message):
    mots = {"avancement-realisations": "Tout ce que nous avons fait"}

    page = saisir(client_de("petite-enfance"), "PE-1", valeurs, **mots).content.decode()

    assert message in page
    assert "Tout ce que nous avons fait" in page
    assert not Mesure.objects.filter(annee=2026, indicateur__fiche__code="PE-1").exists()
    assert not Avancement.objects.filter(annee=2026).exists()


def test_an_unusual_value_is_taken_once_confirmed(client_de):
    client = client_de("referent")
    saisir(client, "PE-1", {"PE-1-01/valeur": "9000", "PE-1-01/confirmer": "on"})

    assert mesure("PE-1-01").valeur == 9000
    # Asked once: another save of the page does not ask again, another unusual value does.
    assert saisir(client, "PE-1", {}, **{"avancement-realisations": "Un texte de plus"}).status_code == 302
    assert "est inhabituel" in saisir(client, "PE-1", {"PE-1-01/valeur": "9001"}).content.decode()


def test_progress_is_entered_and_bounded(client_de):
    client = client_de("referent")
    refus = saisir(client, "PE-1", {}, **{"avancement-taux_avancement": "120"})
    assert refus.status_code == 200

    saisir(client, "PE-1", {}, **{"avancement-taux_avancement": "80", "avancement-statut": "en_cours"})
    assert Avancement.objects.get(fiche__code="PE-1", annee=2026).taux_avancement == 80


def test_entering_a_demonstration_value_takes_its_mark_off(client_de):
    client = client_de("cooperation")
    url = "/dijon-2024/evaluation/2025/saisie/PE-1/"

    client.post(url, formulaire(client.get(url)) | {cle("PE-1-01", "valeur"): "1386"})

    assert (mesure("PE-1-01", 2025).valeur, mesure("PE-1-01", 2025).source) == (D(1386), "")
    assert mesure("PE-1-02", 2025).source == "DONNÉES DE DÉMONSTRATION"


@pytest.mark.parametrize("nom", ["enfance", "caf", "copil", "lecteur", "admin", "quartier"])
def test_nobody_else_enters(client_de, nom):
    assert client_de(nom).post(URL.format("PE-1"), {"jeton": ""}).status_code == 403


def test_last_year_stands_beside(client_de):
    page = client_de("referent").get(URL.format("PE-1")).content.decode()

    assert re.search("2025 :\\s+1\u202f385\u00a0familles", page)
    assert "Cible 2026 : 1\u202f550\u00a0familles" in page


@pytest.mark.parametrize("nombre", [D("99999999999.9999"), D("-99999999999.9999")])
def test_the_greatest_number_is_read_back_as_it_was_written(dijon, nombre):
    indicateur = Indicateur.objects.get(code="PE-1-02")
    Mesure.objects.create(indicateur=indicateur, annee=2026, valeur=nombre, numerateur=nombre, denominateur=1)

    assert (mesure("PE-1-02").valeur, mesure("PE-1-02").numerateur) == (nombre, nombre)


def test_constraints(dijon):
    indicateur, fiche = Indicateur.objects.get(code="PE-1-01"), FicheProjet.objects.get(code="PE-1")

    def refuse(nom, modele, **champs):
        with pytest.raises(IntegrityError, match=nom), transaction.atomic():
            modele.objects.create(**champs)

    def trop_grand(nom, modele, champ, **champs):
        """SQLite holds any number: only the constraint stops it. PostgreSQL refuses it by itself."""
        objet = modele.objects.create(**champs)
        for nombre in (10**11, -(10**11)):
            with pytest.raises((IntegrityError, DataError), match=f"{nom}|overflow"), transaction.atomic():
                modele.objects.filter(pk=objet.pk).update(**{champ: Cast(Value(nombre), FloatField())})
        objet.delete()

    m = {"indicateur": indicateur, "annee": 2026}
    refuse("mesure_situation_coherente", Mesure, **m)
    refuse("mesure_situation_coherente", Mesure, valeur=1, valeur_texte="un", **m)
    refuse("mesure_situation_coherente", Mesure, situation="sans_objet", **m)
    refuse("mesure_situation_coherente", Mesure, situation="non_renseignee", valeur=1, **m)
    refuse("mesure_fraction_complete", Mesure, valeur=1, numerateur=1, **m)
    refuse("mesure_fraction_complete", Mesure, valeur=1, numerateur=1, denominateur=0, **m)
    for champ in ("valeur", "numerateur"):
        trop_grand("mesure_nombres", Mesure, champ, valeur=1, numerateur=1, denominateur=1, **m)
    trop_grand("cible_nombres", Cible, "valeur", valeur=1, indicateur=indicateur, annee=2030)
    refuse("mesure_etat_connu", Mesure, valeur=1, etat="sûre", **m)
    refuse("mesure_annee_plausible", Mesure, valeur=1, indicateur=indicateur, annee=26)
    refuse(
        "mesure_unique|evaluation_mesure.indicateur_id", Mesure, valeur=1, indicateur=indicateur, annee=2025
    )
    refuse("cible_unique|evaluation_cible.indicateur_id", Cible, valeur=1, indicateur=indicateur, annee=2025)
    refuse("cible_annee_plausible", Cible, valeur=1, indicateur=indicateur, annee=3000)
    refuse("avancement_unique|evaluation_avancement.fiche_id", Avancement, fiche=fiche, annee=2025)
    refuse("avancement_taux_entre_0_et_100", Avancement, fiche=fiche, annee=2026, taux_avancement=101)
    refuse("avancement_annee_plausible", Avancement, fiche=fiche, annee=26)
    refuse("avancement_statut_connu", Avancement, fiche=fiche, annee=2026, statut="fini")
    i = {"fiche": fiche, "ordre": 1, "intitule": "x", "type_indicateur": "moyens"}
    for champ in ("valeur_depart", "borne_min", "borne_max"):
        trop_grand("indicateur_nombres", Indicateur, champ, code="x", nature="entier", **i)
    refuse("indicateur_nature_connue", Indicateur, code="x", nature="or", **i)
    refuse(
        "indicateur_bornes_ordonnees", Indicateur, code="x", nature="entier", borne_min=2, borne_max=1, **i
    )
    refuse(
        "indicateur_code_unique|evaluation_indicateur.fiche_id",
        Indicateur,
        code="PE-1-01",
        nature="entier",
        **i,
    )


def test_who_submitted_is_told_of_the_exception_and_a_closed_campaign_offers_no_validation(client_de):
    commencer()
    faire("soumettre", "petite-enfance")
    page, valider = (
        "/dijon-2024/evaluation/2025/saisie/PE-1/",
        "/dijon-2024/evaluation/2025/saisie/PE-1/valider/",
    )
    client = client_de("petite-enfance")
    lu = client.get(page).content.decode()
    assert "Valider par exception" in lu
    assert "un motif écrit vous sera demandé" in lu
    assert "required" in str(client.get(valider).context["form"]["motif"])
    assert client.post(valider, {"motif": ""}).status_code == 200
    assert saisie().statut == "soumise"
    assert "par exception" not in client_de("cooperation").get(page).content.decode()

    clore()
    reponse = client_de("cooperation").get(valider, follow=True)
    assert reponse.redirect_chain
    assert "La campagne 2025 est close depuis le" in reponse.content.decode()


def test_the_entry_of_a_fiche_of_another_is_refused_with_its_reason(client_de):
    reponse = client_de("referent").get("/dijon-2024/evaluation/2025/saisie/PE-2/")
    assert reponse.status_code == 403
    assert "Cette fiche n’est pas de votre mandat" in reponse.content.decode()
    assert client_de("referent").get("/dijon-2024/evaluation/2025/saisie/ZZ-9/").status_code == 404
