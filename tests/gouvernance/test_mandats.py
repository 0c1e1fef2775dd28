"""Who holds a seat: an election changes the person, not the seat; whoever leaves holds none any more."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ctg.anonymisation import anonymiser
from ctg.models import Fonction, Personne
from ctg.sujets import sujet_de
from gouvernance.composition import collect_composition
from gouvernance.mandats import enregistrer_mandat, remplacer
from gouvernance.models import MandatMembre, Membre
from tests.navigation import formulaire

COPIL = "/dijon-2024/gouvernance/instances/copil/"
TODAY = timezone.localdate()
MARS = datetime.date(2026, 3, 29)


@pytest.fixture
def siege(copil):
    """The seat of the first deputy mayor who co-chairs."""
    return copil.membres.get(ordre=1)


@pytest.fixture
def lea(dijon):
    return Personne.objects.create(convention=dijon, prenom="Léa", nom="Petit")


@pytest.fixture
def donner(siege, zoe):
    """donner(personne=…) gives the seat by the service."""

    def ajouter(**champs):
        return enregistrer_mandat(MandatMembre(**({"membre": siege, "personne": zoe} | champs)))

    return ajouter


def qui(copil, au, ordre=1):
    """(titulaires, suppléants) of one seat on that day."""
    sieges = [s for groupe in collect_composition(copil, au=au) for s in groupe.sieges]
    [siege] = [s for s in sieges if s.membre.ordre == ordre]
    return [m.personne.nom for m in siege.titulaires], [m.personne.nom for m in siege.suppleants]


# Rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contrainte", "champs"),
    [
        ("mandat_membre_qualite_connue", {"qualite": "invite"}),
        ("mandat_membre_dates_ordonnees", {"date_debut": MARS, "date_fin": MARS}),
        ("mandat_membre_debut_plausible", {"date_debut": datetime.date(26, 3, 1)}),
        ("mandat_membre_fin_plausible", {"date_fin": datetime.date(2101, 1, 1)}),
    ],
)
def test_the_database_holds_the_rules_of_mandates(siege, zoe, contrainte, champs):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        MandatMembre.objects.create(membre=siege, personne=zoe, **champs)


def test_nobody_holds_the_same_seat_twice_at_once(donner, siege, zoe):
    donner(date_debut=datetime.date(2025, 1, 1), date_fin=datetime.date(2026, 1, 1))
    donner(date_debut=datetime.date(2026, 1, 1))  # again, later

    for debut, fin in ((None, None), (datetime.date(2025, 6, 1), datetime.date(2025, 7, 1))):
        with pytest.raises(ValidationError, match="siège déjà à cette place"):
            donner(date_debut=debut, date_fin=fin)
    with pytest.raises(IntegrityError), transaction.atomic():
        MandatMembre.objects.create(membre=siege, personne=zoe, date_debut=MARS)


def test_a_seat_of_several_has_several(donner, copil, lea):
    donner()
    donner(personne=lea, qualite="suppleant")
    assert qui(copil, TODAY) == (["Martin"], ["Petit"])


def test_the_person_is_of_the_convention(donner, ailleurs):
    with pytest.raises(ValidationError, match="n’est pas de cette convention"):
        donner(personne=ailleurs["responsable"])


# An election ---------------------------------------------------------------------------------------------


def test_an_election_changes_the_person_and_not_the_seat(donner, copil, lea, siege):
    ancien = donner(date_debut=datetime.date(2024, 9, 23))
    avant = Membre.historique.filter(id=siege.pk).count()

    nouveau = remplacer(ancien, lea, au=MARS)

    assert qui(copil, MARS - datetime.timedelta(days=1)) == (["Martin"], [])
    assert qui(copil, MARS) == (["Petit"], [])
    ancien.refresh_from_db()
    assert (ancien.date_fin, nouveau.date_debut, nouveau.qualite) == (MARS, MARS, "titulaire")
    assert Membre.historique.filter(id=siege.pk).count() == avant
    assert siege.mandats.count() == 2


def test_a_mandate_with_a_term_hands_its_term_on(donner, lea):
    fin = datetime.date(2027, 12, 31)
    assert remplacer(donner(date_fin=fin), lea, au=MARS).date_fin == fin


@pytest.mark.parametrize(
    ("debut", "fin", "message"),
    [
        (MARS, None, "choisissez un jour d’après"),
        (None, MARS - datetime.timedelta(days=1), "a déjà pris fin"),
    ],
)
def test_nobody_is_replaced_before_they_began_or_after_they_left(donner, lea, debut, fin, message):
    mandat = donner(date_debut=debut, date_fin=fin)

    with pytest.raises(ValidationError, match=message):
        remplacer(mandat, lea, au=MARS)
    assert MandatMembre.objects.count() == 1


def test_nobody_succeeds_to_themselves_and_a_refusal_closes_nothing(donner, zoe, lea, siege):
    mandat = donner()
    with pytest.raises(ValidationError, match="même personne"):
        remplacer(mandat, zoe, au=MARS)
    enregistrer_mandat(MandatMembre(membre=siege, personne=lea))
    with pytest.raises(ValidationError, match="siège déjà"):
        remplacer(mandat, lea, au=MARS)

    mandat.refresh_from_db()
    assert mandat.date_fin is None


# The page ------------------------------------------------------------------------------------------------


def test_the_page_of_the_instance_says_who_sits_on_that_day(client_de, donner, lea):
    remplacer(donner(date_debut=datetime.date(2024, 9, 23)), lea, au=MARS)
    client = client_de("lecteur")

    assert "Léa Petit" in client.get(COPIL).content.decode()
    ancienne = client.get(COPIL, {"au": "2025-01-01"}).content.decode()
    assert "Zoé Martin" in ancienne
    assert "la composition à la date du <strong>1er\u00a0janvier\u00a02025</strong>" in ancienne
    assert "Remplacer" not in ancienne  # only who keeps the committees does
    page = client.get(COPIL, {"au": "0026-13-01"})
    assert page.context["jour"].au == TODAY
    assert "Cette date n’existe pas" in page.content.decode()


def test_the_chargee_gives_changes_replaces_and_takes_back(client_de, siege, zoe, lea):
    client, url = client_de("cooperation"), f"/dijon-2024/gouvernance/sieges/{siege.pk}/personne/"
    envoi = formulaire(client.get(url))
    assert "Choisissez" in client.get(url).content.decode()
    assert client.post(url, envoi | {"personne": zoe.pk, "date_debut": "2024-09-23"}).status_code == 302
    mandat = MandatMembre.objects.get()

    remplacement = f"/dijon-2024/gouvernance/mandats/{mandat.pk}/remplacer/"
    envoi = formulaire(client.get(remplacement)) | {"personne": lea.pk, "date": "2024-09-01"}
    assert "choisissez un jour d’après" in client.post(remplacement, envoi).content.decode()
    page = client.post(remplacement, envoi | {"date": "2026-03-29"}, follow=True).content.decode()
    assert "Léa Petit succède à Zoé Martin le 29/03/2026" in page

    nouveau = MandatMembre.objects.get(personne=lea)
    edition = f"/dijon-2024/gouvernance/mandats/{nouveau.pk}/modifier/"
    assert client.post(edition, formulaire(client.get(edition)) | {"qualite": "suppleant"}).status_code == 302
    nouveau.refresh_from_db()
    assert nouveau.qualite == "suppleant"
    retrait = f"/dijon-2024/gouvernance/mandats/{nouveau.pk}/retirer/"
    client.post(retrait)
    assert list(MandatMembre.objects.all()) == [mandat]
    historique = client.get(f"{COPIL}historique/").content.decode()
    assert "Mandat : adjoint au maire" in historique
    assert "Suppression" in historique


def test_a_form_sent_twice_gives_the_seat_once(client_de, siege, zoe):
    client, url = client_de("cooperation"), f"/dijon-2024/gouvernance/sieges/{siege.pk}/personne/"
    envoi = formulaire(client.get(url)) | {"personne": zoe.pk}

    client.post(url, envoi)
    assert "déjà enregistré" in client.post(url, envoi, follow=True).content.decode()
    assert MandatMembre.objects.count() == 1


# The Caf's présidence ------------------------------------------------------------------------------------


def test_the_presidence_of_the_caf_is_associated_the_last_year_of_the_convention_only(copil, dijon):
    def associe(annee):
        groupes = collect_composition(copil, au=datetime.date(annee, 6, 1))
        [siege] = [s for groupe in groupes for s in groupe.sieges if s.membre.qualite == "associe"]
        return siege.renouvellement, siege.is_appele

    assert associe(2026) == (2027, False)
    assert associe(2027) == (2027, True)
    dijon.date_fin = None
    dijon.precision_fin = ""
    dijon.save()
    copil.convention.refresh_from_db()
    assert associe(2027) == (None, False)


def test_the_page_says_when_it_is_associated(client_de):
    client = client_de("lecteur")

    assert "(en 2027)" in client.get(COPIL, {"au": "2026-06-01"}).content.decode()
    assert "associée cette année" in client.get(COPIL, {"au": "2027-06-01"}).content.decode()


# Who leaves ----------------------------------------------------------------------------------------------


def test_the_last_function_closed_closes_the_seats(client_de, donner, zoe, siege):
    fonction = Fonction.objects.create(personne=zoe, intitule="Adjointe au maire")
    mandat = donner()
    client, url = client_de("cooperation"), f"/dijon-2024/personnes/{zoe.pk}/modifier/"
    envoi = formulaire(client.get(url)) | {"fonctions-0-date_fin": "2026-03-29"}

    page = client.post(url, envoi, follow=True).content.decode()

    assert "Zoé Martin quitte aussi" in page
    fonction.refresh_from_db()
    mandat.refresh_from_db()
    assert (fonction.date_fin, mandat.date_fin) == (MARS, MARS)


def test_who_keeps_a_function_keeps_the_seat(client_de, donner, zoe):
    Fonction.objects.create(personne=zoe, intitule="Adjointe")
    Fonction.objects.create(personne=zoe, intitule="Présidente du CCAS")
    mandat = donner()
    client, url = client_de("cooperation"), f"/dijon-2024/personnes/{zoe.pk}/modifier/"

    client.post(url, formulaire(client.get(url)) | {"fonctions-0-date_fin": "2026-03-29"})

    mandat.refresh_from_db()
    assert mandat.date_fin is None


def test_a_mandate_to_come_of_somebody_who_left_is_not_begun(client_de, donner, zoe):
    Fonction.objects.create(personne=zoe, intitule="Adjointe")
    donner(date_debut=datetime.date(2027, 1, 1))
    client, url = client_de("cooperation"), f"/dijon-2024/personnes/{zoe.pk}/modifier/"

    client.post(url, formulaire(client.get(url)) | {"fonctions-0-date_fin": "2026-03-29"})

    assert not MandatMembre.objects.exists()
    assert MandatMembre.historique.latest().history_type == "-"


def test_an_anonymisation_closes_the_seat_and_names_nobody(donner, zoe, client_de):
    mandat = donner()
    with pytest.raises(Exception, match="encore en cours"):
        anonymiser(sujet_de(personne=zoe), au=TODAY)

    anonymiser(sujet_de(personne=zoe), au=TODAY, forcer=True)

    mandat.refresh_from_db()
    assert mandat.date_fin == TODAY
    assert "Zoé" not in client_de("lecteur").get(COPIL, {"au": "2025-01-01"}).content.decode()
