from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ctg.sauvegarde.archive import SauvegardeError
from ctg.sauvegarde.services import restaurer


class Command(BaseCommand):
    help = "Remet une sauvegarde dans une base et un dossier vides, après avoir contrôlé chaque octet."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, metavar="FICHIER")
        parser.add_argument("--essai", action="store_true", help="contrôle la sauvegarde sans rien écrire")

    def handle(self, *, fichier, essai, **options):
        try:
            manifeste = restaurer(fichier, essai=essai)
        except SauvegardeError as error:
            raise CommandError(str(error)) from error
        dit = "est intacte" if essai else "est remise"
        self.stdout.write(self.style.SUCCESS(f"La sauvegarde du {manifeste.date} {dit}."))
