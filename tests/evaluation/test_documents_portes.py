"""By which doors the documents leave: addresses, command, and what the engine may fetch."""

import json

import pytest
from django.core.management import CommandError, call_command

from ctg.pdf import FetchRefusedError, StaticFetcher, write_pdf
from evaluation.documents import FORMATS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "adresse",
    [
        "http://127.0.0.1:9/canari",
        "https://exemple.fr/a.css",
        "file:///etc/hostname",
        "data:text/css,a{}",
        "http://statique.invalid/../ctg/settings.py",
        "http://statique.invalid/ctg/../../settings.css",
        "http://statique.invalid.exemple.fr/a.css",
        "http://statique.invalid/ctg/absent.css",
    ],
)
def test_a_document_fetches_nothing_but_static_files(adresse):
    fetcher = StaticFetcher()

    with pytest.raises(FetchRefusedError):
        fetcher.fetch(adresse)
    assert fetcher.refused == [adresse]


def test_the_engine_asks_our_fetcher_for_everything(monkeypatch):
    demandes = []
    monkeypatch.setattr(StaticFetcher, "_find", lambda self, url: demandes.append(url))

    write_pdf(
        '<link rel=stylesheet href="a.css"><style>@import "http://127.0.0.1:9/b.css";'
        "body { background: url(file:///etc/hostname) }</style>"
        '<link rel=attachment href="file:///etc/hostname"><img src="http://127.0.0.1:9/c.png">'
        '<object data="http://127.0.0.1:9/d.svg"></object><p>x</p>'
    )

    assert {"file:///etc/hostname", "http://127.0.0.1:9/b.css", "http://127.0.0.1:9/c.png"} <= set(demandes)


def test_command_writes_the_three_files(tmp_path, dijon):
    sorties = {ext: tmp_path / f"bilan.{ext}" for ext in FORMATS}

    call_command("produire_bilan", "dijon-2024", 2025, **sorties, verbosity=0)

    assert sorties["pdf"].read_bytes().startswith(b"%PDF")
    assert sorties["xlsx"].read_bytes().startswith(b"PK")
    assert json.loads(sorties["json"].read_text())["bilan"]["annee"] == 2025
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bilan.json", "bilan.pdf", "bilan.xlsx"]


@pytest.mark.parametrize(
    ("slug", "annee", "options", "message"),
    [
        ("dijon-2024", 2025, {}, "Dites quoi produire"),
        ("rien", 2025, {"json": "x.json"}, "Aucune convention"),
        ("dijon-2024", 2019, {"json": "x.json"}, "n’est pas une année"),
        ("dijon-2024", 2025, {"json": "/nulle/part/x.json"}, "ne peut pas être écrit"),
    ],
)
def test_command_says_what_is_wrong(dijon, slug, annee, options, message):
    with pytest.raises(CommandError, match=message):
        call_command(
            "produire_bilan", slug, annee, **{k: __import__("pathlib").Path(v) for k, v in options.items()}
        )


@pytest.mark.parametrize(
    ("url", "type_mime", "nom"),
    [
        ("bilan/pdf/", "application/pdf", "bilan-dijon-2024-2025.pdf"),
        (
            "bilan/xlsx/",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "tableau-recapitulatif-dijon-2024-2025.xlsx",
        ),
        (
            "tableau/xlsx/",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "tableau-recapitulatif-dijon-2024-2025.xlsx",
        ),
        ("bilan/json/", "application/json", "bilan-dijon-2024-2025.json"),
    ],
)
def test_downloads(client_de, url, type_mime, nom):
    response = client_de("cooperation").get(f"/dijon-2024/evaluation/2025/{url}")

    assert response["Content-Type"] == type_mime
    assert response["Content-Disposition"] == f'attachment; filename="{nom}"'
    assert len(response.getvalue()) > 1000
