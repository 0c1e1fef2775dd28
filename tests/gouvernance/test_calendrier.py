"""The calendar: who writes where, what it refuses, and its three drawings."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.calendrier import DateCalendrier, collect_dates, natures
from ctg.models import Decoupage, Quartier, Territoire
from gouvernance.calendrier import Mois, dessiner_grille, dessiner_mois, semestres
from gouvernance.jalons import enregistrer_date_annuelle, enregistrer_jalon, retirer_jalon
from gouvernance.models import DateAnnuelle, Jalon
from gouvernance.transitions import annuler
from tests.navigation import formulaire

CALENDRIER = "/dijon-2024/gouvernance/calendrier/"
JOUR = datetime.date(2026, 4, 7)


@pytest.fixture
def quartiers(dijon):
    return {quartier.nom: quartier for quartier in Quartier.objects.de_reference(dijon.territoire)}


@pytest.fixture
def ouche(quartiers):
    """The quartier of the coordinateur territorial of the demonstration."""
    return quartiers["Fontaine d’Ouche"]


@pytest.fixture
def gresilles(quartiers):
    return quartiers["Grésilles"]


@pytest.fixture
def jalon(dijon):
    """jalon(titre=…) is not saved."""
    return lambda **champs: Jalon(**({"convention": dijon, "titre": "Forum", "date_debut": JOUR} | champs))


# Who writes where ----------------------------------------------------------------------------------------


def test_a_coordinateur_territorial_writes_the_dates_of_their_quartier_only(jalon, compte, ouche, gresilles):
    territorial = compte("quartier")
    assert enregistrer_jalon(jalon(quartier=ouche), par=territorial).pk

    for ailleurs in (jalon(quartier=gresilles), jalon()):
        with pytest.raises(PermissionDenied, match="pas de vos quartiers"):
            enregistrer_jalon(ailleurs, par=territorial)
    assert Jalon.objects.filter(titre="Forum").count() == 1


def test_a_date_is_neither_taken_from_another_quartier_nor_sent_to_it(jalon, compte, ouche, gresilles):
    la_leur = enregistrer_jalon(jalon(quartier=gresilles), par=compte("cooperation"))
    la_leur.quartier = ouche
    with pytest.raises(PermissionDenied):
        enregistrer_jalon(la_leur, par=compte("quartier"))

    la_sienne = enregistrer_jalon(jalon(quartier=ouche), par=compte("quartier"))
    la_sienne.quartier = gresilles
    with pytest.raises(PermissionDenied):
        enregistrer_jalon(la_sienne, par=compte("quartier"))
    with pytest.raises(PermissionDenied):
        retirer_jalon(Jalon.objects.get(pk=la_leur.pk), par=compte("quartier"))
    assert Jalon.objects.get(pk=la_leur.pk).quartier == gresilles


@pytest.mark.parametrize("nom", ["caf", "petite-enfance", "copil", "lecteur", "admin"])
def test_nobody_else_writes(jalon, compte, ouche, nom):
    with pytest.raises(PermissionDenied, match="coordinateurs territoriaux"):
        enregistrer_jalon(jalon(quartier=ouche), par=compte(nom))


def test_the_form_of_a_coordinateur_territorial_offers_their_quartier(client_de, ouche, gresilles):
    client = client_de("quartier")
    page = client.get(f"{CALENDRIER}ajouter/")
    envoi = formulaire(page) | {"titre": "Forum", "nature": "temps_fort", "date_debut": "2026-04-07"}
    assert envoi["quartier"] == str(ouche.pk)
    assert gresilles.nom not in page.content.decode()

    refus = client.post(f"{CALENDRIER}ajouter/", envoi | {"quartier": gresilles.pk})
    assert refus.status_code == 200
    assert not Jalon.objects.filter(titre="Forum").exists()
    assert client.post(f"{CALENDRIER}ajouter/", envoi).status_code == 302
    [forum] = Jalon.objects.filter(titre="Forum")
    assert forum.quartier == ouche
    assert forum.historique.get().history_user.email.startswith("quartier@")


def test_the_grid_says_where_one_may_add(client_de, ouche):
    territorial = client_de("quartier").get(CALENDRIER).content.decode()
    assert f"quartier={ouche.pk}&amp;debut=" in territorial
    assert territorial.count('class="ajouter-ici"') == 2  # both semesters of one quartier

    assert client_de("cooperation").get(CALENDRIER).content.decode().count('class="ajouter-ici"') == 20
    lecteur = client_de("lecteur").get(CALENDRIER).content.decode()
    assert "ajouter-ici" not in lecteur
    assert "tiennent le calendrier" in lecteur


def test_a_date_is_changed_then_taken_away_after_a_question(client_de, jalon, compte, ouche):
    forum = enregistrer_jalon(jalon(quartier=ouche), par=compte("quartier"))
    client = client_de("quartier")
    url = f"{CALENDRIER}{forum.pk}/modifier/"
    assert client.post(url, formulaire(client.get(url)) | {"titre": "Grand forum"}).status_code == 302
    forum.refresh_from_db()
    assert forum.titre == "Grand forum"

    retrait = f"{CALENDRIER}{forum.pk}/retirer/"
    assert "Grand forum" in client.get(retrait).content.decode()
    assert Jalon.objects.filter(pk=forum.pk).exists()
    assert "n’est plus au calendrier" in client.post(retrait, follow=True).content.decode()
    assert not Jalon.objects.filter(pk=forum.pk).exists()
    assert Jalon.historique.filter(id=forum.pk).latest().history_type == "-"


# What it refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("jalon_titre_ecrit", {"titre": ""}),
        ("jalon_nature_connue", {"nature": "bal"}),
        ("jalon_dates_ordonnees", {"date_fin": JOUR - datetime.timedelta(days=1)}),
        ("jalon_debut_plausible", {"date_debut": datetime.date(1999, 12, 31)}),
        ("jalon_fin_plausible", {"date_fin": datetime.date(2101, 1, 1)}),
        ("jalon_seminaire_d_un_quartier", {"nature": "seminaire"}),
    ],
)
def test_the_database_holds_the_rules_of_dates(jalon, contrainte, champs):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        jalon(**champs).save()


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"nature": "seminaire"}, "dit son quartier"),
        ({"date_fin": JOUR - datetime.timedelta(days=1)}, "Le dernier jour précède le premier"),
        ({"date_debut": datetime.date(26, 4, 7)}, "pas plausible"),
        ({"note": "x" * 20_001}, "raccourcissez-le"),
    ],
)
def test_the_service_says_what_is_wrong(jalon, compte, champs, message):
    with pytest.raises(ValidationError, match=message):
        enregistrer_jalon(jalon(**champs), par=compte("cooperation"))


def test_what_a_date_names_is_of_its_convention(jalon, compte, ailleurs):
    autre = Decoupage.objects.create(
        territoire=Territoire.objects.create(nom="Ailleurs"), code="q", nom="Quartiers", is_reference=True
    )
    la_bas = Quartier.objects.create(decoupage=autre, ordre=1, nom="Là-bas")

    with pytest.raises(ValidationError, match="Ce quartier n’est pas du territoire") as error:
        enregistrer_jalon(
            jalon(quartier=la_bas, instance_gouvernance=ailleurs["instance_gouvernance"]),
            par=compte("cooperation"),
        )
    assert set(error.value.message_dict) == {"quartier", "instance_gouvernance"}


@pytest.mark.parametrize(("jour", "mois"), [(31, 4), (30, 2), (29, 2), (0, 1), (32, 1), (1, 13), (1, 0)])
def test_a_yearly_date_is_of_every_year(dijon, jour, mois):
    with pytest.raises(IntegrityError, match="date_annuelle_jour_de_chaque_annee"), transaction.atomic():
        DateAnnuelle.objects.create(convention=dijon, titre="Bilan", jour=jour, mois=mois)
    with pytest.raises(ValidationError):
        enregistrer_date_annuelle(DateAnnuelle(convention=dijon, titre="Bilan", jour=jour, mois=mois))


def test_a_yearly_date_comes_back_in_the_years_of_the_convention_only(dijon, compte):
    enregistrer_date_annuelle(DateAnnuelle(convention=dijon, titre="Bilan d’activité", jour=28, mois=2))
    dates = collect_dates(
        compte("lecteur"), dijon, debut=datetime.date(2020, 1, 1), fin=datetime.date(2035, 12, 31)
    )

    siennes = [(d.debut, d.cle) for d in dates if d.titre == "Bilan d’activité"]
    assert [jour for jour, _ in siennes] == [datetime.date(annee, 2, 28) for annee in range(2024, 2028)]
    assert len({cle for _, cle in siennes}) == 4


# Its drawings --------------------------------------------------------------------------------------------


def date(debut, fin=None, *, quartiers=(), cle="x"):
    debut = datetime.date.fromisoformat(debut)
    fin = datetime.date.fromisoformat(fin) if fin else debut
    return DateCalendrier(cle, "autre", "Titre", debut, fin, quartiers=frozenset(quartiers))


def test_a_date_stands_in_its_semester_and_a_long_one_in_each(gresilles, ouche):
    dates = [
        date("2026-06-30", cle="juin", quartiers=[gresilles.pk]),
        date("2026-07-01", cle="juillet", quartiers=[gresilles.pk]),
        date("2026-03-01", "2026-09-01", cle="long", quartiers=[gresilles.pk]),
        date("2026-05-01", cle="ville"),
    ]
    ville, ici, la_bas = dessiner_grille(dates, [gresilles, ouche], semestres([2026]))

    assert [[d.cle for d in cellule] for _, cellule in ici.cellules] == [
        ["juin", "long"],
        ["juillet", "long"],
    ]
    assert [[d.cle for d in cellule] for _, cellule in ville.cellules] == [["ville"], []]
    assert [cellule for _, cellule in la_bas.cellules] == [[], []]
    assert [s.nom for s, _ in ici.cellules] == ["1er semestre 2026", "2e semestre 2026"]


def test_a_month_has_whole_weeks_and_shows_what_began_before_it():
    semaines = dessiner_mois(Mois(2026, 2), [date("2026-02-28"), date("2025-11-01", "2026-02-02")])
    jours = [jour for semaine in semaines for jour in semaine]

    assert (jours[0].date, jours[-1].date) == (datetime.date(2026, 1, 26), datetime.date(2026, 3, 1))
    assert [jour.date.isoformat() for jour in jours if jour.dates] == ["2026-01-26", "2026-02-28"]
    assert (str(Mois(2026, 12).decaler(1)), str(Mois(2026, 1).decaler(-1))) == ("2027-01", "2025-12")


@pytest.mark.parametrize("texte", ["", "2026-13", "2026-00", "26-01", "1999-01", "x", "2026", "²026-01"])
def test_a_month_that_does_not_exist_is_none(texte):
    assert Mois.lire(texte) is None


def test_views_filters_and_strange_requests(client_de, dijon, jalon, compte, gresilles, ouche):
    for nom, quartier in (("Ici", gresilles), ("Là-bas", ouche), ("Partout", None)):
        enregistrer_jalon(jalon(titre=nom, quartier=quartier), par=compte("cooperation"))
    client = client_de("lecteur")

    def lus(requete):
        page = client.get(f"{CALENDRIER}?{requete}").content.decode()
        return {nom for nom in ("Ici", "Là-bas", "Partout") if f">{nom}" in page or f"> {nom}" in page}

    for vue in ("vue=grille&annee=2026", "vue=liste&annee=2026", "vue=mois&mois=2026-04"):
        assert len(lus(vue)) == 3
        assert lus(f"{vue}&quartier={gresilles.pk}") == {"Ici", "Partout"}
        assert lus(f"{vue}&nature=reunion") == set()
    assert len(lus("annee=toutes")) == 3
    assert lus("annee=2025") == set()
    for bizarre in ("vue=x", "annee=1789", "vue=mois&mois=2026-99", "quartier=abc", "nature=%00", "annee=²"):
        assert client.get(f"{CALENDRIER}?{bizarre}").status_code == 200


def test_a_meeting_that_was_cancelled_leaves_the_calendar(compte, dijon, reunir):
    reunion = reunir("2027-04-03")

    def lue():
        mois = {"debut": datetime.date(2027, 4, 1), "fin": datetime.date(2027, 4, 30)}
        return f"reunion-{reunion.pk}" in {d.cle for d in collect_dates(compte("lecteur"), dijon, **mois)}

    assert lue()
    annuler(reunion.pk, user=compte("cooperation"), now=timezone.now(), motif="Grève")
    assert not lue()


def test_natures_are_those_that_one_may_read(compte, dijon):
    assert "campagne" in natures(compte("caf"), dijon)
    assert "campagne" not in natures(compte("copil"), dijon)
    assert {"reunion", "seminaire", "annuelle", "decision"} <= set(natures(compte("copil"), dijon))


def test_another_convention_shows_nothing_of_this_one(compte, dijon, ailleurs, jalon, gresilles):
    enregistrer_jalon(jalon(quartier=gresilles), par=compte("cooperation"))
    autre = ailleurs["instance_gouvernance"].convention

    dates = collect_dates(
        compte("admin"), autre, debut=datetime.date(2020, 1, 1), fin=datetime.date(2035, 1, 1)
    )
    assert {d.nature for d in dates} == {"reunion"}


def test_the_page_of_a_date_says_all_of_it_and_who_may_change_it(client_de, jalon, compte, ouche, dijon):
    instance = dijon.instances_gouvernance.get(slug="seminaire")
    forum = enregistrer_jalon(
        jalon(quartier=ouche, lieu="Maison du quartier", note="Avec **tous**", instance_gouvernance=instance),
        par=compte("quartier"),
    )
    lecteur = client_de("lecteur").get(forum.page).content.decode()
    assert all(dit in lecteur for dit in ("Maison du quartier", "<strong>tous</strong>", str(instance)))
    assert "Modifier" not in lecteur
    assert f"{forum.pk}/modifier/" in client_de("quartier").get(forum.page).content.decode()
    assert f'href="{forum.page}"' in client_de("lecteur").get(CALENDRIER, {"annee": "2026"}).content.decode()


def test_the_search_finds_a_date(client_de, jalon, compte, ouche):
    forum = enregistrer_jalon(jalon(titre="Forum des métiers", quartier=ouche), par=compte("quartier"))

    assert (
        forum.page
        in client_de("lecteur").get("/dijon-2024/recherche/", {"q": "forum metiers"}).content.decode()
    )


def test_a_date_outside_the_convention_still_has_its_year(client_de, jalon, compte):
    enregistrer_jalon(jalon(date_debut=datetime.date(2029, 5, 1)), par=compte("cooperation"))

    assert ">Forum" in client_de("lecteur").get(CALENDRIER, {"annee": "2029"}).content.decode().replace(
        "> F", ">F"
    )


def test_a_long_date_has_its_id_once(client_de, jalon, compte):
    forum = enregistrer_jalon(jalon(date_fin=datetime.date(2026, 9, 1)), par=compte("cooperation"))
    page = client_de("lecteur").get(CALENDRIER, {"annee": "2026"}).content.decode()

    assert page.count(f'id="jalon-{forum.pk}"') == 1
    assert page.count(f'href="{forum.page}"') == 2


@pytest.mark.parametrize("nombre", [1, 5])
def test_the_number_of_queries_does_not_grow(
    client_de, jalon, compte, ouche, nombre, django_assert_max_num_queries
):
    for rang in range(nombre):
        enregistrer_jalon(jalon(titre=f"Forum {rang}", quartier=ouche), par=compte("cooperation"))
    client = client_de("cooperation")

    with django_assert_max_num_queries(24):
        client.get(CALENDRIER)
