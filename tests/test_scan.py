"""That what looks through the log would find what must not be there."""

import logging

import pytest
import structlog
from structlog.testing import capture_logs

from tests import scan

TOKEN = "1234567:abcdefghijklmnopqrstuvwxyz"


def test_a_token_in_a_line_of_ours_is_found() -> None:
    with capture_logs():
        structlog.get_logger().info("at work", why=f"it said {TOKEN}")
    assert any("a token" in leak for leak in scan.heard())


def test_a_token_in_a_line_of_a_library_is_found() -> None:
    library = logging.getLogger("somebody")
    library.setLevel(logging.WARNING)  # whatever another test has set for all
    library.warning("GET /bot%s/getMe", TOKEN)
    assert any("a token" in leak for leak in scan.heard())


def test_an_answer_has_no_field_to_stand_in() -> None:
    with capture_logs():
        structlog.get_logger().info("kept", pain=7)
    assert scan.heard() == ["a field that nobody has looked at: pain of 'kept'"]


def test_what_somebody_typed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "typed", {"my knee hurts"})
    with capture_logs():
        structlog.get_logger().warning("not understood: my knee hurts")
    assert scan.heard() == ["what somebody typed: 'my knee hurts'"]
    assert scan.heard() == []
