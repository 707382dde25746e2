"""Where letters leave from. Nothing is sent until a mail server is named; links are shown to be copied instead."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Self

from bookingoffice.env import Environment, OddSetting

SECURITIES = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """An empty `host` sends nothing."""

    host: str
    port: int
    security: str
    username: str
    password: str
    sender: str

    @classmethod
    def of(cls, environment: Environment) -> Self:
        security = environment.text("BOOKINGOFFICE_MAIL_SECURITY", "starttls").lower()
        if security not in SECURITIES:
            raise OddSetting("BOOKINGOFFICE_MAIL_SECURITY", security, f"one of {', '.join(SECURITIES)}")
        server = cls(
            host=environment.text("BOOKINGOFFICE_MAIL_HOST"),
            port=environment.integer("BOOKINGOFFICE_MAIL_PORT", PORTS[security], least=1, most=65535),
            security=security,
            username=environment.text("BOOKINGOFFICE_MAIL_USER"),
            password=environment.text("BOOKINGOFFICE_MAIL_PASSWORD"),
            sender=environment.text("BOOKINGOFFICE_MAIL_FROM"),
        )
        server._refuse_half()
        return server

    def _refuse_half(self) -> None:
        """What would only be noticed when the first letter is lost."""
        if not self.host:
            return
        if "@" not in parseaddr(self.sender)[1]:
            raise OddSetting("BOOKINGOFFICE_MAIL_FROM", self.sender, "an address such as office@example.com")
        if bool(self.username) != bool(self.password):
            lacking = "BOOKINGOFFICE_MAIL_PASSWORD" if self.username else "BOOKINGOFFICE_MAIL_USER"
            raise OddSetting(lacking, "", "a value, because the other half of the log-in is given")
        if self.username and self.security == "none":
            raise OddSetting("BOOKINGOFFICE_MAIL_SECURITY", self.security, "starttls or tls where a password is sent")
