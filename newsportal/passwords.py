"""Password rules: long, and not made of what guessing programs try first."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from pypinyin import Style, lazy_pinyin

from newsportal.signin.log import password_changed

SHORTEST, LONGEST = 12, 256  # characters
ENOUGH = 8.0  # unpredictable parts: a common word counts WORD, a run or name 1, a digit 0.5
WORD = 2.0
FEWEST_KINDS = 5  # different characters

ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
COLUMNS = (
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "qaz",
    "wsx",
    "edc",
    "rfv",
)
# Characters that follow each other in one of these, forwards or backwards, are a run.
ORDERS = (
    *ROWS,
    *COLUMNS,
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "零一二三四五六七八九十",
    "甲乙丙丁戊己庚辛壬癸",
    "子丑寅卯辰巳午未申酉戌亥",
)
UNSHIFTED = str.maketrans('!@#$%^&*()_+{}:"<>?|~', "1234567890-=[];',./\\`")
LEET = str.maketrans("@4031!$5", "aaoeliss")
DATE = re.compile(r"(19|20)\d\d([-./年]?(0?[1-9]|1[0-2])([-./月]?(0?[1-9]|[12]\d|3[01])日?)?)?")

ADVICE = "换成四个以上互不相干的词，或一句只有你想得到的话。"
SAID = {
    "short": f"密码太短：至少 {SHORTEST} 个字符。{ADVICE}",
    "long": f"密码太长：最多 {LONGEST} 个字符。",
    "kinds": f"密码只用了几个字符反复拼成，很容易猜到。{ADVICE}",
    "repeat": f"密码是同一段内容的重复，很容易猜到。{ADVICE}",
    "run": f"密码里大部分是顺着数、顺着字母或顺着键盘按下来的字符，很容易猜到。{ADVICE}",
    "name": f"密码主要由用户名、姓名、邮箱或本站的名字组成，很容易猜到。{ADVICE}",
    "word": f"密码主要由常见的密码组成，很容易猜到。{ADVICE}",
    "digits": f"密码里数字太多、别的太少，很容易猜到。{ADVICE}",
}
HELP = (
    f"密码要 {SHORTEST} 到 {LONGEST} 个字符，汉字、字母、空格都可以。"
    "不要用名字、日期、常见密码、重复的内容，也不要顺着键盘按。四个互不相干的词，或一句只有你想得到的话就很好。"
)


class PasswordRules:
    """The only validator; its messages say what to do."""

    def validate(self, password: str, user=None) -> None:
        if code := fault(password, names_of(user)):
            raise ValidationError(SAID[code], code=f"password_{code}")

    def password_changed(self, password: str, user=None) -> None:
        """Called by Django for every validator after a new password is saved."""
        if user is not None:
            password_changed(user)

    def get_help_text(self) -> str:
        return HELP


def fault(password: str, names: frozenset[str] = frozenset()) -> str:
    """What is wrong with a password, as a key of SAID; "" if nothing is."""
    if len(password) > LONGEST:  # before anything that takes time
        return "long"
    if len(password) < SHORTEST:
        return "short"
    folded = unicodedata.normalize("NFKC", password).lower()
    once = _without_repeats(folded)
    if len(set(folded)) < FEWEST_KINDS and not folded.isdigit() and len(once) == len(folded):
        return "kinds"
    if min(_is_run(half) for half in (folded[::2], folded[1::2])):  # 1q2w3e4r…
        return "run"
    worth, lost = _weigh(once, names)
    if worth >= ENOUGH:
        return ""
    lost["repeat"] = (len(folded) - len(once)) / 2
    return max(lost, key=lost.get)


def names_of(user) -> frozenset[str]:
    """The names of the site and the user, their parts, and how the Chinese ones are typed."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    known = [settings.SITE_NAME, "newsportal", "admin", "编辑部", *host.split(".")]
    known += [_typed(name)[0] for name in known]
    for field in ("username", "first_name", "last_name", "email"):
        value = str(getattr(user, field, None) or "")
        known += [value, *re.split(r"[\W_]+", value), *_typed(value)]
    if user is not None:
        known += [user.last_name + user.first_name, user.first_name + user.last_name]
        known += _typed(user.last_name + user.first_name)
    plain = {unicodedata.normalize("NFKC", name).lower() for name in known}
    return frozenset(name for name in plain if len(name) >= (3 if name.isascii() else 2))


def _typed(name: str) -> list[str]:
    """The pinyin of a Chinese name, whole and by syllable, and its initials."""
    syllables = lazy_pinyin(name)
    return ["".join(syllables), *syllables, "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))]


def _without_repeats(text: str) -> str:
    """The text with immediate repetitions reduced to one: abcabcabc becomes abc, 我我我 becomes 我."""
    return re.sub(r"(.{1,64}?)\1+", r"\1", text, flags=re.DOTALL)


def _weigh(text: str, names: frozenset[str]) -> tuple[float, dict[str, float]]:
    """The number of unpredictable parts, and the number of characters that were predictable, by kind."""
    worth, at, seen, lost = 0.0, 0, set(), dict.fromkeys(("run", "name", "word", "digits"), 0.0)
    while at < len(text):
        length, value, kind = next(_predictable(text, at, names), (1, 1.0, ""))
        part = text[at : at + length]
        if length == 1 and not kind:
            value, kind = _single(part, seen)
        value = value if part not in seen else min(value, 0.5)  # repeating an earlier part adds little
        seen.add(part)
        worth += value
        if kind:
            lost[kind] += length
        at += length
    return worth, lost


def _single(char: str, seen: set[str]) -> tuple[float, str]:
    if char.isdigit():
        return 0.5, "digits"
    if char.isspace() or (not char.isalnum() and char in seen):
        return 0.0, ""
    return 1.0, ""


def _predictable(text: str, at: int, names: frozenset[str]) -> Iterator[tuple[int, float, str]]:
    """Predictable parts that begin here, longest first: length, value, kind."""
    found = []
    window = text[at : at + 40]
    plain = window.translate(LEET)
    for name in names:
        if any(read.startswith((name, name[::-1])) for read in (window, plain)):
            found.append((len(name), 1.0, "name"))
    if date := DATE.match(window):
        found.append((len(date[0]), 1.0, "digits"))
    if (run := _run_length(window)) >= 3:
        found.append((run, 1.0, "run"))
    for length in range(min(16, len(window)), 3, -1):
        if window[:length] in _common() or plain[:length] in _common():
            found.append((length, WORD, "word"))
            break
    return iter(sorted(found, key=lambda one: (-one[0], one[1])))


def _run_length(text: str) -> int:
    """The number of characters from the start that follow each other in one of ORDERS."""
    return max(_run_in(order, text.translate(UNSHIFTED)) for order in _orders())


def _run_in(order: str, text: str) -> int:
    place, length = order.find(text[0]), 0
    if place < 0:
        return 0
    while length < len(text) and place + length < len(order) and text[length] == order[place + length]:
        length += 1
    return length


def _is_run(text: str) -> bool:
    return _run_length(_without_repeats(text)) >= len(_without_repeats(text)) >= 3


@cache
def _orders() -> tuple[str, ...]:
    return tuple(order for line in ORDERS for order in (line, line[::-1]))


@cache
def _common() -> frozenset[str]:
    """Django's list of common passwords."""
    return frozenset(CommonPasswordValidator().passwords)
