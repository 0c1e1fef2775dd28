"""What people say to each other about an object of a convention, or about one of its fields."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from ctg.models.convention import Convention
from ctg.models.historique import Historique
from ctg.models.personnes import Personne

TAILLE_MAX = 10_000  # characters


class CommentaireQuerySet(models.QuerySet):
    def fils(self):
        """Comments that open a thread."""
        return self.filter(parent=None)

    def for_list(self):
        """All that a thread shows, in the order in which it was said."""
        return (
            self.select_related("auteur", "resolu_par")
            .prefetch_related(Prefetch("mentions", Personne.objects.order_by("prenom", "nom", "pk")))
            .order_by("created_at", "pk")
        )


class Commentaire(models.Model):
    """One comment. Without `parent` it opens a thread, which alone is resolved; an answer has no answers."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="commentaires", verbose_name="convention"
    )
    type_objet = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name="type de l’objet commenté"
    )
    objet_id = models.PositiveBigIntegerField("objet commenté")
    objet = GenericForeignKey("type_objet", "objet_id")
    champ = models.SlugField("rubrique", max_length=80, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.CASCADE, related_name="reponses", verbose_name="en réponse à", null=True, blank=True
    )
    texte = models.TextField("texte")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="commentaires", verbose_name="auteur"
    )
    mentions = models.ManyToManyField(
        Personne, related_name="mentions", verbose_name="personnes mentionnées", blank=True
    )
    created_at = models.DateTimeField("date")
    date_resolution = models.DateTimeField("résolution", null=True, blank=True)
    resolu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="fils_resolus",
        verbose_name="résolu par",
        null=True,
        blank=True,
    )

    objects = CommentaireQuerySet.as_manager()
    historique = Historique(m2m_fields=["mentions"])

    class Meta:
        verbose_name = "commentaire"
        indexes = [
            models.Index(
                fields=["convention", "type_objet", "objet_id", "champ"], name="commentaire_par_objet"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="commentaire_ecrit",
                condition=~Q(texte=""),
                violation_error_message="Écrivez votre commentaire.",
            ),
            models.CheckConstraint(
                name="commentaire_court",
                condition=LessThanOrEqual(Length("texte"), TAILLE_MAX),
                violation_error_message="Un commentaire compte 10 000 caractères au plus : raccourcissez-le.",
            ),
            models.CheckConstraint(
                name="commentaire_ne_se_repond_pas",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Un commentaire ne peut pas se répondre à lui-même.",
            ),
            models.CheckConstraint(
                name="commentaire_resolution_complete",
                condition=Q(date_resolution__isnull=True, resolu_par__isnull=True)
                | Q(date_resolution__isnull=False, resolu_par__isnull=False),
                violation_error_message="Une résolution a une date et un auteur.",
            ),
            models.CheckConstraint(
                name="commentaire_seul_le_fil_se_resout",
                condition=Q(parent=None) | Q(date_resolution=None),
                violation_error_message="C’est le fil qui se résout, pas une de ses réponses.",
            ),
        ]

    def __str__(self):
        return f"{self.texte[:60]}…" if len(self.texte) > 60 else self.texte

    def save(self, *args, **kwargs):
        self.verifier_parent()
        super().save(*args, **kwargs)

    @property
    def ancre(self) -> str:
        """Where it stands on the page of its object."""
        return f"commentaire-{self.pk}"

    @property
    def is_resolu(self) -> bool:
        return self.date_resolution is not None

    def verifier_parent(self) -> None:
        """What no constraint of one row can say: one level of answers, on the object of the thread."""
        if self.parent_id is None:
            return
        fil = self.parent
        if fil.parent_id is not None:
            raise ValidationError("On répond à un fil, pas à une de ses réponses.")
        lieux = [(c.convention_id, c.type_objet_id, c.objet_id, c.champ) for c in (self, fil)]
        if lieux[0] != lieux[1]:
            raise ValidationError("Une réponse porte sur le même objet que son fil.")
