"""Errors told to a service that speaks Sentry's protocol: where in the code, on which page. No one, and nothing typed."""

from django.core.exceptions import ImproperlyConfigured

from ctg.journaux import nettoyer

# All that an event may hold; each kept part is cleaned as a log is.
GARDEES = frozenset(
    {
        "contexts",
        "environment",
        "event_id",
        "exception",
        "level",
        "logger",
        "platform",
        "release",
        "sdk",
        "timestamp",
    }
)


def signaler_a(dsn: str) -> None:
    try:
        import sentry_sdk  # noqa: PLC0415 -- an installation chooses to have it
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN demande le paquet sentry-sdk : pip install 'sentry-sdk>=2,<3', ou videz SENTRY_DSN."
        ) from None
    sentry_sdk.init(
        dsn=dsn,
        before_send=alleger,
        before_send_transaction=lambda event, hint: None,
        before_breadcrumb=lambda crumb, hint: None,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        server_name="",
    )


def alleger(event: dict, hint: dict | None = None) -> dict:
    """What is left of an event: its page without what was asked, its exceptions without their words."""
    garde = {nom: valeur for nom, valeur in event.items() if nom in GARDEES}
    garde["contexts"] = {n: c for n, c in event.get("contexts", {}).items() if n in {"runtime", "trace"}}
    if (adresse := event.get("request", {}).get("url")) is not None:
        garde["request"] = {"url": nettoyer(adresse), "method": event["request"].get("method", "")}
    for exception in garde.get("exception", {}).get("values", []):
        exception["value"] = ""
        for cadre in (exception.get("stacktrace") or {}).get("frames", []):
            cadre.pop("vars", None)
    return garde
