from __future__ import annotations

import inspect
import string
from typing import TYPE_CHECKING

import botocore.exceptions  # type: ignore[import-untyped]
import pytest

from livecam.aws.library_errors import LIBRARY_ERRORS, SEVERAL, UNKNOWN

if TYPE_CHECKING:
    from livecam.aws.service_errors import Rule

WORDS = {
    "where",
    "region",
    "host",
    "profile",
    "flag",
    "action",
    "detail",
    "code",
    "endpoint",
    "missing",
    "provider",
    "profile_name",
    "path",
}
RULES = [*LIBRARY_ERRORS.values(), *SEVERAL.values(), UNKNOWN]
CLASSES = [
    error
    for error in vars(botocore.exceptions).values()
    if inspect.isclass(error)
    and issubclass(error, Exception)
    and not issubclass(error, Warning)
    and error.__module__ == "botocore.exceptions"
    and error is not botocore.exceptions.BotoCoreError
    and not issubclass(error, botocore.exceptions.ClientError)  # by code: see service_errors.py
]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_exception_of_botocore_is_here_itself_or_by_its_base(error: type[Exception]) -> None:
    names = [base.__name__ for base in error.__mro__]
    assert set(names) & set(LIBRARY_ERRORS), f"say in library_errors.py what {error.__name__} means"


def test_there_are_that_many() -> None:
    assert len(CLASSES) > 80


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence[:40])
def test_a_sentence_has_only_places_that_are_filled_and_is_one(rule: Rule) -> None:
    places = {name for _, name, _, _ in string.Formatter().parse(rule.sentence) if name}
    assert places <= WORDS
    assert not rule.sentence.endswith(".")
    assert "\n" not in rule.sentence


def test_what_a_credential_process_prints_is_not_repeated() -> None:
    assert "{detail}" not in LIBRARY_ERRORS["CredentialRetrievalError"].sentence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence[:40])
def test_the_network_may_be_back_at_the_next_call(rule: Rule) -> None:
    if rule.blame == "network":
        assert not rule.is_lasting
