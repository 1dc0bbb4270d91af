"""Django's PostgreSQL backend with time limits for web requests.

A stopped server keeps its sockets open, and its own time-outs cannot fire, so the client ends the wait. The server's
time-outs end slow or locked statements and leave the connection usable.
"""

import time
from types import SimpleNamespace

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base

from newsportal.databases import patience
from newsportal.databases.postgresql.creation import DatabaseCreation


class Connection(psycopg.Connection):
    """A connection that is closed when it exceeds a web request's limit, or `at_most` (seconds) if set."""

    at_most: float | None = None

    def wait(self, gen, *args, **kwargs):
        request = patience.request()
        if request is None and self.at_most is None:
            return super().wait(gen, *args, **kwargs)
        limit = self.at_most or request.limit()
        began = time.monotonic()
        try:
            answer = super().wait(gen, *args, **{"timeout": limit} | kwargs)
        # Private, but what the documentation of `wait` names; the tests of a frozen database fail without it.
        except psycopg.errors._WaitTimeout:
            # A late answer could be taken for that of the next query, so the connection cannot be used any more.
            self.pgconn.finish()
            if self.at_most is None:
                patience.breaker.no_answer()
            raise psycopg.OperationalError(f"{patience.NO_ANSWER} within {limit:.1f} seconds") from None
        except psycopg.errors.LockNotAvailable:
            patience.locks.ran_out()
            raise
        finally:
            if request:
                request.left -= time.monotonic() - began
        if request:
            request.answered = True
        return answer


class DatabaseWrapper(base.DatabaseWrapper):
    """`limits` are the time-outs set on the open connection, in seconds: for a lock, and for a statement."""

    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})
    creation_class = DatabaseCreation
    limits: tuple[float, float] | None = None
    for_tests = False

    def get_connection_params(self):
        params = super().get_connection_params()
        request = patience.request()
        self.limits = _limits(request) if request else None
        if request is None:
            return params
        ours = " ".join(f"-c {name}={value}" for name, value in _settings(self.limits))
        # For a network that drops packets: the system closes a connection whose data nobody acknowledges.
        tcp = {"tcp_user_timeout": 1000 * patience.CONNECT, "keepalives_idle": 10, "keepalives_interval": 2}
        quick = {"connect_timeout": patience.CONNECT, **tcp}
        return quick | params | {"options": f"{params.get('options', '')} {ours}".strip()}

    def get_new_connection(self, conn_params):
        request = patience.request()
        if request is None:
            return super().get_new_connection(conn_params)
        _yield_to_editor(request)
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            patience.breaker.no_answer()
            raise
        patience.breaker.answer()
        return connection

    def is_usable(self):
        """Whether a kept connection is alive. Limited to HEALTH seconds, since the server may be stopped."""
        if self.connection is None:
            return False
        if request := patience.request():
            _yield_to_editor(request)
        self.connection.at_most = patience.HEALTH
        try:
            alive = super().is_usable()
        finally:
            self.connection.at_most = None
        if alive and request:
            patience.breaker.answer()
        return alive

    def close_if_health_check_failed(self):
        if self.health_check_done:
            return
        super().close_if_health_check_failed()
        request = patience.request()
        if request and self.connection is not None and self.limits != (limits := _limits(request)):
            said = ";".join(f"SET {name} = {value}" for name, value in _settings(limits))
            with self.wrap_database_errors:
                self.connection.execute(said)
            self.limits = limits

    def commit(self):
        super().commit()
        if request := patience.request():
            request.committed = True


def _limits(request: patience.Request) -> tuple[float, float]:
    return patience.locks.seconds(), patience.READ if request.reads_only else patience.WRITE


def _settings(limits: tuple[float, float]) -> list[tuple[str, int]]:
    lock, statement = (round(1000 * seconds) for seconds in limits)
    return [("lock_timeout", lock), ("statement_timeout", statement)]


def _yield_to_editor(request: patience.Request) -> None:
    if not patience.breaker.lets_through(request):
        raise OperationalError(patience.NO_ANSWER)
