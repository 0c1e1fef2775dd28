"""What a hand does that the browser's driver does not."""


def coller(page, texte: str = "", html: str = "") -> bool:
    """What another program puts in the clipboard, pasted where the focus is; whether the page took it."""
    return page.evaluate(
        """([texte, html]) => {
            const clipboardData = new DataTransfer();
            if (texte) clipboardData.setData("text/plain", texte);
            if (html) clipboardData.setData("text/html", html);
            return !document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        [texte, html],
    )
