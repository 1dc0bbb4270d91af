#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from newsportal.config.process import collect_garbage_rarely, skip_last_collection
from sources.run_control.interrupts import graceful_stop, ignore_stops


def main() -> None:
    if is_import := sys.argv[1:2] == ["import_articles"]:
        collect_garbage_rarely()
    # Not before: these load the first half of Django, and with it come twenty collections.
    from newsportal.config.home import keep_to_ourselves
    from newsportal.config.masking import quiet_errors

    keep_to_ourselves()
    quiet_errors()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    # numpy's matrices start a thread for each core, and nothing here multiplies any.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # Commands that keep something say what; this is for all others, and for a stop before they have begun.
        with graceful_stop(sys.stderr.write, "已停止。\n"):
            from django.core.management import execute_from_command_line
            from django.db import DatabaseError

            from newsportal.databases.outage import nothing_there

            try:
                execute_from_command_line(sys.argv)
            except DatabaseError as error:
                if not (said := nothing_there(error)):
                    raise
                sys.stderr.write(f"{said}\n")
                sys.exit(2)  # could not run
    finally:
        if is_import:
            skip_last_collection()
        ignore_stops()


if __name__ == "__main__":
    main()
