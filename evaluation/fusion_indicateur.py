"""Two people on one definition: what each changed is kept, and only what both changed differently is asked."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import Max
from django.http import QueryDict

from ctg.fusion import Conflit, Etat, Fusion, champ, fusionner, gardes_des_autres, noms_des_auteurs
from evaluation.forms_indicateurs import IndicateurForm, nom_de
from evaluation.models import Cible, Indicateur, ModaliteIndicateur

SEL = "jeton-d-indicateur"
HORS = frozenset({"jeton", "motif"})


@dataclass(frozen=True, slots=True)
class Vu:
    """The last lines of history that a form has shown."""

    indicateur: int
    cibles: int
    parts: int


def _lignes(pk: int):
    return (
        Indicateur.historique.filter(id=pk),
        Cible.historique.filter(indicateur_id=pk),
        ModaliteIndicateur.historique.filter(indicateur_id=pk),
    )


def _dernieres(pk: int) -> list[int]:
    return [lignes.aggregate(derniere=Max("history_id"))["derniere"] or 0 for lignes in _lignes(pk)]


def signer_indicateur(pk: int) -> str:
    """The token of a form: sign it before reading what the form shows."""
    return signing.dumps([pk, *_dernieres(pk)], salt=SEL)


def lire_indicateur(texte: str, pk: int) -> Vu | None:
    """A missing, empty or forged token is no token, and so is another form's."""
    try:
        de, *dernieres = signing.loads(texte, salt=SEL)
        vu = Vu(*dernieres)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return vu if de == pk else None


def a_bouge(pk: int, vu: Vu | None) -> bool:
    return vu is None or [vu.indicateur, vu.cibles, vu.parts] != _dernieres(pk)


def fusionner_indicateur(pk: int, vu: Vu | None, data: QueryDict) -> Fusion:
    """Merge what was typed with the definition as it is now; `choix-…` of `data` settle the conflicts."""
    leur_form = _formulaire(pk)
    leurs, miennes = _etat(leur_form), _etat(leur_form, data)
    base = None if vu is None else _base(pk, vu)
    gardes, conflits = fusionner(base, leurs, miennes)
    restants = []
    for cle in conflits:
        bound = leur_form[cle[2]]
        libelle = str(bound.label)
        demande = Conflit(
            cle,
            libelle[:1].upper() + libelle[1:],
            base.get(cle) if base else None,
            leurs[cle],
            miennes[cle],
            bound.widget_type == "textarea",
        )
        if (choisi := demande.choisi(data)) is not None:
            gardes[cle] = choisi
        else:
            restants.append(demande)
    compose = data.copy()
    for (_, _, name), garde in (leurs | gardes).items():
        compose.setlist(name, list(garde.brut))
    compose["jeton"] = signer_indicateur(pk)
    return Fusion(
        data=compose,
        conflits=restants,
        leurs=[nom_de(leur_form[cle[2]]) for cle in gardes_des_autres(base, leurs, gardes)],
        auteurs=_auteurs(pk, vu),
    )


def _formulaire(pk: int, **autres) -> IndicateurForm:
    indicateur = Indicateur.objects.select_related("fiche__convention__territoire").get(pk=pk)
    return IndicateurForm(instance=indicateur, fiche=indicateur.fiche, **autres)


def _etat(form: IndicateurForm, data: QueryDict | None = None) -> Etat:
    return {("", "", bound.name): champ(bound, data) for bound in form if bound.name not in HORS}


def _base(pk: int, vu: Vu) -> Etat | None:
    """What the form showed; None where the history does not tell it."""
    indicateurs, cibles, parts = _lignes(pk)
    ligne = indicateurs.filter(history_id__lte=vu.indicateur).order_by("-history_id").first()
    if ligne is None:
        return None
    initial = {
        name: getattr(ligne, Indicateur._meta.get_field(name).attname) for name in IndicateurForm._meta.fields
    }
    form = _formulaire(
        pk,
        initial=initial,
        cibles={c.annee: c.valeur for c in _a_ce_moment(cibles, vu.cibles)},
        modalites=_a_ce_moment(parts, vu.parts),
    )
    return _etat(form)


def _a_ce_moment(lignes, derniere: int) -> list:
    """The objects as they were at that line of their history, in order of the page."""
    objets = {}
    for ligne in lignes.filter(history_id__lte=derniere).order_by("history_id"):
        objets[ligne.id] = None if ligne.history_type == "-" else ligne.instance
    presents = [objet for objet in objets.values() if objet is not None]
    return sorted(presents, key=lambda objet: getattr(objet, "ordre", 0))


def _auteurs(pk: int, vu: Vu | None) -> list[str]:
    if vu is None:
        return []
    return noms_des_auteurs(
        ligne
        for lignes, derniere in zip(_lignes(pk), (vu.indicateur, vu.cibles, vu.parts), strict=True)
        for ligne in lignes.filter(history_id__gt=derniere).select_related("history_user")
    )
