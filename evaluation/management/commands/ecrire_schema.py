from django.conf import settings
from django.core.management.base import BaseCommand

from evaluation.schema import schema


class Command(BaseCommand):
    help = "Écrit docs/bilan.schema.json à partir du code."

    def handle(self, **options):
        (settings.BASE_DIR / "docs" / "bilan.schema.json").write_text(schema(), encoding="utf-8")
        self.stdout.write(self.style.SUCCESS("docs/bilan.schema.json est écrit."))
