from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from evaluation import declencheurs


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        pre_migrate.connect(declencheurs.retirer, sender=self, dispatch_uid="evaluation.declencheurs.avant")
        post_migrate.connect(declencheurs.installer, sender=self, dispatch_uid="evaluation.declencheurs")
