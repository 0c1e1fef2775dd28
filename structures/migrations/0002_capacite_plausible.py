
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ctg', '0001_initial'),
        ('structures', '0001_initial'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='structure',
            constraint=models.CheckConstraint(condition=models.Q(('capacite', None), ('capacite__range', (1, 1500)), _connector='OR'), name='structure_capacite_plausible', violation_error_message='Une structure a entre 1 et 1\u202f500 places. Laissez vide ce que vous ne savez pas.'),
        ),
    ]
