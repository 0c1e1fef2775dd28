from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules

from ctg import declencheurs, validations


class CtgConfig(AppConfig):
    name = "ctg"
    verbose_name = "Convention et accès"

    def ready(self):
        validations.installer()
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
            "reprises",
            "vie_privee",
            "seconds_facteurs",
            "declencheurs",
            "verification",
        )
        pre_migrate.connect(declencheurs.avant_migration, sender=self, dispatch_uid="ctg.sans_declencheurs")
        post_migrate.connect(declencheurs.installer, sender=self, dispatch_uid="ctg.declencheurs")
