"""The acte of publication in sentences: the same on paper, in the workbook and on screen."""

from ctg.templatetags.affichage import date_longue
from evaluation.edition import Edition
from evaluation.enums import EtapeBilan


def _par(fonction: str) -> str:
    """A function is written as it is noted: no article is guessed."""
    return f" ({fonction})" if fonction else ""


def dire_acte(edition: Edition) -> list[str]:
    """One sentence a step, in the order of the year. The public output quotes no free word."""
    acte, public = edition.acte, edition.is_publique
    phrases = [f"Version\u00a0{acte.version}, figée le {date_longue(acte.date_figement)}."]
    for debat in acte.debats:
        ou = ", ".join(mot for mot in ("" if public else debat.lieu, debat.quartier) if mot)
        nom = "" if public else f"\u00a0: {debat.intitule}"
        lieu = f" ({ou})" if ou else ""
        version = "" if debat.version == acte.version else f", sur la version\u00a0{debat.version}"
        phrases.append(f"Débat du {date_longue(debat.date)}{nom}{lieu}{version}.")
    for dispense in acte.dispenses:
        motif = "" if public else f" Motif\u00a0: {dispense.motif}"
        phrases.append(
            f"Étape non tenue\u00a0: {EtapeBilan(dispense.etape).label}, dispense du "
            f"{date_longue(dispense.date)}{_par(dispense.fonction)}.{motif}"
        )
    phrases.append(f"Transmise pour aval le {date_longue(acte.date_transmission)}.")
    phrases += [
        f"Aval le {date_longue(aval.date)}\u00a0: {aval.organisme}{_par(aval.fonction)}, sur l’empreinte {aval.empreinte}."
        for aval in acte.avals
    ]
    if acte.date_soumission:
        phrases.append(f"Soumise au COPIL le {date_longue(acte.date_soumission)}.")
    if acte.conclusion:
        texte = "" if public else f" {acte.conclusion.texte}"
        phrases.append(f"Conclusions du COPIL du {date_longue(acte.conclusion.date)}.{texte}")
    phrases.append(f"Publiée le {date_longue(acte.date_publication)}{_par(acte.fonction)}.")
    if acte.rectificatif:
        phrases.append(
            f"Rectificatif n°\u00a0{acte.rectificatif}\u00a0: remplace la version publiée avant elle."
        )
    return phrases
