from django.core.management.base import BaseCommand
from django.utils import timezone

from evaluation.rappels import envoyer_rappels


class Command(BaseCommand):
    help = "Rappelle à chacun ce qu’il doit encore saisir ou valider. Sans effet si relancée."

    def add_arguments(self, parser):
        parser.add_argument(
            "--essai", action="store_true", help="affiche qui serait prévenu, sans rien envoyer"
        )

    def handle(self, *, essai, **options):
        for campagne, comptes, resultat in envoyer_rappels(now=timezone.now(), essai=essai):
            titre = f"{campagne.convention.slug}, {campagne}"
            if essai:
                self.stdout.write(f"{titre} : {', '.join(map(str, comptes)) or 'personne'}")
            else:
                self.stdout.write(f"{titre} : {resultat.phrase}")
