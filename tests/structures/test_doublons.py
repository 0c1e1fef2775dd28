"""Two structures, or two organismes, that are one: every link and the past of both are kept, or nothing moves."""

import pytest
from django.core.exceptions import ValidationError

from ctg.chargement.services import charger
from ctg.doublons_organismes import reunir_organismes
from ctg.models import Avenant, Convention, LigneChargee, Organisme, Service
from fiches.models import FicheProjet, Implication
from structures.doublons import reunir_structures
from structures.inscriptions import retirer
from structures.models import Activite, Agrement, Contact, Inscription, Structure
from tests.conftest import FIXTURES
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
REGISTRE = "/dijon-2024/structures/"


@pytest.fixture
def cooperation(compte):
    return compte("cooperation")


@pytest.fixture
def garde():
    return Structure.objects.get(code="a2-01")


@pytest.fixture
def doublon(garde):
    """The same crèche, typed again under another name."""
    doublon = Structure.objects.create(
        territoire=garde.territoire,
        code="balzac",
        nom="Crèche Balzac",
        type_structure=garde.type_structure,
        adresse="25 rue de Balzac",
        siret="73282932000074",
    )
    Contact.objects.create(structure=doublon, fonction="Direction", nom="Ana Diop")
    Activite.objects.create(structure=doublon, annee=2020, places=25)
    Implication.objects.create(
        fiche=FicheProjet.objects.get(code="PE-1"), structure=doublon, role="partenaire"
    )
    return doublon


def test_every_link_and_the_past_of_both_are_kept(garde, doublon, cooperation, client_de):
    ancien = doublon.pk

    reunion = reunir_structures(garde.pk, doublon.pk, user=cooperation)

    assert not Structure.objects.filter(pk=ancien).exists()
    assert garde.contacts.get().nom == "Ana Diop"
    assert garde.activites.get(annee=2020).places == 25
    assert garde.implications.filter(fiche__code="PE-1", role="partenaire").exists()
    garde.refresh_from_db()
    assert (garde.nom, garde.siret) == ("Multi-accueil Balzac", "73282932000074")
    assert garde.autres_graphies == "Crèche Balzac"
    assert ("SIRET", "73282932000074") in reunion.completes
    assert ("adresse", "25 Rue Balzac", "25 rue de Balzac") in reunion.ecartes
    assert Structure.objects.search("creche balzac").get() == garde

    client = client_de("cooperation")
    assert client.get(f"{REGISTRE}{ancien}/")["Location"] == f"{REGISTRE}{garde.pk}/"
    page = client.get(f"{REGISTRE}{garde.pk}/historique/").content.decode()
    assert "Crèche Balzac" in page
    assert "25 rue de Balzac" in page
    motifs = Contact.historique.filter(structure=garde).values_list("history_change_reason", flat=True)
    assert all("Crèche Balzac" in motif for motif in motifs)


def test_merged_twice_the_first_address_still_leads_there(garde, doublon, cooperation, client_de):
    premier = doublon.pk
    milieu = Structure.objects.create(
        territoire=garde.territoire, code="milieu", nom="Balzac 2", type_structure=garde.type_structure
    )

    reunir_structures(milieu.pk, doublon.pk, user=cooperation)
    reunir_structures(garde.pk, milieu.pk, user=cooperation)

    assert client_de("lecteur").get(f"{REGISTRE}{premier}/")["Location"] == f"{REGISTRE}{garde.pk}/"
    garde.refresh_from_db()
    assert garde.autres_graphies.splitlines() == ["Balzac 2", "Crèche Balzac"]


def test_what_both_say_word_for_word_is_kept_once(garde, doublon, cooperation):
    for structure in (garde, doublon):
        Agrement.objects.create(structure=structure, nature="projet-familles")
        Contact.objects.create(structure=structure, fonction="Accueil", telephone="03 80 00 00 00")

    reunion = reunir_structures(garde.pk, doublon.pk, user=cooperation)

    assert garde.agrements.count() == 1
    assert garde.contacts.filter(fonction="Accueil").count() == 1
    assert len(reunion.gardes_une_fois) == 2


def refuse(garde, doublon, user, message):
    avant = Structure.historique.count(), Contact.historique.count()
    with pytest.raises(ValidationError, match=message):
        reunir_structures(garde.pk, doublon.pk, user=user)
    assert Structure.objects.filter(pk=doublon.pk).exists()
    assert doublon.contacts.exists()
    assert (Structure.historique.count(), Contact.historique.count()) == avant


def test_both_inscribed_at_the_same_time_are_refused(garde, doublon, cooperation, dijon):
    Inscription.objects.create(
        convention=dijon, structure=doublon, annexe="2", ordre=99, rubrique="x", nom="Crèche Balzac"
    )

    refuse(garde, doublon, cooperation, "au même moment")


def test_lines_that_follow_one_another_are_one_past(garde, doublon, cooperation, dijon):
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet="2026-06-01")
    avenant.refresh_from_db()
    retirer(garde.inscriptions.get().pk, avenant)
    Inscription.objects.create(
        convention=dijon,
        structure=doublon,
        annexe="2",
        ordre=99,
        rubrique="x",
        nom="Crèche Balzac",
        date_effet="2026-06-01",
    )

    reunir_structures(garde.pk, doublon.pk, user=cooperation)

    assert garde.inscriptions.count() == 2


def test_two_types_are_two_services(garde, doublon, cooperation):
    doublon.type_structure = Structure.objects.filter(type_structure__code="rpe").first().type_structure
    doublon.rectifier("essai")
    doublon.save()

    refuse(garde, doublon, cooperation, "deux services à la même adresse")


def test_two_activities_of_one_year_are_refused(garde, doublon, cooperation):
    Activite.objects.filter(structure=garde, annee=2020).delete()
    Activite.objects.create(structure=garde, annee=2020, places=26)

    refuse(garde, doublon, cooperation, "2020 est saisie des deux côtés")


def test_two_terms_of_one_agrement_are_refused(garde, doublon, cooperation):
    Agrement.objects.create(structure=garde, nature="projet-familles", date_echeance="2026-01-01")
    Agrement.objects.create(structure=doublon, nature="projet-familles", date_echeance="2027-01-01")

    refuse(garde, doublon, cooperation, "déjà cet agrément")


def test_a_convention_that_one_does_not_keep_is_its_keeper_s(garde, doublon, cooperation, dijon):
    autre = Convention.objects.create(territoire=dijon.territoire, slug="autre-2030", intitule="Une autre")
    Inscription.objects.create(
        convention=autre, structure=doublon, annexe="2", ordre=1, rubrique="x", nom="Crèche Balzac"
    )

    refuse(garde, doublon, cooperation, "qui tient aussi cette convention")


def test_a_structure_is_not_merged_with_itself(garde, cooperation):
    with pytest.raises(ValidationError, match="deux structures différentes"):
        reunir_structures(garde.pk, garde.pk, user=cooperation)


def test_the_preview_says_it_and_writes_nothing(garde, doublon, client_de):
    client, url = client_de("cooperation"), f"{REGISTRE}{garde.pk}/fusionner/"
    assert doublon in client.get(url).context["ressemblantes"]
    avant = Structure.historique.count()

    response = client.get(url, {"avec": doublon.pk})

    page = response.content.decode()
    assert "1 contact." in page
    assert "1 activité." in page
    assert "73282932000074" in page
    assert Structure.objects.filter(pk=doublon.pk).exists()
    assert Structure.historique.count() == avant

    response = client.post(url, formulaire(response), follow=True)

    assert "est réunie à" in response.content.decode()
    assert not Structure.objects.filter(pk=doublon.pk).exists()


@pytest.mark.parametrize("avec", ["", "x", "²", "9" * 30])
def test_a_forged_choice_merges_nothing(garde, doublon, client_de, avec):
    url = f"{REGISTRE}{garde.pk}/fusionner/"
    nb = Structure.objects.count()

    client_de("cooperation").get(url, {"avec": avec})
    client_de("cooperation").post(url, {"avec": avec})

    assert Structure.objects.count() == nb


def test_a_refusal_is_read_on_the_preview(garde, doublon, client_de, dijon):
    Inscription.objects.create(
        convention=dijon, structure=doublon, annexe="2", ordre=99, rubrique="x", nom="Crèche Balzac"
    )
    client, url = client_de("cooperation"), f"{REGISTRE}{garde.pk}/fusionner/"

    page = client.get(url, {"avec": doublon.pk}).content.decode()

    assert "ne peuvent pas être réunies maintenant" in page
    assert "retirez d’abord" in page
    assert "Réunir les deux" not in page


def test_loading_the_text_again_after_a_merge_is_no_fault(garde, cooperation, dijon):
    doublon = Structure.objects.get(code="a2-02")
    avenant = Avenant.objects.create(convention=dijon, numero=1, date_effet="2026-06-01")
    avenant.refresh_from_db()
    retirer(garde.inscriptions.get().pk, avenant)
    Inscription.objects.filter(structure=doublon).update(date_effet="2026-06-01")
    Activite.objects.filter(structure__in=(garde, doublon)).delete()
    reunir_structures(garde.pk, doublon.pk, user=cooperation)

    resultat = charger(FIXTURES / "dijon")

    assert resultat.nb_crees == 0
    assert LigneChargee.objects.get(tableau="structures", cle="a2-02").objet_id == garde.pk
    assert any("a2-02" in str(conflit.fichier) for conflit in resultat.conflits)


# Organismes ------------------------------------------------------------------------------------------------


@pytest.fixture
def ville():
    return Organisme.objects.get(nom="Ville de Dijon")


@pytest.fixture
def mairie(ville):
    return Organisme.objects.create(nom="Mairie de Dijon", sigle="MD", autres_graphies="La mairie")


def test_links_of_every_app_move_to_the_organisme_that_stays(ville, mairie, garde, dijon):
    garde.gestionnaire = mairie
    garde.rectifier("essai")
    garde.save()
    fiche = FicheProjet.objects.get(code="PE-2")
    fiche.pilote = mairie
    fiche.rectifier("essai")
    fiche.completer("essai")
    fiche.save()
    Implication.objects.filter(fiche=fiche, role="pilote").delete()
    Implication.objects.create(fiche=fiche, organisme=mairie, role="pilote")
    Service.objects.create(organisme=mairie, nom="Direction neuve")
    dijon.organismes_aval.add(mairie)

    reunir_organismes(ville.pk, mairie.pk)

    assert not Organisme.objects.filter(pk=mairie.pk).exists()
    garde.refresh_from_db()
    fiche.refresh_from_db()
    assert (garde.gestionnaire, fiche.pilote) == (ville, ville)
    assert "Mairie de Dijon" in garde.historique.latest().history_change_reason
    assert Implication.objects.get(fiche=fiche, role="pilote", organisme=ville)
    assert Service.objects.get(nom="Direction neuve").organisme == ville
    assert ville in dijon.organismes_aval.all()
    ville.refresh_from_db()
    assert ville.sigle or ville.autres_graphies
    assert ville.autres_graphies.splitlines()[-2:] == ["Mairie de Dijon", "La mairie"]
    assert Organisme.objects.search("mairie dijon").get() == ville


def test_a_service_that_both_have_is_one_with_what_hangs_on_it(ville, mairie):
    sien = Service.objects.create(organisme=mairie, nom="Éducation")
    mien = Service.objects.create(organisme=ville, nom="Éducation")
    fiche = FicheProjet.objects.get(code="PE-2")
    fiche.service_pilote = sien
    fiche.rectifier("essai")
    fiche.completer("essai")
    fiche.save()

    reunir_organismes(ville.pk, mairie.pk)

    fiche.refresh_from_db()
    assert fiche.service_pilote == mien
    assert Service.objects.filter(nom="Éducation").count() == 1


def test_an_administrateur_merges_organismes_and_reads_what_moves(ville, mairie, client_de, garde):
    garde.gestionnaire = mairie
    garde.rectifier("essai")
    garde.save()
    client, url = client_de("admin"), "/dijon-2024/organismes/fusionner/"
    assert "Celui qui disparaît" in client.get(url).content.decode()

    response = client.get(url, {"garde": ville.pk, "doublon": mairie.pk})
    assert "1 structure" in response.content.decode()
    assert Organisme.objects.filter(pk=mairie.pk).exists()

    client.post(url, formulaire(response))

    garde.refresh_from_db()
    assert garde.gestionnaire == ville


def test_the_same_organisme_twice_is_refused(ville, client_de):
    url = "/dijon-2024/organismes/fusionner/"

    page = client_de("admin").get(url, {"garde": ville.pk, "doublon": ville.pk}).content.decode()

    assert "deux organismes différents" in page
    with pytest.raises(ValidationError, match="différents"):
        reunir_organismes(ville.pk, ville.pk)
