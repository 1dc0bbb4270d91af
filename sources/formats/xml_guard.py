"""Refuse XML that keeps a parser busy: entities, namespaces and attributes in numbers that no real file has. Pure."""

import re

from sources.formats.raw_article import Unreadable
from sources.problem import Code, Problem

# feedparser takes quadratic time in these (for a declared entity: its length times its uses).
MOST_NAMESPACES, MOST_DECLARATIONS = 5000, 100

_MANY_ATTRIBUTES = re.compile(r"""<\w(?:(?:[^<=]|=(?!\s*+["']))*+=\s*+["']){1000}""")
_LONG_ENTITY = re.compile(r"<!ENTITY[^>]{200}")


def refuse_bombs(text: str, what: str) -> None:
    """Raise Unreadable for such a text; `what` is what the file is called."""
    if text.count("xmlns") > MOST_NAMESPACES:
        raise too_much(f"{what}里的 xmlns 超过 {MOST_NAMESPACES} 个，不合常理，未读")
    if text.count("<!ENTITY") + text.count("<!DOCTYPE") > MOST_DECLARATIONS or _LONG_ENTITY.search(text):
        raise too_much(f"{what}里声明的实体太多或太长，不合常理，未读")
    if _MANY_ATTRIBUTES.search(text):
        raise too_much(f"{what}里有一个标记的属性超过 1000 个，不合常理，未读")


def too_much(said: str) -> Unreadable:
    return Unreadable(Problem(Code.TOO_LARGE, said))
