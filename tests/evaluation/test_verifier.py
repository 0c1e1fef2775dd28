"""Each invariant, broken behind the back of every service, is found and named; a healthy base has no fault."""

import datetime
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from ctg import declencheurs
from ctg.invariants import fautes
from ctg.models import Convention, Personne
from evaluation.avenants.application import appliquer
from evaluation.avenants.enums import NatureChangement
from evaluation.avenants.services import Proposition, arreter, preparer_projet, signer
from evaluation.models import Mesure, ProjetAvenant, Saisie
from fiches.models import Axe, FicheProjet
from gouvernance.models import DocumentDiffuse, MandatMembre, Membre, Reunion
from gouvernance.transitions import appliquer as appliquer_compte_rendu

JOUR = datetime.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _fichiers(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "fichiers"


@pytest.fixture
def voisine(dijon):
    """Another convention of the same territory, with an axe."""
    convention = Convention.objects.create(
        territoire=dijon.territoire, slug="voisine", intitule="La convention voisine"
    )
    Axe.objects.create(convention=convention, code="V", numero=1, ordre=1, intitule="Un axe voisin")
    return convention


@pytest.fixture
def applique(dijon, compte):
    """An avenant that gave PE-3 another title, applied."""
    fiche = FicheProjet.objects.get(convention=dijon, code="PE-3", date_fin=None)
    changement = Proposition(NatureChangement.FICHE_MODIFIER, fiche, {"intitule": "Un accueil partout"})
    projet = preparer_projet(dijon, objet="La petite enfance", date_effet=JOUR, changements=[changement])
    arreter(projet.pk)
    signer(projet.pk, date_signature=datetime.date(2026, 7, 1))
    return appliquer(projet.pk, user=compte("cooperation"), now=timezone.now())


def axes(*codes):
    return [Axe.objects.get(convention__slug="dijon-2024", code=code) for code in codes]


def trouvees() -> list[str]:
    return [faute.replace("\N{NO-BREAK SPACE}", " ") for faute in fautes()]


def modifier(objet, **champs):
    type(objet)._base_manager.filter(pk=objet.pk).update(**champs)


def test_a_healthy_base_has_none(applique, capsys):
    assert trouvees() == []
    call_command("verifier")
    assert "est intact" in capsys.readouterr().out


def test_the_command_says_each_fault_and_fails(dijon, capsys):
    modifier(dijon, logo="logos/absent.png")
    modifier(*axes("PE.1"), rang=5)
    with pytest.raises(CommandError, match="2 anomalies"):
        call_command("verifier")
    assert "logos/absent.png n’est plus dans le dossier des fichiers" in capsys.readouterr().err


def test_a_file_that_no_row_names(dijon):
    for nom in ("logos/vieux.png", "logos/recent.png"):
        default_storage.save(nom, ContentFile(b"un logo"))
    hier = timezone.now().timestamp() - 86400
    os.utime(default_storage.path("logos/vieux.png"), (hier, hier))
    assert trouvees() == ["logos/vieux.png : aucune ligne ne nomme ce fichier"]
    modifier(dijon, logo="logos/vieux.png")
    assert trouvees() == []


def test_two_texts_of_one_lineage_in_force_together(dijon):
    premier, second = axes("PE.4", "PE.5")
    modifier(second, succede_a=premier, date_effet=JOUR)
    assert trouvees() == [f"{second} : deux textes sont en vigueur en même temps (axe)"]
    modifier(premier, date_fin=JOUR)
    assert trouvees() == []
    modifier(premier, date_fin=JOUR + datetime.timedelta(days=1))
    assert len(trouvees()) == 1


def test_an_axe_under_itself(dijon):
    haut, bas = axes("PE", "PE.1")
    modifier(haut, parent=bas, rang=3)
    dites = trouvees()
    assert "dijon-2024, axe PE : il est sous lui-même" in dites
    assert "dijon-2024, axe PE.1 : il est sous lui-même" in dites


def test_an_axe_under_another_convention(voisine):
    [axe] = axes("PE.1")
    modifier(axe, parent=voisine.axes.get())
    assert trouvees() == ["dijon-2024, axe PE.1 : il est sous un axe d’une autre convention"]


@pytest.mark.parametrize("lien", ["axe", "axes"])
def test_a_fiche_on_an_axe_of_another_convention(voisine, lien):
    fiche = FicheProjet.objects.get(convention__slug="dijon-2024", code="PE-1")
    if lien == "axe":
        modifier(fiche, axe=voisine.axes.get())
    else:
        fiche.axes.add(voisine.axes.get())
    assert trouvees() == ["dijon-2024, fiche PE-1 : elle est rattachée à un axe d’une autre convention"]


def test_something_on_a_text_that_was_replaced(applique):
    ancienne = FicheProjet.objects.get(code="PE-3", succede_a=None)
    ancienne.etapes.model.objects.bulk_create(
        [ancienne.etapes.model(fiche=ancienne, ordre=1, intitule="Égarée")]
    )
    assert trouvees() == ["PE-3 : étape sur un texte qu’un avenant a remplacé"]


def test_one_seat_held_twice(dijon):
    membre = Membre.objects.filter(instance_gouvernance__convention=dijon).first()
    zoe = Personne.objects.create(convention=dijon, nom="Martin", prenom="Zoé")
    fin = datetime.date(2026, 3, 1)
    premier, second = MandatMembre.objects.bulk_create(
        [
            MandatMembre(membre=membre, personne=zoe, date_fin=fin),
            MandatMembre(membre=membre, personne=zoe, date_debut=fin),
        ]
    )
    assert trouvees() == []
    modifier(second, date_debut=datetime.date(2026, 2, 1))
    [faute] = trouvees()
    assert f"le mandat n° {second.pk} commence avant la fin du n° {premier.pk}" in faute


@pytest.mark.parametrize("annee", [2023, 2029])
def test_a_value_out_of_its_years(dijon, annee):
    mesure = Mesure.objects.filter(indicateur__fiche__convention=dijon).order_by("pk").first()
    modifier(mesure, annee=annee)
    assert trouvees() == [
        f"dijon-2024, indicateur {mesure.indicateur.code} : une valeur de {annee}, où il n’existe pas"
    ]


def test_an_entry_of_another_convention(dijon, voisine):
    saisie = Saisie.objects.get(fiche__code="PE-1", campagne__annee=2025)
    fiche = FicheProjet.objects.create(
        convention=voisine, axe=voisine.axes.get(), code="V-1", numero=1, intitule="Une fiche voisine"
    )
    modifier(saisie, fiche=fiche)
    assert trouvees() == ["dijon-2024, Campagne 2025 : la saisie de V-1, fiche d’une autre convention"]


def test_an_avenant_that_the_plan_does_not_say(applique):
    fiche = FicheProjet.objects.get(code="PE-3", succede_a__isnull=False)
    [ligne] = applique.changements.all()
    modifier(fiche, date_effet=JOUR + datetime.timedelta(days=1))
    assert trouvees() == [f"dijon-2024, {applique} : « {ligne} » n’est pas dans la convention"]


def test_what_an_avenant_settled_has_changed(applique):
    modifier(
        ProjetAvenant.objects.get(pk=applique.pk), contenu=applique.contenu.replace("partout", "ailleurs")
    )
    assert trouvees() == [f"dijon-2024, {applique} : le contenu arrêté n’a pas l’empreinte notée"]


def test_minutes_without_their_file_unless_they_were_distributed_before_files_were_kept(
    dijon, compte, dessin_rapide
):
    reunion = Reunion.objects.exclude(compte_rendu="").filter(convention=dijon).order_by("date").first()
    for action, nom in (("transmettre", "cooperation"), ("avaliser", "caf"), ("diffuser", "cooperation")):
        appliquer_compte_rendu(action, reunion.pk, user=compte(nom), now=timezone.now())
    assert trouvees() == []
    with declencheurs.leves():
        DocumentDiffuse.objects.all().delete()
    assert trouvees() == [f"dijon-2024, {reunion} : le fichier du compte rendu diffusé manque"]
    Reunion.historique.filter(id=reunion.pk).update(
        history_date=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    )
    assert trouvees() == []
