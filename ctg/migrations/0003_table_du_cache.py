"""The table of the shared cache: `migrate` is then the only command of an installation."""

from django.core.management import call_command
from django.db import migrations


def creer(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("ctg", "0002_historique")]

    operations = [migrations.RunPython(creer, migrations.RunPython.noop)]
