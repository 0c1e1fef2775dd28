from django.core.management.base import BaseCommand
from django.utils import timezone

from evaluation.protocole import avis
from evaluation.rappels import envoyer_rappels
from gouvernance.envois import reprendre
from gouvernance.rappels import envoyer_rappels_decisions


class Command(BaseCommand):
    help = "Rappelle à chacun ce qu’il doit encore saisir ou valider, et les décisions dont il répond. Sans effet si relancée."

    def add_arguments(self, parser):
        parser.add_argument(
            "--essai", action="store_true", help="affiche qui serait prévenu, sans rien envoyer"
        )

    def handle(self, *, essai, **options):
        now = timezone.now()
        for campagne, comptes, resultat in envoyer_rappels(now=now, essai=essai):
            titre = f"{campagne.convention.slug}, {campagne}"
            if essai:
                self.stdout.write(f"{titre} : {', '.join(map(str, comptes)) or 'personne'}")
            else:
                self.stdout.write(f"{titre} : {resultat.phrase}")
        for envoi, resultat in [] if essai else reprendre(now=now):
            self.stdout.write(
                f"{envoi.reunion.convention.slug}, {envoi} : {resultat.nb_envoyes} envoyé(s), {resultat.nb_en_attente} en attente"
            )
        if not essai and (nb := avis.distribuer(now=now)):
            self.stdout.write(f"Approbations attendues : {nb} courriel(s) parti(s)")
        for envoi in envoyer_rappels_decisions(now=now, essai=essai):
            numeros = ", ".join(decision.numero for decision in envoi.decisions)
            suite = (
                ""
                if essai
                else " : envoyé"
                if envoi.parti
                else " : pas parti, nouvel essai au prochain envoi"
            )
            qui = envoi.personne if essai else f"personne n°\u00a0{envoi.personne.pk}"
            self.stdout.write(f"{envoi.personne.convention.slug}, décisions {numeros}, {qui}{suite}")
