"""The search of a structure finds the names that its lines were signed under."""

from django.db import migrations

from ctg.recherche import normalise


def ajouter(apps, schema_editor):
    Structure, Inscription = (apps.get_model("structures", nom) for nom in ("Structure", "Inscription"))
    for structure in Structure.objects.filter(inscriptions__isnull=False).distinct().order_by("pk"):
        lignes = Inscription.objects.filter(structure=structure).order_by("pk").values_list("nom", flat=True)
        noms = [normalise(nom) for nom in lignes if nom != structure.nom]
        if noms:
            structure.recherche = " ".join([structure.recherche, *noms])
            structure.save(update_fields=["recherche"])


class Migration(migrations.Migration):
    dependencies = [("structures", "0005_fin_d_une_inscription")]

    operations = [migrations.RunPython(ajouter, migrations.RunPython.noop)]
