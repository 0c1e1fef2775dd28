from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ctg.models import Convention
from fiches.comptes_demo import creer_comptes_demo


class Command(BaseCommand):
    help = "Crée les comptes de démonstration d’une convention (DEMO=1 seulement). Sans effet si relancée."

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="?", default="dijon-2024", help="adresse de la convention")

    def handle(self, *, slug, **options):
        if not settings.DEMO:
            raise CommandError("Les comptes de démonstration n’existent que là où DEMO=1.")
        try:
            convention = Convention.objects.get(slug=slug)
        except Convention.DoesNotExist:
            raise CommandError(f"Aucune convention « {slug} » : chargez-la d’abord.") from None
        self.stdout.write(
            self.style.SUCCESS(f"{creer_comptes_demo(convention)} comptes de démonstration créés.")
        )
