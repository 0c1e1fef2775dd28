import json
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctg.export_personne import exporter
from ctg.sujets import SujetError, chercher


class Command(BaseCommand):
    help = "Écrit tout ce qui est gardé sur une personne, en JSON, dans un fichier lisible de vous seul."

    def add_arguments(self, parser):
        parser.add_argument("personne", metavar="NUMERO_OU_ADRESSE")
        parser.add_argument("--sortie", metavar="FICHIER", type=Path, required=True)

    def handle(self, *, personne, sortie, **options):
        try:
            contenu = exporter(chercher(personne), now=timezone.now())
        except SujetError as error:
            raise CommandError(str(error)) from None
        texte = json.dumps(contenu, ensure_ascii=False, indent=2) + "\n"
        try:
            # Never over another file, whose rights may let others read it.
            with os.fdopen(os.open(sortie, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(texte.encode())
        except FileExistsError:
            raise CommandError(f"{sortie} existe déjà : donnez un autre nom.") from None
        except OSError as error:
            raise CommandError(f"{sortie} : impossible d’écrire ({error.strerror}).") from None
        nombre = sum(len(lignes) for lignes in contenu.values() if isinstance(lignes, list))
        self.stdout.write(self.style.SUCCESS(f"{contenu['personne']} : {nombre} lignes dans {sortie}."))
