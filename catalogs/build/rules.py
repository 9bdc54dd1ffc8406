"""The rules of an operation: which actions a call is checked against, on what, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

from feed import Resource

CLASSES = ("always", "conditional", "pass-role", "state", "optional", "forward")


@dataclass
class Rule:
    """One action that a call is checked against."""

    action: str
    kind: str = "always"
    when: str = ""
    resources: list[Resource] = field(default_factory=list)
    conditions: dict[str, str] = field(default_factory=dict)
    narrowing: dict[str, str] = field(default_factory=dict)
    provenance: str = "identity"
    confidence: str = "high"
    note: str = ""

    def to_json(self) -> dict:
        """What is written, without what goes without saying."""
        written: dict = {"action": self.action}
        if self.kind != "always":
            written["class"] = self.kind
        if self.when:
            written["when"] = self.when
        written["resources"] = [[part for part in resource if part] for resource in self.resources]
        for name, value in (("conditions", self.conditions), ("narrowing", self.narrowing), ("note", self.note)):
            if value:
                written[name] = value
        if self.provenance != "identity":
            written["provenance"] = self.provenance
        if self.confidence != "high":
            written["confidence"] = self.confidence
        return written

    @property
    def key(self) -> tuple:
        """What makes two rules the same rule."""
        return (self.action, self.kind, self.when, tuple(self.resources))


@dataclass
class Resolved:
    """An operation with its rules."""

    authorization: str
    rules: list[Rule]
