"""What import_articles, and no other command, asks of its process; manage.py calls this before Django is loaded.

Gains in processor time, of an import of 6,000 posts with its index on SQLite (7.6 s), medians of four or five runs that
took turns. glibc's mallopt gained nothing measurable and is gone.
"""

import gc


def collect_garbage_rarely() -> None:
    """Gains 3 %: Python would look for cycles after every 2,000 objects, and a batch makes many and no cycles.

    The reading processes are forked later and inherit it.
    """
    gc.set_threshold(100_000, 50, 100)


def skip_last_collection() -> None:
    """Gains 8 %: at its end Python would search every object of the process, which goes away with it."""
    gc.freeze()
