from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from evaluation import declencheurs


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        from evaluation import tasks, transitions  # noqa: PLC0415 -- models are loaded now

        pre_migrate.connect(
            declencheurs.avant_migration, sender=self, dispatch_uid="evaluation.sans_declencheurs"
        )
        post_migrate.connect(declencheurs.installer, sender=self, dispatch_uid="evaluation.declencheurs")
        transitions.apres(tasks.annoncer.enqueue)
