from django.apps import AppConfig


class FichesConfig(AppConfig):
    name = "fiches"
    verbose_name = "Plan d’actions"

    def ready(self):
        from fiches import suites_a_venir  # noqa: F401, PLC0415 -- its receivers
