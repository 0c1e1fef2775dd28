from importlib import import_module

from django.apps import AppConfig

VEILLE = ("permissions", "menu", "panneaux", "rubriques", "tableaux", "vie_privee")


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self):
        from evaluation import annees_closes, etats_de_fin, tasks, transitions, verrous  # noqa: PLC0415 -- models are loaded now
        from evaluation.protocole import declarations  # noqa: PLC0415, F401
        from fiches import etats, fins  # noqa: PLC0415
        from fiches.verrous import register  # noqa: PLC0415

        for nom in VEILLE:
            import_module(f"evaluation.veille.{nom}")
        transitions.apres(tasks.annoncer.enqueue)
        register(verrous.raison_de_la_partie)
        etats.register(etats_de_fin.etats_de_fin)
        fins.register(annees_closes.annee_evaluee)
