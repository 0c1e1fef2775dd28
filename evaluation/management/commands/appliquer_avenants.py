from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils import timezone

from evaluation.avenants.application import appliquer, essayer
from evaluation.models import ProjetAvenant


class Command(BaseCommand):
    help = "Applique les avenants signés dont le jour est venu. Sans effet si relancée."

    def add_arguments(self, parser):
        parser.add_argument(
            "--essai", action="store_true", help="dit ce qui s’appliquerait, sans rien changer"
        )

    def handle(self, *, essai, **options):
        now = timezone.now()
        faire, fait = (essayer, "s’appliquerait") if essai else (appliquer, "appliqué")
        for projet in ProjetAvenant.objects.a_appliquer(au=timezone.localdate(now)).select_related(
            "convention"
        ):
            nom = f"{projet.convention.slug}, avenant n°\u00a0{projet.numero}"
            try:
                faire(projet.pk, user=None, now=now)
            except ValidationError as error:
                self.stdout.write(self.style.ERROR(f"{nom} : ne s’applique pas"))
                for message in error.messages:
                    self.stdout.write(f"  {message}")
            else:
                self.stdout.write(f"{nom} : {fait}")
