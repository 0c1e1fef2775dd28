"""The effects that were noted before are found too."""

from django.db import migrations

from ctg.recherche import normalise


def retrouver(apps, schema_editor):
    Effet = apps.get_model("evaluation", "Effet")
    for effet in Effet.objects.order_by("pk"):
        textes = (effet.constat, effet.parties_prenantes, effet.preuve)
        Effet.objects.filter(pk=effet.pk).update(recherche=normalise(" ".join(textes)))


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_effets_cherchables")]

    operations = [migrations.RunPython(retrouver, migrations.RunPython.noop)]
