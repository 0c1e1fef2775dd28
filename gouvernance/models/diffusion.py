"""What was distributed of a meeting, file by file: the minutes, and the extract of each label."""

from django.db import models
from django.db.models import Q

from ctg.models import EMPREINTE, EMPREINTE_FAUSSE, FichierConserve, Historique
from gouvernance.models.instances import Label
from gouvernance.models.reunions import Reunion


class DocumentDiffuse(FichierConserve):
    """A file as it was distributed. No label: the whole minutes."""

    reunion = models.ForeignKey(
        Reunion, models.PROTECT, related_name="documents_diffuses", verbose_name="réunion"
    )
    label = models.ForeignKey(
        Label,
        models.PROTECT,
        related_name="extraits_diffuses",
        verbose_name="extrait pour",
        null=True,
        blank=True,
    )
    fichier = models.FileField("fichier", upload_to="reunions/", max_length=255)

    historique = Historique()

    class Meta:
        verbose_name = "document diffusé"
        verbose_name_plural = "documents diffusés"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion"],
                condition=Q(label=None),
                name="document_diffuse_un_compte_rendu",
                violation_error_message="Le compte rendu de cette réunion est déjà diffusé.",
            ),
            models.UniqueConstraint(
                fields=["reunion", "label"],
                name="document_diffuse_un_extrait_par_label",
                violation_error_message="L’extrait de ce label est déjà diffusé.",
            ),
            models.CheckConstraint(
                name="document_diffuse_empreinte",
                condition=EMPREINTE,
                violation_error_message=EMPREINTE_FAUSSE,
            ),
        ]
