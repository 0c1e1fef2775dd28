from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctg.models import Convention
from evaluation.recit_avenant import preparer_avenant
from evaluation.recit_demo import raconter, raconter_bilans, raconter_evaluation, raconter_gouvernance


class Command(BaseCommand):
    help = "Joue l’histoire de la démonstration : deux années closes, une ouverte. Sans effet si relancée."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("Cette commande n’existe que pour la démonstration (DEMO=1).")
        now, campagnes, bilans, reunions, avenants, notes = timezone.now(), 0, 0, 0, 0, 0
        for convention in Convention.objects.filter(is_demonstration=True).order_by("pk"):
            campagnes += raconter(convention, now=now)
            bilans += raconter_bilans(convention, now=now)
            reunions += raconter_gouvernance(convention, now=now)
            notes += raconter_evaluation(convention, now=now)
            avenants += preparer_avenant(convention)
        self.stdout.write(
            f"Démonstration : {campagnes} campagnes jouées, {bilans} bilans publiés, {reunions} réunions suivies, "
            f"{avenants} avenants préparés, {notes} effets, temps de participation, protocoles et revues notés."
        )
