from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ctg.sauvegarde.archive import SauvegardeError
from ctg.sauvegarde.services import sauvegarder
from ctg.templatetags.affichage import pluriel


class Command(BaseCommand):
    help = (
        "Écrit dans FICHIER la base et les fichiers de cet instant, pendant que d’autres écrivent. Il contient les données "
        "de tous : gardez-le comme la base."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, metavar="FICHIER")

    def handle(self, *, fichier, **options):
        try:
            manifeste = sauvegarder(fichier)
        except SauvegardeError as error:
            raise CommandError(str(error)) from error
        for nom in manifeste.absents:
            self.stderr.write(f"La base nomme {nom}, qui n’est plus dans le dossier des fichiers.")
        nb = sum(manifeste.lignes.values())
        self.stdout.write(
            self.style.SUCCESS(
                f"{fichier} : {nb} lignes, {len(manifeste.entrees) - 1} fichier{pluriel(len(manifeste.entrees) - 1)}."
            )
        )
