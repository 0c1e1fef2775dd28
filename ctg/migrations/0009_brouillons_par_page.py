"""A draft for each page that is open on a form; a form received says what it held."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ctg", "0008_commentaires")]

    operations = [
        migrations.RemoveConstraint("brouillon", "brouillon_unique_par_formulaire"),
        migrations.AddField("brouillon", "jeton", models.UUIDField("numéro de la page", default=uuid.uuid4)),
        migrations.AddField("brouillon", "modifies", models.JSONField("champs modifiés", default=list)),
        migrations.AddField(
            "brouillon", "is_hors_session", models.BooleanField("reçu sans session", default=False)
        ),
        migrations.AddConstraint(
            "brouillon",
            models.UniqueConstraint(
                fields=["utilisateur", "adresse", "jeton"],
                name="brouillon_unique_par_page",
                violation_error_message="Cette page a déjà un brouillon.",
            ),
        ),
        migrations.AddField(
            "envoi",
            "empreinte",
            models.CharField("empreinte", max_length=64, blank=True, default=""),
        ),
    ]
