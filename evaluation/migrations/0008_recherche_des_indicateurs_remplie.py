from django.db import migrations

from ctg.recherche import normalise


def remplir(apps, schema_editor):
    Indicateur = apps.get_model("evaluation", "Indicateur")
    for indicateur in Indicateur.objects.all():
        textes = (
            indicateur.code, indicateur.intitule, indicateur.unite, indicateur.definition, indicateur.producteur
        )
        Indicateur.objects.filter(pk=indicateur.pk).update(recherche=normalise(" ".join(textes)))


class Migration(migrations.Migration):
    """Search of the indicators that are there already; what changes nothing of them leaves no history."""

    dependencies = [("evaluation", "0007_recherche_des_indicateurs")]
    operations = [migrations.RunPython(remplir, migrations.RunPython.noop)]
