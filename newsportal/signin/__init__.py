"""Sign-in: lockouts, the log, session length, and forms kept when a session ends."""
