from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctg.anonymisation import AnonymisationError, anonymiser, purger
from ctg.conservation import MOIS_MAX
from ctg.models import Convention
from ctg.sujets import SujetError, chercher, partis

CONSERVATION = object()  # --partis-depuis without a number


class Command(BaseCommand):
    help = (
        "Rend anonyme une personne, ou celles qui sont parties depuis assez longtemps ; dans ce second cas, supprime "
        "aussi les vieux brouillons et les sessions expirées. N’écrit aucun nom. Sans effet si relancée."
    )

    def add_arguments(self, parser):
        qui = parser.add_mutually_exclusive_group(required=True)
        qui.add_argument("--personne", metavar="NUMERO_OU_ADRESSE", help="une personne")
        qui.add_argument(
            "--partis-depuis",
            metavar="MOIS",
            nargs="?",
            type=int,
            const=CONSERVATION,
            help="sans fonction ni mandat depuis ce nombre de mois ; sans nombre : la durée de conservation",
        )
        parser.add_argument("--convention", metavar="ADRESSE", help="seulement les personnes de celle-ci")
        parser.add_argument("--forcer", action="store_true", help="met fin aux fonctions et mandats en cours")
        parser.add_argument("--essai", action="store_true", help="affiche sans rien modifier")

    def handle(self, *, personne, partis_depuis, convention, forcer, essai, **options):
        mois = None if partis_depuis is CONSERVATION else partis_depuis
        if mois is not None and not 0 <= mois <= MOIS_MAX:
            raise CommandError(f"--partis-depuis : donnez un nombre de mois entre 0 et {MOIS_MAX}.")
        self.essai, au = essai, timezone.localdate()
        if convention is not None:
            convention = self.lire_convention(convention)
        if personne is not None:
            try:
                self.dire(
                    anonymiser(chercher(personne, convention=convention), au=au, forcer=forcer, essai=essai)
                )
            except (SujetError, AnonymisationError) as error:
                raise CommandError(str(error)) from None
            return
        self.anonymiser_partis(list(partis(au=au, mois=mois, convention=convention)), au)
        for nom, nombre in purger(now=timezone.now(), essai=essai).items():
            self.stdout.write(f"{nom} : {nombre}")

    @staticmethod
    def lire_convention(slug):
        try:
            return Convention.objects.get(slug=slug)
        except Convention.DoesNotExist:
            raise CommandError("Aucune convention n’a cette adresse.") from None

    def anonymiser_partis(self, sujets, au):
        """One transaction a person: one refusal does not hold the others back."""
        refus = 0
        for sujet in sujets:
            try:
                self.dire(anonymiser(sujet, au=au, essai=self.essai))
            except AnonymisationError as error:
                refus += 1
                self.stderr.write(str(error))
        self.stdout.write(self.style.SUCCESS(f"Personnes : {len(sujets) - refus}"))

    def dire(self, resultat):
        verbe = "à rendre anonyme" if self.essai else "anonyme"
        self.stdout.write(f"{resultat.sujet} : {verbe if resultat.changements else 'déjà anonyme'}")
        for nom, nombre in sorted(resultat.changements.items()):
            self.stdout.write(f"  {nom} : {nombre}")
        for fige in resultat.figes:
            self.stdout.write(f"  conservé dans : {fige}")
        for reste in resultat.restes:
            self.stdout.write(f"  {reste}")
