#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # numpy's matrices start a thread for each core, and nothing here multiplies any.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    execute_from_command_line(sys.argv)
