from django.db import migrations, models


def dater(apps, schema_editor):
    """A draft of before said which fields were typed; all of them then count as typed when it was kept."""
    for brouillon in apps.get_model("ctg", "Brouillon").objects.all():
        if isinstance(brouillon.modifies, list):
            brouillon.modifies = dict.fromkeys(brouillon.modifies, brouillon.updated_at.isoformat())
            brouillon.save(update_fields=["modifies"])


class Migration(migrations.Migration):
    dependencies = [("ctg", "0003_vues_enregistrees")]

    operations = [
        migrations.AlterField("Brouillon", "modifies", models.JSONField("champs modifiés", default=dict)),
        migrations.RunPython(dater, migrations.RunPython.noop),
    ]
