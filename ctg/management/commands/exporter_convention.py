from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctg.chargement.classeur import ecrire_classeur, ecrire_dossier, ecrire_modele
from ctg.chargement.export import exporter
from ctg.models import Convention


class Command(BaseCommand):
    help = "Écrit une convention dans un classeur ou un dossier de fichiers CSV, que « charger_convention » relit."

    def add_arguments(self, parser):
        parser.add_argument("cible", type=Path, help="classeur .xlsx, ou dossier de fichiers CSV")
        parser.add_argument("--convention", help="son adresse, comme dijon-2024")
        parser.add_argument("--modele", action="store_true", help="un classeur vide, à remplir")

    def handle(self, *, cible, convention, modele, **options):
        now = timezone.now()
        if modele == bool(convention):
            raise CommandError("Donnez --convention ou --modele, l’un des deux.")
        if modele:
            if cible.suffix != ".xlsx":
                raise CommandError("Le modèle est un classeur : donnez un nom en .xlsx.")
            cible.write_bytes(ecrire_modele(date=now))
            self.stdout.write(self.style.SUCCESS(f"{cible} : modèle écrit."))
            return
        trouvee = Convention.objects.select_related("territoire").filter(slug=convention).first()
        if trouvee is None:
            connues = ", ".join(Convention.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"Aucune convention « {convention} ». Connues : {connues or 'aucune'}.")
        ecrits = exporter(trouvee)
        if cible.suffix == ".xlsx":
            cible.write_bytes(ecrire_classeur(trouvee.intitule, ecrits, date=now))
        else:
            ecrire_dossier(cible, ecrits)
        nb = sum(len(ecrit.lignes) for ecrit in ecrits)
        self.stdout.write(self.style.SUCCESS(f"{cible} : {len(ecrits)} tableaux, {nb} lignes."))
