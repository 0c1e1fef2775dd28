"""The fiche projet and its parts."""

import datetime

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from ctg.dates import date_plausible, date_plausible_constraint
from ctg.models import (
    Commentaire,
    Contractuel,
    Convention,
    Historique,
    Mandat,
    Organisme,
    Quartier,
    Repris,
    Service,
    Source,
    Temporel,
    TemporelQuerySet,
)
from ctg.recherche import Cherchable, CherchableQuerySet, mots_cherches, normalise
from ctg.textes import texte_borne, textes_bornes
from fiches.enums import Participation, Priorite, RoleImplication, StatutFiche
from fiches.models.arbre import Axe
from fiches.verrous import raison
from structures.models import Structure

FAITES, FAITES_DE_LA_FICHE = Q(is_faite=True), Q(etapes__is_faite=True)
LONG = {"blank": True, "default": "", "validators": [texte_borne]}


class FicheQuerySet(TemporelQuerySet, CherchableQuerySet):
    def visible_to(self, user):
        """Those of the conventions in which the user holds a mandate: the twin of « fiches.consulter »."""
        return self.filter(convention__in=Convention.objects.visible_to(user))

    def search(self, query: str):
        """… or all those of an axe whose name holds every word: « petite enfance » finds its fiches."""
        trouvees = super().search(query)
        mots = mots_cherches(query)
        if not mots:
            return trouvees
        axes = [
            axe.pk
            for axe in Axe.objects.only("code", "intitule")
            if all(mot in normalise(f"{axe.code} {axe.intitule}") for mot in mots)
        ]
        return self.filter(Q(pk__in=trouvees.values("pk")) | Q(axe__in=axes)) if axes else trouvees

    def for_list(self):
        """All that a list touches, in the order of the plan: axe, then number."""
        return self.select_related("axe", "pilote", "service_pilote", "axe__service", "convention").order_by(
            "axe__ordre", "numero", "pk"
        )

    def remplacees(self):
        """Texts that avenants replaced: nothing hangs on them. See `fiches.succession`."""
        return self.filter(successeur__isnull=False)

    def de_l_annee(self, annee: int):
        """Fiches that were in force on some day of that year, whatever their text was then."""
        premier, dernier = datetime.date(annee, 1, 1), datetime.date(annee, 12, 31)
        commencee = Q(date_effet=None) | Q(date_effet__lte=dernier)
        anciennes = self.model._base_manager.filter(
            commencee, convention=OuterRef("convention"), code=OuterRef("code"), successeur__isnull=False
        )
        return self.filter(
            commencee | Q(Exists(anciennes), succede_a__isnull=False),
            Q(date_fin=None) | Q(date_fin__gt=premier),
            successeur=None,
        )

    def en_retard(self, *, au, faites=FAITES):
        """A step has passed its date and is not done: computed, never entered. `faites`: which steps are done."""
        return self.filter(pk__in=Etape.objects.filter(~faites, echeance__lt=au).values("fiche"))

    def with_etapes(self, *, au, faites=FAITES_DE_LA_FICHE):
        """`nb_etapes`, `nb_etapes_faites` and `nb_etapes_en_retard`, as of that day."""
        return self.annotate(
            nb_etapes=Count("etapes", distinct=True),
            nb_etapes_faites=Count("etapes", filter=faites, distinct=True),
            nb_etapes_en_retard=Count("etapes", filter=~faites & Q(etapes__echeance__lt=au), distinct=True),
        )


class FicheProjet(Contractuel, Repris, Source, Temporel, Cherchable):
    """A fiche projet. It hangs on `axe`, under which it is numbered, and carries the axes of `axes`."""

    CONTRACTUELS = ("intitule", "axe", "pilote", "service_pilote")

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="fiches", verbose_name="convention"
    )
    axe = models.ForeignKey(Axe, models.PROTECT, related_name="fiches", verbose_name="axe de rattachement")
    axes = models.ManyToManyField(
        Axe, related_name="fiches_porteuses", verbose_name="axes portés", blank=True
    )
    code = models.SlugField("code", max_length=20)
    numero = models.PositiveSmallIntegerField("numéro")
    intitule = models.CharField("intitulé", max_length=300, blank=True, default="")
    constat = models.TextField("constat", **LONG)
    objectif_general = models.TextField("objectif général", **LONG)
    description = models.TextField("description", **LONG)
    publics = models.TextField("publics", **LONG)
    territoire = models.TextField("territoire concerné", **LONG)
    quartiers = models.ManyToManyField(Quartier, related_name="fiches", verbose_name="quartiers", blank=True)
    pilote = models.ForeignKey(
        Organisme,
        models.PROTECT,
        related_name="fiches_pilotees",
        verbose_name="pilote",
        null=True,
        blank=True,
    )
    service_pilote = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="fiches_pilotees",
        verbose_name="service pilote",
        null=True,
        blank=True,
    )
    participation = models.CharField(
        "participation des habitants", max_length=20, choices=Participation, blank=True, default=""
    )
    participation_detail = models.TextField("modalités de participation", **LONG)
    resultats_attendus = models.TextField("résultats attendus", **LONG)
    statut = models.CharField("statut", max_length=20, choices=StatutFiche, blank=True, default="")
    priorite = models.CharField("priorité", max_length=10, choices=Priorite, blank=True, default="")
    notes_internes = models.TextField(
        "notes internes à la collectivité", **LONG, help_text="Jamais montrées à la Caf ni dans un document."
    )
    source_complements = models.CharField(
        "source des compléments",
        max_length=200,
        blank=True,
        default="",
        help_text="D’où viennent les rubriques que le texte signé ne donne pas.",
    )

    version = models.PositiveIntegerField("version", default=1, editable=False)
    commentaires = GenericRelation(Commentaire, "objet_id", "type_objet")  # deleted with it

    objects = FicheQuerySet.as_manager()
    historique = Historique(m2m_fields=["axes", "quartiers"], excluded_fields=["recherche"])

    class Meta(Temporel.Meta):
        verbose_name = "fiche projet"
        verbose_name_plural = "fiches projet"
        constraints = [
            *Temporel.Meta.constraints,
            *Repris.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "predecesseur"],
                condition=Q(date_fin=None),
                name="fiche_reprise_une_fois",
                violation_error_message="Une autre fiche prend déjà la suite de celle-ci.",
            ),
            models.UniqueConstraint(
                fields=["convention", "code"],
                condition=Q(date_fin=None),
                name="fiche_code_unique_en_vigueur",
                violation_error_message="Une fiche en vigueur a déjà ce code.",
            ),
            models.CheckConstraint(
                name="fiche_statut_connu",
                condition=Q(statut="") | Q(statut__in=StatutFiche.values),
                violation_error_message="Ce statut n’existe pas.",
            ),
            textes_bornes(
                "constat",
                "objectif_general",
                "description",
                "publics",
                "territoire",
                "participation_detail",
                "resultats_attendus",
                "notes_internes",
                name="fiche_textes_bornes",
            ),
        ]

    @property
    def actuelle(self) -> "FicheProjet":
        """The fiche itself, where this row is a text of it that an avenant replaced."""
        fiche = self
        while (suite := FicheProjet.objects.filter(succede_a=fiche).first()) is not None:
            fiche = suite
        return fiche

    def __str__(self):
        return f"{self.code} – {self.titre}"

    def save(self, *args, **kwargs):
        """Every door moves the version: a form opened before sees that the fiche has changed."""
        self.verifier_succession()
        if not self._state.adding:
            self.version += 1
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        self.verifier_succession()

    def verifier_succession(self) -> None:
        """A text ends on the day when the next one begins: no day has two, none has none."""
        avant = self.succede_a
        if avant is not None and avant.date_fin != self.date_effet:
            raise ValidationError({"date_effet": DATE_DE_L_AVENANT})
        apres = FicheProjet.objects.filter(succede_a=self.pk).first() if self.pk else None
        if apres is not None and apres.date_effet != self.date_fin:
            raise ValidationError({"date_fin": DATE_DE_L_AVENANT})

    def get_absolute_url(self):
        return reverse("fiches:detail", kwargs={"convention": self.convention.slug, "code": self.code})

    def get_textes_recherche(self):
        return [self.code, self.intitule, self.constat, self.objectif_general, self.description, self.publics]

    @property
    def titre(self) -> str:
        """The title, or what stands for it where the page of the text is a picture."""
        return self.intitule or f"Fiche n° {self.numero} — intitulé à compléter"

    @property
    def taux_etapes(self) -> float | None:
        """Steps done, in percent; None where the fiche has none. Needs `with_etapes`."""
        return 100 * self.nb_etapes_faites / self.nb_etapes if self.nb_etapes else None

    @property
    def retard_affiche(self) -> str:
        """Needs `with_etapes`."""
        return f"{self.nb_etapes_en_retard} en retard"


DATE_DE_L_AVENANT = (
    "C’est la date de l’avenant qui a changé cette fiche : annulez cet avenant depuis la fiche, puis saisissez-le de "
    "nouveau."
)
NON_ACTUELLE = "Un avenant a remplacé ce texte de la fiche : choisissez la fiche en vigueur."
PILOTE = (
    "C’est le pilote de la fiche, dans le texte signé : il change par le champ « Pilote », avec son motif, et pas dans les "
    "acteurs."
)


def exiger_actuelle(partie) -> None:
    """Nothing hangs on a text that an avenant replaced. Raises ValidationError."""
    if partie.fiche_id and FicheProjet.objects.filter(succede_a=partie.fiche_id).exists():
        raise ValidationError(NON_ACTUELLE)


class Implication(Source):
    """An organisme or a structure that takes part in a fiche, with its role."""

    fiche = models.ForeignKey(FicheProjet, models.CASCADE, related_name="implications", verbose_name="fiche")
    organisme = models.ForeignKey(
        Organisme,
        models.PROTECT,
        related_name="implications",
        verbose_name="organisme",
        null=True,
        blank=True,
    )
    structure = models.ForeignKey(
        Structure,
        models.PROTECT,
        related_name="implications",
        verbose_name="structure",
        null=True,
        blank=True,
    )
    role = models.CharField("rôle", max_length=20, choices=RoleImplication)

    historique = Historique()

    class Meta:
        verbose_name = "implication"
        constraints = [
            models.CheckConstraint(
                name="implication_organisme_ou_structure",
                condition=Q(organisme__isnull=False, structure=None)
                | Q(organisme=None, structure__isnull=False),
                violation_error_message="Choisissez un organisme ou une structure, pas les deux.",
            ),
            models.CheckConstraint(
                name="implication_role_connu",
                condition=Q(role__in=RoleImplication.values),
                violation_error_message="Ce rôle n’existe pas.",
            ),
            models.UniqueConstraint(
                fields=["fiche", "organisme", "role"],
                condition=Q(structure=None),
                name="implication_unique_par_organisme",
                violation_error_message="Cet organisme a déjà ce rôle dans la fiche.",
            ),
            models.UniqueConstraint(
                fields=["fiche", "structure", "role"],
                condition=Q(organisme=None),
                name="implication_unique_par_structure",
                violation_error_message="Cette structure a déjà ce rôle dans la fiche.",
            ),
        ]

    def __str__(self):
        return f"{self.organisme or self.structure} ({self.get_role_display()})"

    def save(self, *args, **kwargs):
        self.verifier_pilote()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        if self.is_du_pilote:
            raise ValidationError(PILOTE)
        return super().delete(*args, **kwargs)

    def clean(self):
        super().clean()
        exiger_actuelle(self)
        self.verifier_pilote()

    @property
    def is_du_pilote(self) -> bool:
        """Whether the row, as it is saved, is that of the fiche's own pilot."""
        return self._du_pilote() is not None

    def is_pilote_de(self, fiche: FicheProjet) -> bool:
        """Whether the row says again what the text of the fiche says: who pilots it."""
        return (
            self.role == RoleImplication.PILOTE
            and self.organisme_id is not None
            and (self.organisme_id == fiche.pilote_id)
        )

    def _du_pilote(self) -> dict | None:
        lignes = Implication.objects.filter(
            pk=self.pk, role=RoleImplication.PILOTE, organisme=F("fiche__pilote")
        )
        return lignes.values("fiche_id", "organisme_id", "role").first()

    def verifier_pilote(self) -> None:
        """The pilot is signed: among the actors too, it changes with the field « Pilote »."""
        avant = self._du_pilote() or {}
        if any(getattr(self, nom) != valeur for nom, valeur in avant.items()):
            raise ValidationError(PILOTE)


class Etape(Source):
    fiche = models.ForeignKey(FicheProjet, models.CASCADE, related_name="etapes", verbose_name="fiche")
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("étape", max_length=300)
    echeance = models.DateField("échéance", null=True, blank=True, validators=[date_plausible])
    is_faite = models.BooleanField("faite", default=False)

    historique = Historique()

    class Meta:
        verbose_name = "étape"
        constraints = [date_plausible_constraint("echeance", name="etape_echeance_plausible")]

    def __str__(self):
        return self.intitule

    def clean(self):
        """Ticked in the entry of the year, it is not ticked beside it once that entry is locked."""
        super().clean()
        exiger_actuelle(self)
        etait = Etape.objects.filter(pk=self.pk).values_list("is_faite", flat=True).first() or False
        if self.fiche_id and self.is_faite != etait and (motif := raison(self.fiche, None, "etapes")):
            raise ValidationError({"is_faite": motif})

    def delete(self, *args, **kwargs):
        if self.is_faite and (motif := raison(self.fiche, None, "etapes")):
            raise ValidationError(motif)
        return super().delete(*args, **kwargs)

    def is_en_retard(self, au) -> bool:
        """Computed, never entered: the date has passed and it is not done."""
        return not self.is_faite and self.echeance is not None and self.echeance < au


class PerimetreFiche(models.Model):
    """A mandate of référent holds on this fiche."""

    LU_OU_ECRIT = True

    mandat = models.ForeignKey(Mandat, models.CASCADE, related_name="perimetres_fiche", verbose_name="mandat")
    fiche = models.ForeignKey(FicheProjet, models.PROTECT, related_name="perimetres", verbose_name="fiche")

    historique = Historique()

    class Meta:
        verbose_name = "périmètre (fiche)"
        verbose_name_plural = "périmètres (fiches)"
        constraints = [
            models.UniqueConstraint(
                fields=["mandat", "fiche"],
                name="perimetre_fiche_unique",
                violation_error_message="Ce mandat porte déjà sur cette fiche.",
            ),
        ]

    def __str__(self):
        return str(self.fiche_id)
