"""Enough of CloudFormation to read this project's template: parameters, conditions and references."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from yaml.nodes import Node

NO_VALUE = object()
"""What AWS::NoValue stands for: the property is not there."""
_REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")


class _Loader(yaml.SafeLoader):
    """Reads `!Sub text` as `{"Fn::Sub": text}`, and `!Ref` and `!Condition` without `Fn::`."""

    def short_form(self, suffix: str, node: Node) -> dict[str, Any]:
        name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
        if isinstance(node, yaml.ScalarNode):
            value: Any = self.construct_scalar(node)
        else:
            assert isinstance(node, yaml.SequenceNode)
            value = self.construct_sequence(node, deep=True)
        if suffix == "GetAtt":
            value = value.split(".", 1)
        return {name: value}


_Loader.add_multi_constructor("!", _Loader.short_form)


@dataclass
class Template:
    """A template with the values that its references have."""

    content: dict[str, Any]
    values: dict[str, str]
    """Of parameters and of pseudo parameters, such as AWS::Region; a parameter's default else."""
    made: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of resources: what `Ref` and each attribute say, by "Ref" and the attribute's name."""

    def properties(self, name: str) -> dict[str, Any]:
        """Return a resource's properties with everything resolved."""
        found: dict[str, Any] = self._resolved(self.content["Resources"][name].get("Properties", {}))
        return found

    def names(self, kind: str) -> list[str]:
        """Return the resources of a type that are made under the conditions as they are."""
        resources = self.content["Resources"].items()
        return [name for name, each in resources if each["Type"] == kind and self._is_made(each)]

    def outputs(self) -> dict[str, str]:
        """Return what the outputs say."""
        outputs = self.content["Outputs"].items()
        return {name: self._resolved(each["Value"]) for name, each in outputs if self._is_made(each)}

    def _is_made(self, entry: dict[str, Any]) -> bool:
        condition = entry.get("Condition")
        return condition is None or self._holds(condition)

    def _holds(self, condition: str) -> bool:
        return bool(self._resolved(self.content["Conditions"][condition]))

    def _resolved(self, value: Any) -> Any:  # noqa: ANN401  whatever YAML can hold
        if isinstance(value, list):
            return [item for each in value if (item := self._resolved(each)) is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._called(name, argument)
        found = {name: self._resolved(each) for name, each in value.items()}
        return {name: each for name, each in found.items() if each is not NO_VALUE}

    def _called(self, name: str, argument: Any) -> Any:  # noqa: ANN401
        match name:
            case "Ref":
                return self._reference(argument)
            case "Fn::GetAtt":
                return self.made[argument[0]][argument[1]]
            case "Fn::Sub":
                text = _REFERENCE.sub(lambda found: str(self._reference(found[1])), argument)
                return text.replace("${!", "${")
            case "Fn::If":
                return self._resolved(argument[1] if self._holds(argument[0]) else argument[2])
            case "Fn::Not":
                return not self._resolved(argument[0])
            case "Fn::Equals":
                left, right = self._resolved(argument)
                return str(left) == str(right)
        raise NotImplementedError(name)

    def _reference(self, name: str) -> Any:  # noqa: ANN401  also NO_VALUE
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.values:
            return self.values[name]
        if name in self.content["Parameters"]:
            return self.content["Parameters"][name]["Default"]
        resource, _, attribute = name.partition(".")
        return self.made[resource][attribute or "Ref"]


def read(path: Path, values: dict[str, str]) -> Template:
    """Return a template whose parameters have these values, or their defaults."""
    content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  it is a SafeLoader
    return Template(content, values)
