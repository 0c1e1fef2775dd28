from django.core.management.base import BaseCommand, CommandError

from ctg.models import Convention, Porte, acte
from structures.geocodage import GeocodageError, a_geocoder, geocoder
from structures.models import Structure


class Command(BaseCommand):
    help = (
        "Cherche les coordonnées des structures qui ont une adresse et n’en ont pas, auprès du service national "
        "d’adresses. Ce dont il n’est pas sûr attend un accord, dans « Structures à placer ». Sans effet si relancée."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "convention",
            nargs="?",
            metavar="SLUG",
            help="les structures de cette convention ; sans elle : toutes",
        )
        parser.add_argument(
            "--essai", action="store_true", help="interroge le service et affiche, sans rien écrire"
        )

    def handle(self, *, convention, essai, **options):
        registre = Structure.objects.all()
        if convention is not None:
            registre = registre.of_convention(self.lire_convention(convention))
        sans_adresse = registre.sans_coordonnees().filter(adresse="").count()
        comptes = {"placée(s)": 0, "à vérifier": 0, "introuvable(s)": 0}
        demandees = a_geocoder(registre).count()
        try:
            with acte(Porte.COMMANDE, "Recherche des coordonnées"):
                for issue in geocoder(registre, essai=essai):
                    comptes[self.dire(issue)] += 1
        except GeocodageError as error:
            self.conclure(comptes, demandees, sans_adresse, essai=essai)
            raise CommandError(str(error)) from None
        self.conclure(comptes, demandees, sans_adresse, essai=essai)

    @staticmethod
    def lire_convention(slug):
        try:
            return Convention.objects.get(slug=slug)
        except Convention.DoesNotExist:
            raise CommandError("Aucune convention n’a cette adresse.") from None

    def dire(self, issue) -> str:
        structure = issue.structure
        if issue.placee:
            self.stdout.write(f"{structure} : {issue.placee.libelle}")
            return "placée(s)"
        if issue.nb_propositions:
            self.stdout.write(f"{structure} : {issue.nb_propositions} proposition(s) à vérifier")
            return "à vérifier"
        self.stdout.write(f"{structure} : aucune adresse trouvée pour « {structure.adresse_complete} »")
        return "introuvable(s)"

    def conclure(self, comptes, demandees, sans_adresse, *, essai):
        dit = ", ".join(f"{nb} {quoi}" for quoi, nb in comptes.items())
        deja = demandees - sum(comptes.values())
        suite = f" ; {deja} déjà demandée(s)" if deja else ""
        suite += f" ; {sans_adresse} sans adresse" if sans_adresse else ""
        essai = "Essai, rien n’est écrit : " if essai else ""
        self.stdout.write(self.style.SUCCESS(f"{essai}{dit}{suite}."))
