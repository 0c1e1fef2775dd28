"""Texts of 20,000 characters at most, dates between 2000 and 2100."""

import ctg.dates
import datetime
import django.core.validators
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ctg', '0007_avenant'),
        ('fiches', '0002_historique'),
    ]

    operations = [
        migrations.AlterField(
            model_name='etape',
            name='echeance',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='échéance'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='constat',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='constat'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='description',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='notes_internes',
            field=models.TextField(blank=True, default='', help_text='Jamais montrées à la Caf ni dans un document.', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='notes internes à la collectivité'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='objectif_general',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='objectif général'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='participation_detail',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='modalités de participation'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='publics',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='publics'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='resultats_attendus',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='résultats attendus'),
        ),
        migrations.AlterField(
            model_name='ficheprojet',
            name='territoire',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='territoire concerné'),
        ),
        migrations.AlterField(
            model_name='historicaletape',
            name='echeance',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='échéance'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='constat',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='constat'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='description',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='notes_internes',
            field=models.TextField(blank=True, default='', help_text='Jamais montrées à la Caf ni dans un document.', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='notes internes à la collectivité'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='objectif_general',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='objectif général'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='participation_detail',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='modalités de participation'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='publics',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='publics'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='resultats_attendus',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='résultats attendus'),
        ),
        migrations.AlterField(
            model_name='historicalficheprojet',
            name='territoire',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='territoire concerné'),
        ),
        migrations.AddConstraint(
            model_name='etape',
            constraint=models.CheckConstraint(condition=models.Q(('echeance', None), ('echeance__range', (datetime.date(2000, 1, 1), datetime.date(2100, 12, 31))), _connector='OR'), name='etape_echeance_plausible', violation_error_message='Cette date n’est pas plausible : écrivez une année entre 2000 et 2100.'),
        ),
        migrations.AddConstraint(
            model_name='ficheprojet',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('constat'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('objectif_general'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('description'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('publics'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('territoire'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('participation_detail'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('resultats_attendus'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('notes_internes'), 20000)), name='fiche_textes_bornes', violation_error_message='Un texte a au plus 20000 caractères : raccourcissez-le.'),
        ),
    ]
