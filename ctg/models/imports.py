"""What an import leaves behind it: how columns were matched, and what was written, so that it can be undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ctg.models.convention import Convention


class CorrespondanceColonnes(models.Model):
    """How the titles of a kind of file were matched last, for all who bring one like it to this convention."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="correspondances_colonnes", verbose_name="convention"
    )
    ressource = models.SlugField("ce qui s’importe", max_length=40)
    empreinte = models.CharField("empreinte des titres", max_length=64, editable=False)
    colonnes = models.JSONField("colonnes", default=dict)  # {title, normalised: field, or empty}

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "ressource", "empreinte"],
                name="correspondance_unique_par_titres",
                violation_error_message="Ces titres ont déjà leur correspondance.",
            ),
        ]

    def __str__(self):
        return f"{self.ressource} : {', '.join(self.colonnes)}"


class ImportFait(models.Model):
    """One import, and what it wrote. `changements`: one item an object, in the order of the file."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="imports", verbose_name="convention"
    )
    ressource = models.SlugField("ce qui s’importe", max_length=40)
    fichier = models.CharField("fichier", max_length=200)
    date_import = models.DateTimeField("date")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports", verbose_name="importé par"
    )
    nb_crees = models.PositiveIntegerField("lignes nouvelles")
    nb_modifies = models.PositiveIntegerField("lignes modifiées")
    nb_inchanges = models.PositiveIntegerField("lignes inchangées")
    changements = models.JSONField("changements", default=list)
    date_annulation = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="imports_annules",
        verbose_name="annulé par",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "import"
        constraints = [
            models.CheckConstraint(
                name="import_annule_par_quelqu_un",
                condition=Q(date_annulation=None, annule_par=None)
                | Q(date_annulation__isnull=False, annule_par__isnull=False),
                violation_error_message="Un import annulé dit quand et par qui.",
            ),
            models.CheckConstraint(
                name="import_annule_apres",
                condition=Q(date_annulation=None) | Q(date_annulation__gte=F("date_import")),
                violation_error_message="Un import s’annule après avoir été fait.",
            ),
        ]

    def __str__(self):
        return f"{self.fichier} ({self.date_import:%d/%m/%Y})"
