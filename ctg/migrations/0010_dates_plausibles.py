"""Dates between 2000 and 2100."""

import ctg.dates
import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ctg', '0009_brouillons_par_page'),
    ]

    operations = [
        migrations.AlterField(
            model_name='avenant',
            name='date_effet',
            field=models.DateField(validators=[ctg.dates.date_plausible], verbose_name='date d’effet'),
        ),
        migrations.AlterField(
            model_name='convention',
            name='date_debut',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='début'),
        ),
        migrations.AlterField(
            model_name='convention',
            name='date_deliberation',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='délibération'),
        ),
        migrations.AlterField(
            model_name='convention',
            name='date_fin',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='fin'),
        ),
        migrations.AlterField(
            model_name='convention',
            name='date_mi_parcours',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='mi-parcours'),
        ),
        migrations.AlterField(
            model_name='convention',
            name='date_signature',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='signature'),
        ),
        migrations.AlterField(
            model_name='historicalavenant',
            name='date_effet',
            field=models.DateField(validators=[ctg.dates.date_plausible], verbose_name='date d’effet'),
        ),
        migrations.AlterField(
            model_name='historicalconvention',
            name='date_debut',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='début'),
        ),
        migrations.AlterField(
            model_name='historicalconvention',
            name='date_deliberation',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='délibération'),
        ),
        migrations.AlterField(
            model_name='historicalconvention',
            name='date_fin',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='fin'),
        ),
        migrations.AlterField(
            model_name='historicalconvention',
            name='date_mi_parcours',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='mi-parcours'),
        ),
        migrations.AlterField(
            model_name='historicalconvention',
            name='date_signature',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='signature'),
        ),
        migrations.AlterField(
            model_name='historicalmandat',
            name='date_debut',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='début'),
        ),
        migrations.AlterField(
            model_name='historicalmandat',
            name='date_fin',
            field=models.DateField(blank=True, help_text='Premier jour où le mandat ne vaut plus.', null=True, validators=[ctg.dates.date_plausible], verbose_name='fin'),
        ),
        migrations.AlterField(
            model_name='mandat',
            name='date_debut',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='début'),
        ),
        migrations.AlterField(
            model_name='mandat',
            name='date_fin',
            field=models.DateField(blank=True, help_text='Premier jour où le mandat ne vaut plus.', null=True, validators=[ctg.dates.date_plausible], verbose_name='fin'),
        ),
        migrations.AddConstraint(
            model_name='avenant',
            constraint=models.CheckConstraint(condition=models.Q(('date_effet', None), ('date_effet__range', (datetime.date(2000, 1, 1), datetime.date(2100, 12, 31))), _connector='OR'), name='avenant_date_plausible', violation_error_message='Cette date n’est pas plausible : écrivez une année entre 2000 et 2100.'),
        ),
    ]
