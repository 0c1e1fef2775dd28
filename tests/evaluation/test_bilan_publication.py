"""What is published: six files for ever, their marks, the contrôle, the public output."""

import io
import json
import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader, PdfWriter

from ctg import declencheurs
from ctg.models import Personne
from evaluation.canonique import empreinte
from evaluation.controle import Verdict, controler, identifiants
from evaluation.documents import FORMATS, render_bilan_pdf
from evaluation.edition import Edition
from evaluation.editions import edition_de
from evaluation.enums import StatutBilan as B
from evaluation.models import (
    Avancement,
    Bilan,
    Campagne,
    DocumentPublie,
    Effet,
    Indicateur,
    Mesure,
    ModaliteIndicateur,
    TextePublic,
    ValeurVentilee,
)
from evaluation.noms import decouper, nomme
from evaluation.transitions import appliquer_campagne
from fiches.models import FicheProjet
from tests.evaluation.conftest import ANNEE
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
DEMO = " — DONNÉES DE DÉMONSTRATION"
MARQUES = {
    B.FIGEE: "PROJET — NE PAS DIFFUSER",
    B.AU_DEBAT: "DOCUMENT DE TRAVAIL — SOUMIS AU DÉBAT",
    B.TRANSMISE: "PROJET — NE PAS DIFFUSER",
    B.REFUSEE: "PROJET — NE PAS DIFFUSER",
    B.AVALISEE: "PROJET SOUMIS AU COPIL",
    B.SOUMISE_COPIL: "PROJET SOUMIS AU COPIL",
    B.PUBLIEE: "",
    B.REMPLACEE: "VERSION REMPLACÉE — NE PAS DIFFUSER",
}


@pytest.mark.parametrize("statut", B.values)
def test_every_document_says_its_state_and_its_identifier(amener, statut):
    bilan = amener(statut)
    marque = (MARQUES[statut] + DEMO).removeprefix(" — ")

    for sortie in ("complet", "public"):
        edition = edition_de(bilan, sortie)
        identifiant = f"CTG/dijon-2024/{ANNEE}/v1/{sortie}/{bilan.empreinte[:12]}"
        dit = json.loads(FORMATS["json"].render(edition))
        assert (dit["marques"], dit["identifiant"]) == (marque, identifiant)
        classeur = load_workbook(io.BytesIO(FORMATS["xlsx"].render(edition)))
        for feuille in classeur:
            assert feuille["A2"].value.startswith(marque)
            assert identifiant in feuille["A3"].value
            assert feuille.oddHeader.right.text == marque
            assert feuille.oddFooter.left.text == identifiant


@pytest.mark.document
def test_every_page_of_the_pdf_says_its_mark_and_its_identifier(contenu):
    edition = Edition(contenu, etat=B.AVALISEE, version=1, empreinte="ab" * 32)

    for page in PdfReader(io.BytesIO(render_bilan_pdf(edition))).pages:
        texte = re.sub(r"\s+", " ", page.extract_text())
        assert "PROJET SOUMIS AU COPIL" in texte
        assert edition.identifiant in texte


def test_published_files_are_stored_and_served_as_they_are(amener, client_de):
    bilan = amener(B.PUBLIEE)
    for document in bilan.documents.all():
        response = client_de("cooperation").get(
            f"/dijon-2024/evaluation/{ANNEE}/bilan/v1/{document.sortie}/{document.extension}/"
        )
        octets = response.getvalue()
        assert len(octets) == document.taille
        assert controler(octets).document == document
        assert document.nom in response["Content-Disposition"]
    assert bilan.documents.count() == 6
    acte = json.loads(bilan.acte.contenu)
    assert bilan.acte.empreinte == empreinte(bilan.contenu, bilan.acte.contenu)
    assert (acte["empreinte"], acte["version"], acte["rectificatif"]) == (bilan.empreinte, 1, 0)
    assert acte["dispenses"][0]["motif"] == "Le séminaire n’a pas pu se tenir."
    assert acte["avals"][0]["organisme"] == "Caf de la Côte-d’Or"
    assert acte["conclusion"]["texte"] == "Le COPIL approuve le bilan."
    assert "Compte" not in bilan.acte.contenu  # functions, not people


def test_a_published_file_that_is_lost_is_not_found_rather_than_remade(amener, client_de):
    document = amener(B.PUBLIEE).documents.get(sortie="complet", extension="json")
    default_storage.delete(document.fichier.name)

    assert client_de("copil").get(f"/dijon-2024/evaluation/{ANNEE}/bilan/v1/complet/json/").status_code == 404


def test_nothing_is_left_when_publishing_fails(amener, agir, monkeypatch):
    bilan = amener(B.SOUMISE_COPIL)
    agir("conclure", bilan, date=str(timezone.localdate()), texte="Oui")
    vrai, faits = DocumentPublie.save, []

    def save(self, *args, **kwargs):
        faits.append(self.fichier.name)
        if len(faits) == 4:
            raise OSError("disque plein")
        vrai(self, *args, **kwargs)

    monkeypatch.setattr(DocumentPublie, "save", save)
    with pytest.raises(OSError, match="disque plein"):
        agir("publier", bilan)

    assert Bilan.objects.get(pk=bilan.pk).statut == B.SOUMISE_COPIL
    assert [nom for nom in faits if default_storage.exists(nom)] == []


def modifier_xlsx(octets):
    """Another value in a cell, as a spreadsheet saves it."""
    classeur = load_workbook(io.BytesIO(octets))
    classeur["Tableau récapitulatif"]["C5"] = "Autre"
    classeur.save(sortie := io.BytesIO())
    return sortie.getvalue()


def comprimer(octets):
    refait = io.BytesIO()
    with ZipFile(io.BytesIO(octets)) as ancien, ZipFile(refait, "w", ZIP_DEFLATED) as nouveau:
        for nom in ancien.namelist():
            nouveau.writestr(nom, ancien.read(nom))
    return refait.getvalue()


def test_a_file_is_published_modified_or_unknown(amener):
    bilan = amener(B.PUBLIEE)
    fichiers = {d.extension: d.fichier.open("rb").read() for d in bilan.documents.filter(sortie="complet")}

    assert {controler(octets).verdict for octets in fichiers.values()} == {Verdict.PUBLIE}
    for octets in (
        fichiers["json"].replace(b'"1385"', b'"1386"'),
        fichiers["pdf"] + b"\n",
        modifier_xlsx(fichiers["xlsx"]),
        comprimer(fichiers["xlsx"]),
        fichiers["xlsx"][: len(fichiers["xlsx"]) * 3 // 4],  # a download that stopped
    ):
        controle = controler(octets)
        assert (controle.verdict, controle.bilan) == (Verdict.MODIFIE, bilan)
    for octets in (
        b"",
        b"rien",
        b"PK\x03\x04 faux",
        b"PK\x03\x04" + b"\xff" * 200,
        b"%PDF stream\nxx",
        b"CTG/dijon-2024/2025/v9/complet/abcdefabcdef",
    ):
        assert controler(octets).verdict is Verdict.INCONNU


@pytest.mark.document
def test_a_pdf_saved_again_is_known_by_its_identifier(contenu):
    edition = Edition(contenu, etat=B.AVALISEE, version=1, empreinte="ab" * 32)
    vrai = render_bilan_pdf(edition)
    ecrivain = PdfWriter(clone_from=io.BytesIO(vrai))
    ecrivain.write(refait := io.BytesIO())

    assert edition.identifiant in identifiants(vrai)
    assert edition.identifiant in identifiants(refait.getvalue())


def test_the_page_of_controle(amener, client_de):
    bilan = amener(B.PUBLIEE)
    document = bilan.documents.get(sortie="public", extension="xlsx")
    url = f"/dijon-2024/evaluation/{ANNEE}/bilan/controle/"
    page = client_de("lecteur").post(url, {"fichier": document.fichier.open("rb")}).content.decode()
    assert "Publié." in page
    assert document.nom in page
    assert "obligatoire" in client_de("lecteur").post(url).content.decode()


def test_verifier_says_of_each_file_what_it_is(amener, tmp_path, capsys):
    bilan = amener(B.PUBLIEE)
    bon, faux = tmp_path / "bon.json", tmp_path / "faux.json"
    octets = bilan.documents.get(sortie="public", extension="json").fichier.open("rb").read()
    bon.write_bytes(octets)
    faux.write_bytes(octets + b" ")

    call_command("verifier", bon)
    with pytest.raises(CommandError, match="1 anomalie"):
        call_command("verifier", bon, faux)
    dit = capsys.readouterr().out
    assert f"{bon} : publié" in dit
    assert f"{faux} : modifié" in dit
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("verifier", tmp_path / "absent.pdf")


def test_verifier_finds_what_is_broken(amener, capsys):
    bilan = amener(B.PUBLIEE)
    call_command("verifier")
    document = bilan.documents.get(sortie="complet", extension="json")
    with Path(document.fichier.path).open("ab") as fichier:
        fichier.write(b" ")
    default_storage.delete(bilan.documents.get(sortie="complet", extension="pdf").fichier.name)
    declencheurs.retirer()
    Bilan.objects.filter(pk=bilan.pk).update(contenu=bilan.contenu.replace('"1385"', '"1386"'))
    bilan.avals.update(empreinte="0" * 64)

    with pytest.raises(CommandError, match="5 anomalies"):
        call_command("verifier")

    dit = capsys.readouterr().err
    declencheurs.installer()
    for faute in (
        "le contenu n’a pas l’empreinte notée",
        "un aval porte sur un autre contenu",
        "l’acte de publication n’a pas l’empreinte notée",
        "n’est plus celui qui a été publié",
        "ne se lit pas",
    ):
        assert faute in dit


def detailler(valeurs):
    mesure = Mesure.objects.get(indicateur__code="PE-1-01", annee=ANNEE)
    Indicateur.objects.filter(pk=mesure.indicateur_id).update(ventilation="age")
    for ordre, valeur in enumerate(valeurs, start=1):
        part = ModaliteIndicateur.objects.create(
            indicateur_id=mesure.indicateur_id, ordre=ordre, libelle=f"Part {ordre}"
        )
        ValeurVentilee.objects.create(mesure=mesure, modalite=part, valeur=valeur)
    mesure.valeur, mesure.commentaire, mesure.motif = sum(valeurs), "Selon Camille Secret", "Motif secret"
    mesure.save()
    return mesure


def test_the_public_output_names_nobody_and_hides_small_counts(dijon, amener, compte):
    """Whatever somebody wrote of a person during the year is nowhere in the public forms."""
    detailler([3, 700, 40])
    nom = Personne.objects.create(convention=dijon, prenom="Camille", nom="Secret")
    for champ in ("realisations", "publics_touches", "difficultes", "ajustements", "decision_demandee"):
        Avancement.objects.filter(fiche__code="PE-1", annee=ANNEE).update(**{champ: f"Avec {nom}"})
    pe1 = FicheProjet.objects.get(code="PE-1")
    pe1.etapes.update(intitule=f"Confier à {nom}")
    Mesure.objects.filter(indicateur__code="PE-1-04").update(valeur_texte=f"Dit par {nom}")
    for fiche in (pe1, None):
        Effet.objects.create(
            convention=dijon,
            fiche=fiche,
            annee=ANNEE,
            constat=f"{nom} l’a vu",
            sens="positif",
            is_attendu=True,
            origine="direct",
        )
    TextePublic.objects.create(
        convention=dijon,
        fiche=pe1,
        annee=ANNEE,
        champ="realisations",
        texte="Le guichet est ouvert.",
        approuve_par=compte("cooperation"),
        date_approbation="2026-02-01T10:00:00Z",
    )
    bilan = amener(B.SOUMISE_COPIL)
    complet, public = edition_de(bilan, "complet"), edition_de(bilan, "public")

    for edition, dit in ((complet, True), (public, False)):
        texte = FORMATS["json"].render(edition).decode() + FORMATS["pdf"].render(edition).decode()
        classeur = load_workbook(io.BytesIO(FORMATS["xlsx"].render(edition)))
        texte += " ".join(str(c.value) for f in classeur for row in f.iter_rows() for c in row)
        assert ("Secret" in texte) is dit
        assert ("Le guichet est ouvert." in texte) is not dit
        assert ("moins de 5" in texte) is not dit
        assert ("non publié" in texte) is not dit
    ligne = next(i for f in public.contenu.fiches for i in f.indicateurs if i.code == "PE-1-01")
    assert [(p.valeur, p.masque) for p in ligne.valeur.parts] == [
        (None, "moins de 5"),
        (700, ""),
        (None, "non publié"),
    ]
    assert ligne.valeur.nombre == 743


def test_a_total_that_gives_a_count_away_is_hidden_everywhere(amener):
    detailler([3])
    public = edition_de(amener(B.FIGEE), "public")
    ligne = next(i for f in public.contenu.fiches for i in f.indicateurs if i.code == "PE-1-01")

    assert (ligne.valeur.nombre, ligne.valeur.masque, ligne.ecart, ligne.atteinte) == (
        None,
        "non publié",
        None,
        None,
    )
    assert next(p.valeur for p in ligne.serie if p.annee == ANNEE) is None


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Avec Camille LEFÈVRE.", ["LEFÈVRE"]),
        ("lefevre", ["lefevre"]),
        ("Mme Martin-Dupont, puis Martin", ["Martin-Dupont"]),
        ("Le lefevrier", []),
        ("", []),
    ],
)
def test_known_names_are_found_as_whole_words(texte, attendu):
    noms = frozenset({"lefevre", "martin dupont"})

    assert nomme(texte, noms) == attendu
    assert "".join(morceau for morceau, _ in decouper(texte, noms)) == texte


def test_texts_are_approved_one_by_one_with_names_highlighted(amener, client_de, dijon):
    Personne.objects.create(convention=dijon, prenom="Camille", nom="Lefèvre")
    Avancement.objects.filter(fiche__code="PE-1", annee=ANNEE).update(
        realisations="Avec Camille LEFEVRE, tout va."
    )
    amener(B.FIGEE)
    client, url = client_de("cooperation"), f"/dijon-2024/evaluation/{ANNEE}/bilan/textes-publics/"
    assert "<mark>LEFEVRE</mark>" in client.get(url).content.decode()
    cle = {"fiche": "PE-1", "champ": "realisations"}

    refus = client.post(url, cle | {"PE-1-realisations-texte": "Merci à Lefèvre"}).content.decode()
    assert "Ce texte nomme : Lefèvre" in refus
    assert "<mark>Lefèvre</mark>" in refus
    assert not TextePublic.objects.exists()

    client.post(url, cle | {"PE-1-realisations-texte": "Tout va."})
    assert TextePublic.objects.get().texte == "Tout va."
    client.post(url, cle | {"PE-1-realisations-texte": "Place Lefèvre", "PE-1-realisations-confirmer": "on"})
    assert TextePublic.objects.get().texte == "Place Lefèvre"
    client.post(url, cle | {"PE-1-realisations-texte": ""})
    assert not TextePublic.objects.exists()
    assert client.post(url, {"fiche": "", "champ": "realisations"}).status_code == 404


def test_the_whole_way_by_the_pages(close, client_de, pdf_rapide):
    """Each next step is the first button of the page, and its page does it."""
    base = f"/dijon-2024/evaluation/{ANNEE}/bilan/"
    client_de("cooperation").post(f"{base}figer/")
    saisies = {
        "consigner": {"date": str(timezone.localdate()), "intitule": "Séminaire", "remarques": "Bien."},
        "conclure": {"date": str(timezone.localdate()), "texte": "Le COPIL approuve."},
    }
    pe1 = FicheProjet.objects.get(code="PE-1")
    saisies["consigner"][f"fiche-{pe1.pk}"] = "Revoir"
    for action in (
        "ouvrir-debat",
        "consigner",
        "clore-debat",
        "transmettre",
        "avaliser",
        "soumettre",
        "conclure",
        "publier",
    ):
        client = client_de("caf" if action == "avaliser" else "cooperation")
        page = client.get(base).content.decode()
        premier = re.search(r'btn btn-principal" href="[^"]*/bilan/v1/([a-z-]+)/"', page)
        assert premier[1] == action
        data = formulaire(client.get(f"{base}v1/{action}/")) | saisies.get(action, {})
        response = client.post(f"{base}v1/{action}/", data)
        assert response.status_code == 302, action
        assert response["Location"] == base
        deja = client.post(f"{base}v1/{action}/", data, follow=True).content.decode()  # a double click
        assert "était déjà enregistré" in deja
    assert Bilan.objects.get(annee=ANNEE).statut == B.PUBLIEE
    assert "Le COPIL approuve." in client_de("copil").get(base).content.decode()


def test_a_refusal_offers_the_correction_with_the_fiches_of_the_remarks(amener, agir, client_de):
    bilan = amener(B.AU_DEBAT)
    pe1 = FicheProjet.objects.get(code="PE-1")
    agir(
        "consigner",
        bilan,
        date=str(timezone.localdate()),
        intitule="Séminaire",
        par_fiche={pe1: "Revoir"},
        is_modification_demandee=True,
    )
    agir("clore-debat", bilan)
    client, url = client_de("cooperation"), f"/dijon-2024/evaluation/{ANNEE}/bilan/v1/corriger/"
    data = formulaire(client.get(url))
    assert [nom for nom in data if re.fullmatch(r"f\d+", nom)] == [f"f{pe1.pk}"]
    assert "Dit au débat\u00a0: Revoir" in client.get(url).content.decode()

    client.post(url, data | {"motif": "Moyens de PE-1", "date_limite": "2026-12-31"})

    [correction] = bilan.campagne.corrections.all()
    assert (correction.motif, [s.fiche for s in correction.saisies.all()]) == ("Moyens de PE-1", [pe1])
    assert (
        "correction est en préparation"
        in client.get(f"/dijon-2024/evaluation/{ANNEE}/bilan/").content.decode()
    )


def test_the_command_gives_the_published_file(amener, tmp_path):
    bilan = amener(B.PUBLIEE)
    sortie = tmp_path / "b.json"
    call_command("produire_bilan", "dijon-2024", str(ANNEE), f"--json={sortie}", "--public", verbosity=0)
    assert (
        sortie.read_bytes()
        == bilan.documents.get(sortie="public", extension="json").fichier.open("rb").read()
    )
    with pytest.raises(CommandError, match="n’a pas de version 7"):
        call_command("produire_bilan", "dijon-2024", str(ANNEE), f"--json={sortie}", "--version=7")


def test_a_correction_from_a_bilan_names_its_fields_and_shows_where_it_is(amener, client_de, compte):
    amener(B.REFUSEE)
    client, annee = client_de("cooperation"), "/dijon-2024/evaluation/2025/"
    adresse = f"{annee}bilan/v1/corriger/"
    pe1 = FicheProjet.objects.get(code="PE-1", date_fin=None)
    page = client.get(adresse).content.decode()
    assert "Les moyens de PE-1 sont faux." in page
    assert f'name="c{pe1.pk}-dit-moyens"' in page

    demandes = {
        f"f{pe1.pk}": "on",
        f"c{pe1.pk}-coche-moyens": "on",
        f"c{pe1.pk}-dit-moyens": "Les bons montants.",
    }
    quand = timezone.localdate().isoformat()
    client.post(
        adresse, formulaire(client.get(adresse)) | demandes | {"motif": "Faux.", "date_limite": quand}
    )
    correction = Campagne.objects.get(parent__annee=2025)
    page = client.get(f"{annee}bilan/").content.decode()
    assert "est en préparation" in page
    assert f'href="{annee}">Voir la campagne de correction' in page

    appliquer_campagne("ouvrir", correction.pk, user=compte("cooperation"), now=timezone.now())
    assert "Les bons montants." in client_de("referent").get(f"{annee}saisie/PE-1/").content.decode()
    [annuelle] = [b for b in client_de("cooperation").get(annee).context["blocs"] if not b.is_correction]
    assert dict(annuelle.statuts)["à corriger"] == 1
    assert [s.saisie.statut for s in annuelle.courants if s.fiche == pe1] == ["a_corriger"]


def test_the_texts_of_a_published_bilan_are_not_offered_for_approval(amener, client_de):
    amener(B.PUBLIEE)
    client, page = client_de("cooperation"), f"/dijon-2024/evaluation/{ANNEE}/bilan/"
    assert "Approuver les textes" not in client.get(page).content.decode()
    nb = TextePublic.objects.count()
    data = {"fiche": "", "champ": "presentation", "convention-presentation-texte": "Après coup"}
    reponse = client.post(f"{page}textes-publics/", data, follow=True)
    assert "ses textes ne changent plus" in reponse.content.decode()
    assert TextePublic.objects.count() == nb


def test_a_published_file_that_one_has_is_not_sent_again(amener, client_de):
    bilan = amener(B.PUBLIEE)
    client, url = client_de("copil"), f"/dijon-2024/evaluation/{ANNEE}/bilan/v1/complet/pdf/"
    empreinte = bilan.documents.get(sortie="complet", extension="pdf").empreinte

    premiere = client.get(url)
    assert premiere["ETag"] == f'"{empreinte}"'
    assert premiere.getvalue()
    seconde = client.get(url, headers={"If-None-Match": premiere["ETag"]})
    assert (seconde.status_code, seconde.content) == (304, b"")
    assert client.get(url, headers={"If-None-Match": '"autre"'}).status_code == 200
