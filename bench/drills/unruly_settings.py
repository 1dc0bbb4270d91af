"""The portal's settings, with a reader of posts that has faults; for the drill `belt` only."""

from newsportal.settings import *  # noqa: F403
from newsportal.settings import READING_MODULES as USUAL
from tests.support import unruly

READING_MODULES = [*USUAL, unruly.__name__]
