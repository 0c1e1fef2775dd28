from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CtgConfig(AppConfig):
    name = "ctg"
    verbose_name = "Convention et accès"

    def ready(self):
        # Every app declares its rights, its scopes, its panels, its history, its tables to load, its personal data…
        # in files of these names.
        autodiscover_modules(
            "permissions",
            "perimetres",
            "commentables",
            "panneaux",
            "dates_calendrier",
            "historiques",
            "suites",
            "menu",
            "rubriques",
            "tableaux",
            "vie_privee",
            "seconds_facteurs",
        )
