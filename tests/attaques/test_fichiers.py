"""Files that are not what their name says, at every door that takes one; and what opening one may cost."""

import io
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ctg.models import Convention
from tests.attaques.bombes import BOMBES, xlsx
from tests.attaques.formulaires import TECHNIQUES, rien_ne_reste
from tests.matrice import TABLE, url_de
from tests.navigation import formulaire

pytestmark = pytest.mark.django_db
# {door: the account that opens it}
PORTES = {
    "structures:importer": "cooperation",
    "structures:import_activite:importer": "cooperation",
    "veille:importer": "cooperation",
    "ctg:charger_convention": "admin",
    "ctg:contours_importer": "cooperation",
    "evaluation:classeur_deposer": "cooperation",
    "evaluation:classeur_convention_deposer": "cooperation",
    "evaluation:bilan_controle": "cooperation",
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
EXE = b"MZ\x90\x00\x03" + b"\0" * 200


def zip_slip() -> bytes:
    sortie = io.BytesIO(xlsx(b""))
    with zipfile.ZipFile(sortie, "a") as archive:
        archive.writestr("../../../../tmp/ctg-zip-slip", b"x")
        archive.writestr("/tmp/ctg-zip-slip", b"x")
    return sortie.getvalue()


def image(cote: tuple[int, int], sorte: str = "PNG") -> bytes:
    Image.new("1" if sorte == "PNG" else "L", cote).save(sortie := io.BytesIO(), sorte)
    return sortie.getvalue()


# {what: (its name, what it holds)}
FICHIERS = {
    "svg": ("bilan.pdf", SVG),
    "html": ("tableau.xlsx", HTML),
    "exe": ("tableau.csv", EXE),
    "polyglotte": ("tableau.xlsx", b"%PDF-1.7\n" + HTML + xlsx(b"")),
    "zip_et_page": ("tableau.xlsx", xlsx(b"") + HTML),
    "vide": ("tableau.xlsx", b""),
    "double_extension": ("tableau.xlsx.exe", EXE),
    "page_en_geojson": ("zones.geojson", HTML),
    "json_profond": ("zones.geojson", b"[" * 100_000),
    "glissade": ("tableau.xlsx", zip_slip()),
    "nom_long": ("é" * 300 + ".xlsx", SVG),
    "nom_balise": ('"><img src=x onerror=alert(1)>.csv', EXE),
    "nom_retourne": ("tableau\u202exslx.exe", EXE),
    "nom_chemin": ("../../../../etc/passwd", b"root:x:0:0\n"),
    "image": ("photo.jpg", image((50, 50), "JPEG")),
    "nul": ("tableau.csv", b"nom;adresse\n\0;\0\n"),
}


@pytest.mark.parametrize("porte", PORTES)
def test_what_is_not_the_file_that_is_asked_for_is_refused_with_a_sentence(client_de, porte):
    client, url = client_de(PORTES[porte]), url_de(porte, TABLE[porte].kwargs)
    client.raise_request_exception = False
    vierge = client.get(url).content.decode()

    for quoi, (nom, octets) in FICHIERS.items():
        with rien_ne_reste() as ecrits:
            fichier = SimpleUploadedFile(nom, octets, "application/pdf")
            reponse = client.post(url, {"fichier": fichier, "source": "essai"}, follow=True)
        page = reponse.content.decode()
        assert reponse.status_code == 200, quoi
        assert [ligne for ligne in ecrits if ligne._meta.model_name not in TECHNIQUES] == [], quoi
        assert "alert(" not in page, quoi
        assert "\u202e" not in page, quoi
        assert _phrases(page) > _phrases(vierge), quoi


def _phrases(page: str) -> int:
    """Of those that say what is wrong, or what to do with it."""
    return sum(page.count(mot) for mot in ("fichier", "classeur", "choisi"))


@pytest.mark.parametrize(
    ("nom", "octets", "dit"),
    [
        ("logo.png", SVG, "n’est pas une image PNG ou JPEG"),
        ("logo.jpg", HTML, "n’est pas une image PNG ou JPEG"),
        ("logo.png", EXE, "n’est pas une image PNG ou JPEG"),
        ("logo.png", image((50, 50))[:60], "n’est pas une image PNG ou JPEG"),
        ("logo.png", b"", "est vide"),
        ("é" * 300 + ".png", image((50, 50)), "au plus 100 caractères"),
        ("logo.png", image((10_000, 5_000)), "dépasse 2000 pixels de côté"),
        ("logo.png", image((50, 50)) + b"\0" * 500_000, "dépasse 500 ko"),
    ],
)
def test_a_logo_is_judged_by_what_it_holds(client_de, nom, octets, dit):
    client = client_de("cooperation")
    data = formulaire(client.get("/dijon-2024/parametres/"))

    reponse = client.post(
        "/dijon-2024/parametres/", data | {"logo": SimpleUploadedFile(nom, octets, "image/png")}
    )

    assert reponse.status_code == 200
    assert dit in reponse.content.decode()
    assert Convention.objects.get(slug="dijon-2024").logo.name == ""


@pytest.mark.parametrize("nom", ["x.html", "logo.png.svg", "../../x.png", "\u202egnp.exe"])
def test_a_logo_is_kept_under_a_name_of_ours_and_given_as_an_image(client_de, settings, tmp_path, nom):
    """A picture with a page behind it is a picture: no browser is let to think otherwise."""
    settings.MEDIA_ROOT = tmp_path
    client = client_de("cooperation")
    data = formulaire(client.get("/dijon-2024/parametres/"))
    fichier = SimpleUploadedFile(nom, image((50, 50)) + HTML, "text/html")

    client.post("/dijon-2024/parametres/", data | {"logo": fichier})
    reponse = client.get("/dijon-2024/logo/")

    assert [f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*") if f.is_file()] == [
        "logos/dijon-2024.png"
    ]
    assert reponse["Content-Type"] == "image/png"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reponse["Content-Security-Policy"]


MEMOIRE = 200  # MiB; the time is told and not asserted: a slow machine is no fault


def test_bombs_are_refused_without_being_opened():
    resultat = subprocess.run(
        [sys.executable, "-m", "tests.attaques.bombes"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )

    couts = [ligne.split("\t") for ligne in resultat.stdout.splitlines()]
    assert [nom for nom, *_ in couts] == list(BOMBES)
    for nom, secondes, memoire, phrase in couts:
        assert phrase.endswith("."), nom
        assert int(memoire) <= MEMOIRE, f"{nom} : {memoire} MiB, {secondes} s"


def test_entities_are_never_expanded():
    """openpyxl asks defusedxml, where it is installed: it is."""
    import defusedxml
    import openpyxl

    assert defusedxml.__version__
    assert openpyxl.DEFUSEDXML
