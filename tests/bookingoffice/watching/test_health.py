"""Readiness is told in time, whatever the database does."""

from __future__ import annotations

import threading
import time

from bookingoffice.watching.health import CLOSED, SILENT, Patient, readiness


def test_a_database_that_hangs_is_told_in_time_and_asked_no_further():
    over, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        over.wait(30)
        return ""

    patient = Patient(ask, patience=0.2)
    started = time.monotonic()

    assert [patient(), patient(), patient()] == [SILENT] * 3
    assert time.monotonic() - started < 1
    assert len(asked) == 1

    over.set()
    assert patient._asking is not None
    patient._asking.join()
    assert patient() == ""


def test_a_database_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("bookingoffice.watching.health._parameters", lambda: {"host": "/nowhere", "dbname": "x"})

    assert readiness() == CLOSED
