"""What Ghost's two editors know besides text (pictures, HTML, bookmarks, galleries) as HTML. Pure."""

from html import escape

from sources.formats.fields import is_web_address

# What only some readers get: the part behind the paywall, or words for mails.
FOR_SOME = {"paywall", "email", "email-cta"}
NO_WORDS = {"hr", "horizontalrule", "divider", "tk"}


def card(kind: str, said: dict) -> str | None:
    """Return a card as HTML; None for one that is not known here."""
    if kind in NO_WORDS:
        return "<hr>"
    if kind == "image":
        return _figure(said)
    if kind == "gallery":
        images = said.get("images")
        pictures = (
            [_figure(one) for one in images if isinstance(one, dict)] if isinstance(images, list) else []
        )
        caption = _text(said, "caption")
        return "\n".join([*pictures, *([f"<p>{caption}</p>"] if caption else [])])
    if kind == "html":
        return _text(said, "html")
    if kind in ("code", "codeblock"):
        return f"<pre>{escape(_text(said, 'code'), quote=False)}</pre>"
    if kind == "callout":
        return f"<blockquote><p>{_text(said, 'calloutText')}</p></blockquote>"
    if kind == "toggle":
        return f"<h4>{_text(said, 'heading')}</h4>\n{_text(said, 'content')}"
    if kind == "button":
        return _link(_text(said, "buttonUrl"), _text(said, "buttonText"))
    if kind in ("bookmark", "embed", "file", "audio", "video"):
        return _reference(said)
    return None


def _reference(said: dict) -> str:
    """Return a card that leads elsewhere as a link, with the words it shows."""
    metadata = said.get("metadata") if isinstance(said.get("metadata"), dict) else {}
    title = (
        _text(metadata, "title")
        or _text(said, "title")
        or _text(said, "fileTitle")
        or _text(said, "fileName")
    )
    url = _text(said, "url") or _text(metadata, "url") or _text(said, "src")
    caption = _text(said, "caption") or _text(said, "fileCaption")
    return _link(url, escape(title, quote=False)) + (f"\n<p>{caption}</p>" if caption else "")


def _link(url: str, words: str) -> str:
    return (
        f'<p><a href="{escape(url)}">{words or escape(url, quote=False)}</a></p>'
        if url
        else f"<p>{words}</p>"
    )


def _figure(said: dict) -> str:
    src, caption = _text(said, "src"), _text(said, "caption")
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    if not is_web_address(src) and not src.startswith("/"):
        return f"<p>{caption}</p>" if caption else ""
    return f'<figure><img src="{escape(src)}" alt="{escape(_text(said, "alt"))}">{words}</figure>'


def _text(said: dict, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
