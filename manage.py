#!/usr/bin/env python
"""Django's command line for the portal."""

import gc
import os
import sys


def main() -> None:
    """Run the command, and look for garbage seldom meanwhile: loading a thousand modules makes none to speak of."""
    gc.set_threshold(100_000, 50, 100)
    # numpy's matrices start a thread for each core, and nothing here multiplies any.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    finally:
        # What is left goes with the process: looking through all of it took a tenth of an import's time.
        gc.freeze()


if __name__ == "__main__":
    main()
