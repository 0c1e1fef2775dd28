"""Prints the table. LibreOffice is compared where it is installed, on an OpenDocument text of the same content."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TAILLES = (15, 60, 300)
COLONNES = (
    "fiches",
    "collecte",
    "gabarit",
    "pdf",
    "moteur",
    "xlsx",
    "LibreOffice",
    "part",
    "Mio",
    "requêtes",
)
BASE = {
    "ENV_FILE": "/dev/null",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "DEBUG": "0",
    "DJANGO_SETTINGS_MODULE": "ctg.settings",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as dossier:
        travail = Path(dossier)
        os.environ.update(BASE | {"DEMO": "1", "DATABASE_URL": f"sqlite:///{travail / 'bench.sqlite3'}"})
        preparer()
        print(" ".join(f"{nom:>11}" for nom in COLONNES))
        for taille in TAILLES:
            executer("grossir", str(taille))
            ligne = json.loads(executer("mesurer", dossier).splitlines()[-1])
            ligne["libreoffice"] = convertir(travail)
            afficher(ligne)
    print(
        "Secondes ; « moteur » : WeasyPrint seul, sur le même HTML, sans balises ni profil d’archive ; « part » : "
        "collecte et gabarit, rapportés au temps de « pdf » ; « Mio » : mémoire la plus haute."
    )


def preparer() -> None:
    for commande in (
        ("migrate", "--verbosity", "0"),
        ("charger_convention", "fixtures/dijon"),
        ("charger_convention", "fixtures/demo"),
        ("comptes_demo",),
    ):
        subprocess.run([sys.executable, "manage.py", *commande], check=True, stdout=subprocess.DEVNULL)


def executer(module: str, *arguments: str) -> str:
    commande = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    return subprocess.run(commande, check=True, stdout=subprocess.PIPE, text=True).stdout


def convertir(travail: Path) -> float | None:
    """Seconds to make a PDF of the same content; None where LibreOffice is not installed."""
    if shutil.which("soffice") is None:
        return None
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{travail}/profil"]
    vers = ["--outdir", travail]
    texte = ["--infilter=HTML (StarWriter)", "--convert-to", "odt", *vers, travail / "bilan.html"]
    subprocess.run([*office, *texte], check=True, capture_output=True)
    debut = time.perf_counter()
    subprocess.run(
        [*office, "--convert-to", "pdf", *vers, travail / "bilan.odt"], check=True, capture_output=True
    )
    return time.perf_counter() - debut


def afficher(ligne: dict) -> None:
    part = (ligne["collecte"] + ligne["gabarit"]) / ligne["pdf"]
    office = f"{ligne['libreoffice']:.1f}" if ligne["libreoffice"] is not None else "absent"
    valeurs = (
        str(ligne["fiches"]),
        f"{ligne['collecte']:.2f}",
        f"{ligne['gabarit']:.2f}",
        f"{ligne['pdf']:.1f}",
        f"{ligne['moteur']:.1f}",
        f"{ligne['xlsx']:.2f}",
        office,
        f"{part:.0%}",
        str(ligne["memoire"]),
        str(ligne["requetes"]),
    )
    print(" ".join(f"{valeur:>11}" for valeur in valeurs), flush=True)


if __name__ == "__main__":
    main()
