"""Where the messages of the next page wait: a cookie of this very host, like the session's."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class CookieDeLHote(CookieStorage):
    cookie_name = settings.MESSAGES_COOKIE_NAME


class Stockage(FallbackStorage):
    """What is too long for a cookie waits in the session, which two requests at once may overwrite."""

    storage_classes = (CookieDeLHote, SessionStorage)
