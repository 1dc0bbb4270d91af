"""What an article itself shows of being private, in every format: its folder, its title, a form for its text."""

import re

from sources.formats.private_text import private_reason
from sources.formats.raw_article import RawArticle
from sources.problem import Code, Problem
from sources.text.plain import summed_up

# WordPress puts these before the title of a post that it keeps from the public.
_PREFIX = re.compile(
    r"\s*+(密码保护|密碼保護|受密码保护|受密碼保護|受保护|受保護|私密文章|私密|私有|私人|非公開|保護中"
    r"|Password[ -]Protected|Protected|Private)\s*+[:：]\s*+(?=\S)",
    re.I,
)
_FORM = re.compile(
    r"(?:内容|內容|文章|日志|网页|頁面).{0,12}(?:密码|密碼|受保护|受保護|受到保護|加密)|受保护的文章|受保護的文章"
    r"|(?:content|post) is (?:password[ -])?protected|protected post"
    r"|(?:仅|僅|只)(?:限)?(?:会员|會員|登录|登入).{0,6}(?:可见|可見|查看)",
    re.I,
)
_LONGEST_FORM = 200  # characters
PREFIXED = "来源的标题写着“{}：”，不是公开的；这几个字不是标题，已去掉"
FORM = Problem(Code.UNPUBLISHED, "正文只有来源要密码或登录的提示，不是公开的；请向来源要全文")


def hold_private(found: RawArticle, name: str) -> None:
    """Add a problem for each sign that the article is not public; a prefix of its title goes. `name` is its path."""
    folder = private_reason({}, name) if "/" in name else None
    if folder and not any(folder.text in problem.text for problem in found.problems):
        found.problems.append(folder)
    if match := _PREFIX.match(found.title):
        found.title = found.title[match.end() :]
        found.plain = summed_up(found.title, found.plain.text)
        found.problems.append(Problem(Code.UNPUBLISHED, PREFIXED.format(match[1])))
    if 0 < len(found.plain.text) <= _LONGEST_FORM and _FORM.search(found.plain.text):
        found.problems.append(FORM)
