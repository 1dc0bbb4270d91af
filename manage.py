#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from newsportal.process import give_up, settle_in
from sources.stopping import losing_no_stop


def main() -> None:
    settle_in()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    from django.core.management import execute_from_command_line

    try:
        with losing_no_stop():
            execute_from_command_line(sys.argv)
    finally:
        give_up()


if __name__ == "__main__":
    main()
