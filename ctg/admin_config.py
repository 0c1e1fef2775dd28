from django.contrib.admin.apps import AdminConfig


class PilotageAdminConfig(AdminConfig):
    default_site = "ctg.admin_site.PilotageAdminSite"
