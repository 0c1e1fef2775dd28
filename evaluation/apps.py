from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from evaluation import declencheurs


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        from evaluation import annees_closes, etats_de_fin, tasks, transitions, verrous  # noqa: PLC0415 -- models are loaded now
        from fiches import etats, fins  # noqa: PLC0415
        from fiches.verrous import register  # noqa: PLC0415

        pre_migrate.connect(
            declencheurs.avant_migration, sender=self, dispatch_uid="evaluation.sans_declencheurs"
        )
        post_migrate.connect(declencheurs.installer, sender=self, dispatch_uid="evaluation.declencheurs")
        transitions.apres(tasks.annoncer.enqueue)
        register(verrous.raison_de_la_partie)
        etats.register(etats_de_fin.etats_de_fin)
        fins.register(annees_closes.annee_evaluee)
