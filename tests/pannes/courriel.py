"""A mail server that takes the process with it."""

import os
import signal

from django.core.mail.backends.filebased import EmailBackend as Fichiers


class EmailBackend(Fichiers):
    """Kills its process when the message after `PANNE_APRES` is handed to it."""

    nb = 0

    def send_messages(self, email_messages):
        for _ in email_messages:
            if EmailBackend.nb == int(os.environ["PANNE_APRES"]):
                os.kill(os.getpid(), signal.SIGKILL)
            EmailBackend.nb += 1
        return super().send_messages(email_messages)
