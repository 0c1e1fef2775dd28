
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ctg', '0001_initial'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='personne',
            constraint=models.UniqueConstraint(models.F('convention'), django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='personne_email_unique', violation_error_message='Une autre personne de la convention a cette adresse : ouvrez sa page, ou laissez l’adresse vide.'),
        ),
    ]
