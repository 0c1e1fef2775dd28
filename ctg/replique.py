"""A copy of the database that only reads: heavy pages read there where `DATABASE_URL_LECTURE` names one.

A person who has just written reads where it was written, for longer than the copy is late. Whether one may read is always
asked there too: models of accounts and rights, and those that one works in, say `LU_OU_ECRIT`.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

ALIAS = "lecture"
COOKIE, RETARD = "a-ecrit", 15  # seconds: more than the copy is ever late
REPIT = 30  # seconds before a copy that did not answer is asked again
APPS = frozenset({"ctg", "structures", "fiches", "gouvernance", "evaluation"})

logger = logging.getLogger(__name__)
_ailleurs: ContextVar[bool] = ContextVar("ailleurs", default=False)
_muette = {"jusqu_a": 0.0}


class Routeur:
    """Reads of our own models, inside `lire_ailleurs`; all that writes goes to the database itself."""

    def db_for_read(self, model, **hints) -> str | None:
        if not _ailleurs.get():
            return None
        est_lourde = model._meta.app_label in APPS and not getattr(model, "LU_OU_ECRIT", False)
        return ALIAS if est_lourde else DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, obj1, obj2, **hints) -> bool | None:
        return True if {obj1._state.db, obj2._state.db} <= {ALIAS, DEFAULT_DB_ALIAS} else None

    def allow_migrate(self, db, app_label, **hints) -> bool | None:
        return False if db == ALIAS else None


@contextmanager
def lire_ailleurs() -> Iterator[None]:
    """Does nothing where there is no copy, or where it does not answer."""
    if ALIAS not in connections.settings or not _repond():
        yield
        return
    jeton = _ailleurs.set(True)
    try:
        yield
    finally:
        _ailleurs.reset(jeton)


def _repond() -> bool:
    if time.monotonic() < _muette["jusqu_a"]:
        return False
    try:
        connections[ALIAS].ensure_connection()
    except OperationalError as panne:
        logger.warning("La base de lecture ne répond pas : %s", type(panne).__name__)
        _muette["jusqu_a"] = time.monotonic() + REPIT
        return False
    return True


def peut_lire_ailleurs(request) -> bool:
    return request.method in {"GET", "HEAD"} and COOKIE not in request.COOKIES


class LectureAilleursMixin:
    """A view whose GET reads much and writes nothing that it reads again. Its page is drawn inside."""

    def dispatch(self, request, *args, **kwargs):
        if not peut_lire_ailleurs(request):
            return super().dispatch(request, *args, **kwargs)
        with lire_ailleurs():
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response


class EcritureMiddleware:
    """Who writes is known for a while by a cookie that says nothing else."""

    def __init__(self, get_response):
        if ALIAS not in connections.settings:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            response.set_cookie(
                COOKIE, "1", max_age=RETARD, secure=settings.HTTPS, httponly=True, samesite="Lax"
            )
        return response
