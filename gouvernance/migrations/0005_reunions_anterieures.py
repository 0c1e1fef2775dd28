"""Decisions that everybody read must not vanish: a meeting that was neither convoked nor put in the circuit by the
application is of before it."""

from django.db import migrations
from django.utils import timezone


def reconnaitre(apps, schema_editor):
    reunions = apps.get_model("gouvernance", "Reunion").objects.using(schema_editor.connection.alias)
    reunions.filter(
        etat_compte_rendu="brouillon",
        date_annulation=None,
        date__lt=timezone.localdate(),
        envois=None,
        etapes=None,
    ).update(is_anterieure=True)


class Migration(migrations.Migration):

    dependencies = [
        ("gouvernance", "0004_presences_par_personne"),
    ]

    operations = [migrations.RunPython(reconnaitre, migrations.RunPython.noop)]
