from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctg.models import Convention
from evaluation.documents import FORMATS
from evaluation.edition import Edition
from evaluation.editions import edition_de
from evaluation.enums import Sortie
from evaluation.models import Bilan, DocumentPublie
from evaluation.reports import collect_bilan


class Command(BaseCommand):
    help = (
        "Produit le bilan d’une année en PDF, XLSX et JSON : la dernière version figée, ou les données du jour "
        "si rien n’est figé. Une version publiée rend les fichiers publiés, tels quels."
    )

    def create_parser(self, prog_name, subcommand, **kwargs):
        """« --version » is the bilan's here, not Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("slug", help="adresse de la convention, par exemple dijon-2024")
        parser.add_argument("annee", type=int)
        parser.add_argument(
            "--version", type=int, dest="numero", metavar="N", help="la version figée à rendre"
        )
        parser.add_argument("--public", action="store_true", help="la version publique")
        for extension in FORMATS:
            parser.add_argument(
                f"--{extension}", type=Path, metavar="F", help=f"fichier {extension.upper()} à écrire"
            )

    def handle(self, *, slug, annee, numero, public, **options):
        sorties = {extension: options[extension] for extension in FORMATS if options[extension]}
        if not sorties:
            raise CommandError("Dites quoi produire : --pdf F, --xlsx F ou --json F.")
        try:
            convention = Convention.objects.select_related("territoire").get(slug=slug)
        except Convention.DoesNotExist:
            raise CommandError(f"Aucune convention « {slug} ».") from None
        if annee not in convention.annees:
            raise CommandError(f"{annee} n’est pas une année de la convention « {slug} ».")
        sortie = Sortie.PUBLIC if public else Sortie.COMPLET
        bilan = _version(convention, annee, numero)
        for extension, path in sorties.items():
            ecrire(path, _octets(convention, annee, bilan, sortie, extension))
            self.stdout.write(f"{path} : {path.stat().st_size} octets")


def _version(convention: Convention, annee: int, numero: int | None) -> Bilan | None:
    versions = Bilan.objects.filter(convention=convention, annee=annee).order_by("-version")
    if numero is None:
        return versions.first()
    bilan = versions.filter(version=numero).first()
    if bilan is None:
        raise CommandError(f"Le bilan {annee} n’a pas de version {numero}.")
    return bilan


def _octets(convention: Convention, annee: int, bilan: Bilan | None, sortie: str, extension: str) -> bytes:
    if bilan is None:
        vivant = Edition(collect_bilan(convention, annee, now=timezone.localtime()), sortie=sortie)
        return FORMATS[extension].render(vivant)
    publie = DocumentPublie.objects.filter(bilan=bilan, sortie=sortie, extension=extension).first()
    if publie is None:
        return FORMATS[extension].render(edition_de(bilan, sortie))
    with publie.fichier.open("rb") as fichier:
        return fichier.read()


def ecrire(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside, then renamed."""
    temporary = path.with_name(f".{path.name}.partiel")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CommandError(f"{path} ne peut pas être écrit : {error.strerror}.") from error
