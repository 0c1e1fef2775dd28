from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ctg.models import Convention
from evaluation.documents import FORMATS
from evaluation.reports import collect_bilan


class Command(BaseCommand):
    help = "Produit le bilan d’une année en PDF, XLSX et JSON, tel que les données sont aujourd’hui."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="adresse de la convention, par exemple dijon-2024")
        parser.add_argument("annee", type=int)
        for extension in FORMATS:
            parser.add_argument(
                f"--{extension}", type=Path, metavar="F", help=f"fichier {extension.upper()} à écrire"
            )

    def handle(self, *, slug, annee, **options):
        sorties = {extension: options[extension] for extension in FORMATS if options[extension]}
        if not sorties:
            raise CommandError("Dites quoi produire : --pdf F, --xlsx F ou --json F.")
        try:
            convention = Convention.objects.select_related("territoire").get(slug=slug)
        except Convention.DoesNotExist:
            raise CommandError(f"Aucune convention « {slug} ».") from None
        if annee not in convention.annees:
            raise CommandError(f"{annee} n’est pas une année de la convention « {slug} ».")
        bilan = collect_bilan(convention, annee, now=timezone.localtime())
        for extension, path in sorties.items():
            ecrire(path, FORMATS[extension].render(bilan))
            self.stdout.write(f"{path} : {path.stat().st_size} octets")


def ecrire(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside, then renamed."""
    temporary = path.with_name(f".{path.name}.partiel")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CommandError(f"{path} ne peut pas être écrit : {error.strerror}.") from error
