"""The structure of a PDF, read by pikepdf: what a screen reader is given, beside the verdict of a validator."""

import io
import shutil
import subprocess
from collections import Counter

import pikepdf
import pytest

from evaluation.autres_documents import render_coup_d_oeil_pdf, render_fiche_pdf, seule
from evaluation.edition import Edition

pytestmark = [pytest.mark.django_db, pytest.mark.document]

MONTRENT = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"}


def elements(noeud, parents=()):
    """(element, names of what it stands in), in reading order."""
    if isinstance(noeud, pikepdf.Array):
        for enfant in noeud:
            yield from elements(enfant, parents)
    elif isinstance(noeud, pikepdf.Dictionary) and "/S" in noeud:
        yield noeud, parents
        yield from elements(noeud.get("/K", pikepdf.Array()), (*parents, str(noeud.S)))


def attribut(element, nom):
    lus = element.get("/A", pikepdf.Array())
    for lu in lus if isinstance(lus, pikepdf.Array) else [lus]:
        if nom in lu:
            return str(lu[nom])
    return None


def fautes_de_structure(document: pikepdf.Pdf) -> list[str]:
    racine = document.Root
    return [
        *fautes_du_document(racine),
        *fautes_des_titres(racine.StructTreeRoot.K),
        *(
            faute
            for element, parents in elements(racine.StructTreeRoot.K)
            for faute in fautes_de(element, parents)
        ),
        *(f"page {n} : {faute}" for n, page in enumerate(document.pages, 1) for faute in hors_balises(page)),
    ]


def fautes_du_document(racine):
    if not racine.MarkInfo.Marked:
        yield "non balisé"
    if not str(racine.get("/Lang", "")).startswith("fr"):
        yield "langue"
    if not racine.ViewerPreferences.DisplayDocTitle:
        yield "titre non montré"


def fautes_des_titres(arbre):
    niveau = 0
    for element, _ in elements(arbre):
        nom = str(element.S)
        if nom[:2] == "/H" and nom[2:].isdigit():
            if int(nom[2:]) > niveau + 1:
                yield f"{nom} après H{niveau}"
            niveau = int(nom[2:])


def fautes_de(element, parents):
    nom = str(element.S)
    if nom == "/Figure" and not str(element.get("/Alt", "")).strip():
        yield "image sans texte"
    if nom == "/TH" and attribut(element, "/Scope") not in {"/Row", "/Column", "/Both"}:
        yield "en-tête sans portée"
    if nom in {"/TD", "/TH"} and "/TR" not in parents:
        yield f"{nom} hors d’une ligne"
    if nom == "/LI" and parents[-1] != "/L":
        yield "élément hors d’une liste"


def hors_balises(page) -> list[str]:
    """What is drawn outside of the structure and is not said to be decoration; marks that are not closed."""
    ouvertes, fautes = 0, []
    for _, operateur in pikepdf.parse_content_stream(page):
        nom = str(operateur)
        if nom in {"BDC", "BMC"}:
            ouvertes += 1
        elif nom == "EMC":
            ouvertes -= 1
        elif nom in MONTRENT and not ouvertes:
            fautes.append(f"« {nom} » hors de toute balise")
    return [*dict.fromkeys(fautes), *(["balise non fermée"] if ouvertes else [])]


def ouvrir(octets: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(octets))


def test_the_report_is_sound_and_wholly_tagged(pdf):
    with ouvrir(pdf) as document:
        assert document.check_pdf_syntax() == []
        assert fautes_de_structure(document) == []
        noms = Counter(str(element.S) for element, _ in elements(document.Root.StructTreeRoot.K))
        for nom in ("/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/L", "/Link"):
            assert noms[nom] > 5, nom
        with document.open_outline() as plan:
            assert len(plan.root) > 5


def test_the_other_documents_are_too(bilan):
    edition = Edition(bilan)
    for octets in (render_coup_d_oeil_pdf(edition), render_fiche_pdf(seule(edition, "PE-2"))):
        with ouvrir(octets) as document:
            assert fautes_de_structure(document) == []


def test_faults_are_seen(pdf):
    with ouvrir(pdf) as document:
        vus = set()
        for element, _ in elements(document.Root.StructTreeRoot.K):
            nom = str(element.S)
            if nom in vus:
                continue
            vus.add(nom)
            if nom == "/Figure":
                del element["/Alt"]
            elif nom == "/TH":
                del element["/A"]
            elif nom == "/H1":
                element.S = pikepdf.Name("/H3")
        document.Root.Lang = "en"

        fautes = fautes_de_structure(document)

    assert {"langue", "image sans texte", "en-tête sans portée", "/H3 après H0"} <= set(fautes)


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="no veraPDF on this machine")
@pytest.mark.parametrize("profil", ["3a", "ua1"])
def test_verapdf_agrees(pdf, profil, tmp_path):
    chemin = tmp_path / "bilan.pdf"
    chemin.write_bytes(pdf)

    verdict = subprocess.run(
        ["verapdf", "--format", "text", "--flavour", profil, chemin],
        capture_output=True,
        text=True,
        check=False,
    )

    assert verdict.stdout.startswith("PASS"), verdict.stdout


def test_what_a_drawing_shows_is_said_after_its_title(pdf):
    """Values, targets and years without a value, as the screen says them (PE-1-01: fixtures/demo/)."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        dits = [
            str(o.Alt)
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"
        ]

    [dit] = [d for d in dits if "2024\u00a0: 1\u202f310" in d]
    assert "Cibles\u00a0: 2024\u00a0: 1\u202f250" in dit
