"""How long a session still lasts: the shorter of what is left without activity and of its whole length."""

import time

from django.conf import settings


def restante(request) -> dict[str, int | bool]:
    """`reste`: seconds from now, if nothing more is asked; `finale`: no activity makes it longer."""
    now = time.time()
    entiere = int(request.session.get("debut", now) + settings.SESSION_DUREE - now)
    return {
        "reste": max(min(settings.SESSION_INACTIVITE, entiere), 0),
        "finale": entiere < settings.SESSION_INACTIVITE,
    }
