"""Half a mail server is refused at the start, not when the first letter is lost."""

from __future__ import annotations

import pytest

from bookingoffice.env import Environment, OddSetting
from bookingoffice.mail import MailServer

GIVEN = {"BOOKINGOFFICE_MAIL_HOST": "mail.example.com", "BOOKINGOFFICE_MAIL_FROM": "Office <office@example.com>"}


def test_nothing_is_sent_where_nothing_is_named():
    assert MailServer.of(Environment({})).host == ""


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_the_security(security, port):
    server = MailServer.of(Environment({**GIVEN, "BOOKINGOFFICE_MAIL_SECURITY": security}))

    assert (server.security, server.port) == (security, port)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"BOOKINGOFFICE_MAIL_FROM": ""}, "BOOKINGOFFICE_MAIL_FROM"),
        ({"BOOKINGOFFICE_MAIL_FROM": "office"}, "BOOKINGOFFICE_MAIL_FROM"),
        ({"BOOKINGOFFICE_MAIL_SECURITY": "ssl"}, "BOOKINGOFFICE_MAIL_SECURITY"),
        ({"BOOKINGOFFICE_MAIL_PORT": "0"}, "BOOKINGOFFICE_MAIL_PORT"),
        ({"BOOKINGOFFICE_MAIL_USER": "office"}, "BOOKINGOFFICE_MAIL_PASSWORD"),
        ({"BOOKINGOFFICE_MAIL_PASSWORD": "secret"}, "BOOKINGOFFICE_MAIL_USER"),
        (
            {
                "BOOKINGOFFICE_MAIL_USER": "o",
                "BOOKINGOFFICE_MAIL_PASSWORD": "s",
                "BOOKINGOFFICE_MAIL_SECURITY": "none",
            },
            "BOOKINGOFFICE_MAIL_SECURITY",
        ),
    ],
)
def test_an_odd_one_is_refused_by_name(variables, named):
    with pytest.raises(OddSetting) as refusal:
        MailServer.of(Environment({**GIVEN, **variables}))

    assert refusal.value.name == named
