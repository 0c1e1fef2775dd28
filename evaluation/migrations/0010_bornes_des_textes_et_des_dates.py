"""Texts of 20,000 characters at most, dates between 2000 and 2100."""

import ctg.dates
import django.core.validators
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ctg', '0007_avenant'),
        ('evaluation', '0009_decisions'),
        ('fiches', '0002_historique'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='avancement',
            name='ajustements',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='ajustements'),
        ),
        migrations.AlterField(
            model_name='avancement',
            name='decision_demandee',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='décision demandée au COPIL'),
        ),
        migrations.AlterField(
            model_name='avancement',
            name='difficultes',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='difficultés'),
        ),
        migrations.AlterField(
            model_name='avancement',
            name='publics_touches',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='publics touchés'),
        ),
        migrations.AlterField(
            model_name='avancement',
            name='realisations',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='réalisations de l’année'),
        ),
        migrations.AlterField(
            model_name='campagne',
            name='date_limite',
            field=models.DateField(validators=[ctg.dates.date_plausible], verbose_name='date limite de saisie'),
        ),
        migrations.AlterField(
            model_name='effet',
            name='constat',
            field=models.TextField(validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='effet observé'),
        ),
        migrations.AlterField(
            model_name='effet',
            name='parties_prenantes',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='pour qui'),
        ),
        migrations.AlterField(
            model_name='effet',
            name='preuve',
            field=models.TextField(blank=True, default='', help_text='Témoignage, chiffre, réunion, document : ce sur quoi le constat s’appuie.', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='à quoi on le voit'),
        ),
        migrations.AlterField(
            model_name='historicalavancement',
            name='ajustements',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='ajustements'),
        ),
        migrations.AlterField(
            model_name='historicalavancement',
            name='decision_demandee',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='décision demandée au COPIL'),
        ),
        migrations.AlterField(
            model_name='historicalavancement',
            name='difficultes',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='difficultés'),
        ),
        migrations.AlterField(
            model_name='historicalavancement',
            name='publics_touches',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='publics touchés'),
        ),
        migrations.AlterField(
            model_name='historicalavancement',
            name='realisations',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='réalisations de l’année'),
        ),
        migrations.AlterField(
            model_name='historicalcampagne',
            name='date_limite',
            field=models.DateField(validators=[ctg.dates.date_plausible], verbose_name='date limite de saisie'),
        ),
        migrations.AlterField(
            model_name='historicaleffet',
            name='constat',
            field=models.TextField(validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='effet observé'),
        ),
        migrations.AlterField(
            model_name='historicaleffet',
            name='parties_prenantes',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='pour qui'),
        ),
        migrations.AlterField(
            model_name='historicaleffet',
            name='preuve',
            field=models.TextField(blank=True, default='', help_text='Témoignage, chiffre, réunion, document : ce sur quoi le constat s’appuie.', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='à quoi on le voit'),
        ),
        migrations.AlterField(
            model_name='historicalindicateur',
            name='date_depart',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='date de la valeur de départ'),
        ),
        migrations.AlterField(
            model_name='historicalmesure',
            name='commentaire',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='commentaire'),
        ),
        migrations.AlterField(
            model_name='historicalmesure',
            name='motif',
            field=models.TextField(blank=True, default='', help_text='Pourquoi sans objet, ou non renseignée.', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='motif'),
        ),
        migrations.AlterField(
            model_name='historicalmesure',
            name='valeur_texte',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='valeur en toutes lettres'),
        ),
        migrations.AlterField(
            model_name='historicalsaisie',
            name='date_exception',
            field=models.DateField(blank=True, editable=False, null=True, validators=[ctg.dates.date_plausible], verbose_name='exception jusqu’au'),
        ),
        migrations.AlterField(
            model_name='indicateur',
            name='date_depart',
            field=models.DateField(blank=True, null=True, validators=[ctg.dates.date_plausible], verbose_name='date de la valeur de départ'),
        ),
        migrations.AlterField(
            model_name='mesure',
            name='commentaire',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='commentaire'),
        ),
        migrations.AlterField(
            model_name='mesure',
            name='motif',
            field=models.TextField(blank=True, default='', help_text='Pourquoi sans objet, ou non renseignée.', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='motif'),
        ),
        migrations.AlterField(
            model_name='mesure',
            name='valeur_texte',
            field=models.TextField(blank=True, default='', validators=[django.core.validators.MaxLengthValidator(20000, 'Ce texte a %(show_value)s caractères, et le plus est %(limit_value)s : raccourcissez-le, ou gardez le détail dans un document.')], verbose_name='valeur en toutes lettres'),
        ),
        migrations.AlterField(
            model_name='saisie',
            name='date_exception',
            field=models.DateField(blank=True, editable=False, null=True, validators=[ctg.dates.date_plausible], verbose_name='exception jusqu’au'),
        ),
        migrations.AddConstraint(
            model_name='avancement',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('realisations'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('publics_touches'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('difficultes'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('ajustements'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('decision_demandee'), 20000)), name='avancement_textes_bornes', violation_error_message='Un texte a au plus 20000 caractères : raccourcissez-le.'),
        ),
        migrations.AddConstraint(
            model_name='mesure',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('valeur_texte'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('motif'), 20000), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('commentaire'), 20000)), name='mesure_textes_bornes', violation_error_message='Un texte a au plus 20000 caractères : raccourcissez-le.'),
        ),
    ]
