from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctg.models import Convention
from evaluation.recit_demo import raconter


class Command(BaseCommand):
    help = "Joue l’histoire de la démonstration : deux années closes, une ouverte. Sans effet si relancée."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("Cette commande n’existe que pour la démonstration (DEMO=1).")
        nb = sum(
            raconter(convention, now=timezone.now())
            for convention in Convention.objects.filter(is_demonstration=True).order_by("pk")
        )
        self.stdout.write(f"{nb} campagne(s) de démonstration.")
