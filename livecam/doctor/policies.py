"""Whether a resource's policy lets a service of AWS do something. Pure; what it does not know it says."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OPERATORS = frozenset({"stringequals", "stringlike", "arnequals", "arnlike", "bool"})
"""Conditions that are understood; with IfExists too. Arn... and ...Like have * and ?."""
_EXACT = frozenset({"stringequals", "bool"})


@dataclass(frozen=True, slots=True)
class Deed:
    """What a service would do."""

    service: str
    """Such as "sns.amazonaws.com"."""
    action: str
    """Such as "sqs:SendMessage"."""
    resource: str
    """ARN of what the policy is about."""
    context: Mapping[str, str]
    """What conditions can ask for, such as aws:SourceArn."""


def allows(policy: Mapping[str, Any], deed: Deed) -> bool | None:
    """Say whether a policy allows a deed; None when it asks for something that is not understood here."""
    verdicts: dict[str, list[bool | None]] = {
        "Allow": [False],
        "Deny": [False],
    }  # by Effect: does a statement hold, as far as is known
    for statement in _listed(policy.get("Statement")):
        if isinstance(statement, dict) and statement.get("Effect") in verdicts:
            verdicts[statement["Effect"]].append(_holds(statement, deed))
    is_denied, is_allowed = _any(verdicts["Deny"]), _any(verdicts["Allow"])
    if is_denied is True or is_allowed is False:
        return False
    return None if is_denied is None else is_allowed


def _holds(statement: Mapping[str, Any], deed: Deed) -> bool | None:
    """Say whether a statement is about a deed."""
    if any(name in statement for name in ("NotPrincipal", "NotAction", "NotResource")):
        return None
    if not _is_principal(statement.get("Principal"), deed.service):
        return False
    if not any(_fits(each.lower(), deed.action.lower()) for each in _texts(statement.get("Action"))):
        return False
    resources = _texts(statement.get("Resource", "*"))  # a role's trust policy has none
    if not any(_fits(each, deed.resource) for each in resources):
        return False
    return _conditions(statement.get("Condition") or {}, deed.context)


def _is_principal(principal: object, service: str) -> bool:
    if isinstance(principal, dict):
        return service in _texts(principal.get("Service")) or "*" in _texts(principal.get("AWS"))
    return principal == "*"


def _conditions(conditions: Mapping[str, Any], context: Mapping[str, str]) -> bool | None:
    known = {name.lower(): value for name, value in context.items()}
    met = [
        _is_met(operator.lower(), known.get(name.lower()), _texts(wanted))
        for operator, asked in conditions.items()
        for name, wanted in asked.items()
    ]
    if False in met:
        return False
    return None if None in met else True


def _is_met(operator: str, value: str | None, wanted: list[str]) -> bool | None:
    plain = operator.removesuffix("ifexists")
    if plain not in _OPERATORS:
        return None
    if value is None:
        return True if plain != operator else None
    if plain in _EXACT:
        return value in wanted
    return any(_fits(each, value) for each in wanted)


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    if True in found:
        return True
    return None if None in found else False


def _fits(pattern: str, text: str) -> bool:
    """Compare as policies do: * and ? only."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> list[str]:
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in _listed(value)]
