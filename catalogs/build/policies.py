"""The documents of the policies that AWS manages, one line each."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from pathlib import Path

FOLDER = "aws/managedpolicies"


def write_policies(target: Path, repository: Path, by_hand: Path) -> int:
    """Writes `managed_policies/<letter>.json` from a clone of iam-dataset; what the clone lacks is stated by hand."""
    documents = json.loads(by_hand.read_text())
    documents.update(_read(repository))
    letters: dict[str, list[str]] = defaultdict(list)
    for arn, document in sorted(documents.items()):
        name = arn.rsplit("/", 1)[-1]
        line = json.dumps(arn) + ": " + json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        letters[name[:1].lower()].append(line)
    for old in target.glob("*.json"):
        old.unlink()
    target.mkdir(exist_ok=True)
    for letter, lines in letters.items():
        (target / f"{letter}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return len(documents)


def _read(repository: Path) -> dict[str, dict]:
    """ARN → document, straight from the clone's objects."""
    git = ["git", "-C", str(repository)]
    listed = subprocess.run(
        [*git, "ls-tree", "--name-only", "HEAD", FOLDER + "/"], check=True, capture_output=True, text=True
    )
    names = listed.stdout.split()
    request = "".join(f"HEAD:{name}\n" for name in names)
    answer = subprocess.run(
        [*git, "cat-file", "--batch"], input=request.encode(), check=True, capture_output=True
    ).stdout
    documents, at = {}, 0
    for _ in names:
        end = answer.index(b"\n", at)
        header = answer[at:end].split()
        at = end + 1
        # A clone without its largest objects says that they are missing.
        if header[1] != b"blob":
            continue
        size = int(header[2])
        entry = json.loads(answer[at : at + size])
        # Entries without an ARN are not policies that anybody can attach.
        if entry.get("arn"):
            documents[entry["arn"]] = entry["document"]
        at += size + 1
    return documents
