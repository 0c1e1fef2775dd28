from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ctg.chargement.services import charger
from ctg.chargement.tableau import ChargementError


class Command(BaseCommand):
    help = "Charge une convention depuis un dossier de fichiers CSV ou un classeur. Sans effet si relancée."

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path, help="dossier de fichiers CSV, ou classeur .xlsx")
        parser.add_argument(
            "--essai", action="store_true", help="affiche ce qui changerait, sans rien écrire"
        )
        parser.add_argument(
            "--forcer", action="store_true", help="remplace aussi ce qui a été modifié depuis"
        )

    def handle(self, *, source, essai, forcer, **options):
        try:
            resultat = charger(source, essai=essai, forcer=forcer)
        except ChargementError as error:
            raise CommandError(
                f"Rien n’a été chargé. {len(error.fautes)} faute(s) :\n" + "\n".join(error.fautes)
            ) from error
        if essai:
            for changement in resultat.changements:
                self.stdout.write(str(changement))
        for conflit in resultat.conflits:
            self.stdout.write(self.style.WARNING(f"Conflit – {conflit}"))
        verbe = "à créer" if essai else "créés"
        self.stdout.write(
            self.style.SUCCESS(
                f"{source} : {resultat.nb_crees} enregistrements {verbe}, {resultat.nb_modifies} modifiés, "
                f"{resultat.nb_inchanges} inchangés, {len(resultat.conflits)} conflits."
            )
        )
