from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ctg.invariants import fautes
from evaluation.controle import Verdict, controler


class Command(BaseCommand):
    help = "Avec des fichiers : dit si chacun est un bilan publié. Sans : contrôle la base et ses fichiers : ce qui est figé, publié et diffusé, l’arbre, les textes, les mandats, les valeurs."

    def add_arguments(self, parser):
        parser.add_argument("fichiers", nargs="*", type=Path, metavar="FICHIER")

    def handle(self, *, fichiers, **options):
        nb = self._fichiers(fichiers) if fichiers else self._invariants()
        if nb:
            raise CommandError(f"{nb} anomalie{'s' if nb > 1 else ''}.")

    def _fichiers(self, fichiers: list[Path]) -> int:
        nb = 0
        for path in fichiers:
            try:
                controle = controler(path.read_bytes())
            except OSError as error:
                raise CommandError(f"{path} ne se lit pas : vérifiez son nom et vos droits.") from error
            lequel = f" ({controle.document or controle.bilan})" if controle.bilan else ""
            self.stdout.write(f"{path} : {controle.verdict.value}{lequel}")
            nb += controle.verdict is not Verdict.PUBLIE
        return nb

    def _invariants(self) -> int:
        nb = 0
        for faute in fautes():
            self.stderr.write(faute)
            nb += 1
        if not nb:
            self.stdout.write(self.style.SUCCESS("Tout ce qui est figé, publié et diffusé est intact."))
        return nb
