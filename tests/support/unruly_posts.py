"""Posts for tests.support.unruly."""

SLOW = {"spin", "backtrack", "swallow", "sleep"}


def post(title: str, fault: str = "") -> str:
    """A post of this title, which is read as ever, or meets with the fault."""
    said = f"unruly: {fault}\n" if fault else ""
    head = f'title: "{title}"\n{said}source: 沧澜日报\ndate: 2022-03-01 09:00:00 +0800'
    return f"---\n{head}\n---\n<p>{title}：沧澜银行今日发布公告。</p>\n"
