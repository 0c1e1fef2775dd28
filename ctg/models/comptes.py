"""Who may do what: accounts and mandates. No mandate: nothing."""

from functools import cached_property

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from ctg.dates import date_plausible
from ctg.enums import Role
from ctg.models.acteurs import Organisme
from ctg.models.convention import Convention
from ctg.models.historique import Historique
from ctg.models.territoire import Quartier


class UtilisateurManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """The first account of an installation: an administrateur like any other, by a mandate."""
        user = self.create_user(email, password, **fields)
        Mandat.objects.create(utilisateur=user, role=Role.ADMINISTRATEUR)
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Utilisateur(AbstractBaseUser):
    """An account, known by its e-mail address. All rights come from mandates."""

    LU_OU_ECRIT = True

    email = models.EmailField("adresse électronique", max_length=254, unique=True)
    prenom = models.CharField("prénom", max_length=80, blank=True, default="")
    nom = models.CharField("nom", max_length=80, blank=True, default="")
    is_active = models.BooleanField("compte actif", default=True)
    created_at = models.DateTimeField("création", default=timezone.now, editable=False)
    date_invitation = models.DateTimeField("dernière invitation", null=True, editable=False)

    objects = UtilisateurManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "utilisateur"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="utilisateur_email_unique_sans_casse",
                violation_error_message="Un compte a déjà cette adresse.",
            ),
        ]

    def __str__(self):
        return f"{self.prenom} {self.nom}".strip() or self.email

    def save(self, *args, **kwargs):
        """The sessions of an account that is closed end: none of them lives again with it."""
        super().save(*args, **kwargs)
        if not self.is_active:
            self.fermer_sessions()

    def fermer_sessions(self, *, sauf: str = "") -> None:
        """End those of every browser; `sauf`: the key of the one that stays."""
        for session in apps.get_model("usersessions", "UserSession").objects.filter(user=self.pk):
            if session.session_key != sauf:
                session.end()

    @property
    def email_anonyme(self) -> str:
        return f"anonyme-{self.pk}@invalid"

    @property
    def is_anonyme(self) -> bool:
        return self.email == self.email_anonyme

    @property
    def est_ouvert(self) -> bool:
        """Whether its holder came once: an invitation sent again would open nothing."""
        return self.last_login is not None or self.has_usable_password()

    @cached_property
    def mandats_actifs(self) -> list["Mandat"]:
        """Read once per request: the account is loaded anew at each."""
        return list(self.mandats.actifs(au=timezone.localdate()).order_by("pk"))

    @property
    def convention_ids(self) -> set[int]:
        return {mandat.convention_id for mandat in self.mandats_actifs if mandat.convention_id}

    @property
    def is_administrateur(self) -> bool:
        return any(mandat.role == Role.ADMINISTRATEUR for mandat in self.mandats_actifs)

    # The admin site asks these three; an administrateur may open it, nobody else.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.is_administrateur

    def has_perm(self, perm, obj=None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label) -> bool:
        return self.is_staff


class IdentiteExterne(models.Model):
    """Who an account is at an OpenID Connect provider: the subject stays when the e-mail address changes."""

    LU_OU_ECRIT = True

    utilisateur = models.ForeignKey(
        Utilisateur, models.CASCADE, related_name="identites", verbose_name="utilisateur"
    )
    emetteur = models.CharField("émetteur", max_length=255)
    sujet = models.CharField("sujet", max_length=255)
    created_at = models.DateTimeField("création", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "identité externe"
        verbose_name_plural = "identités externes"
        constraints = [
            models.UniqueConstraint(
                fields=["emetteur", "sujet"],
                name="identite_externe_unique",
                violation_error_message="Cette identité est déjà celle d’un compte.",
            ),
            # Two first logins at once cannot both take the account.
            models.UniqueConstraint(
                fields=["utilisateur", "emetteur"],
                name="identite_externe_une_par_emetteur",
                violation_error_message="Ce compte a déjà une identité chez ce fournisseur.",
            ),
        ]

    def __str__(self):
        return f"{self.emetteur} – {self.utilisateur_id}"


class MandatQuerySet(models.QuerySet):
    def actifs(self, *, au):
        return self.filter(Q(date_debut=None) | Q(date_debut__lte=au), Q(date_fin=None) | Q(date_fin__gt=au))


class Mandat(models.Model):
    """One role of one person in one convention, between two dates. Its scope: the perimeters that name it."""

    LU_OU_ECRIT = True

    utilisateur = models.ForeignKey(
        Utilisateur, models.CASCADE, related_name="mandats", verbose_name="utilisateur"
    )
    role = models.CharField("rôle", max_length=30, choices=Role)
    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="mandats", verbose_name="convention", null=True, blank=True
    )
    organisme = models.ForeignKey(
        Organisme,
        models.PROTECT,
        related_name="mandats",
        verbose_name="pour l’organisme",
        null=True,
        blank=True,
    )
    date_debut = models.DateField("début", null=True, blank=True, validators=[date_plausible])
    date_fin = models.DateField(
        "fin",
        null=True,
        blank=True,
        validators=[date_plausible],
        help_text="Premier jour où le mandat ne vaut plus.",
    )

    objects = MandatQuerySet.as_manager()
    historique = Historique()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.CheckConstraint(
                name="mandat_role_connu",
                condition=Q(role__in=Role.values),
                violation_error_message="Ce rôle n’existe pas.",
            ),
            models.CheckConstraint(
                name="mandat_administrateur_sans_convention",
                condition=Q(role=Role.ADMINISTRATEUR, convention=None)
                | (~Q(role=Role.ADMINISTRATEUR) & Q(convention__isnull=False)),
                violation_error_message="Un mandat porte sur une convention, sauf celui d’administrateur.",
            ),
            models.CheckConstraint(
                name="mandat_organisme_si_represente",
                condition=~Q(role__in=[Role.CONSEILLER_CAF, Role.REPRESENTANT]) | Q(organisme__isnull=False),
                violation_error_message="Dites quel organisme ce mandat représente.",
            ),
            models.CheckConstraint(
                name="mandat_dates_ordonnees",
                condition=Q(date_debut=None) | Q(date_fin=None) | Q(date_fin__gt=F("date_debut")),
                violation_error_message="Le mandat finit avant d’avoir commencé.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} – {self.utilisateur_id}"


class PerimetreQuartier(models.Model):
    """A mandate of coordinateur territorial holds on this quartier."""

    LU_OU_ECRIT = True

    mandat = models.ForeignKey(
        Mandat, models.CASCADE, related_name="perimetres_quartier", verbose_name="mandat"
    )
    quartier = models.ForeignKey(Quartier, models.PROTECT, related_name="perimetres", verbose_name="quartier")

    historique = Historique()

    class Meta:
        verbose_name = "périmètre (quartier)"
        verbose_name_plural = "périmètres (quartiers)"
        constraints = [
            models.UniqueConstraint(
                fields=["mandat", "quartier"],
                name="perimetre_quartier_unique",
                violation_error_message="Ce mandat porte déjà sur ce quartier.",
            ),
        ]

    def __str__(self):
        return str(self.quartier_id)
