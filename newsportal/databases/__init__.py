"""Database backends based on Django's: a reader's request never waits long, and a lost database is not replaced by an
empty one."""
