#!/bin/sh
# Every output in SARIF against the schema of SARIF 2.1.0, which OASIS publishes (docs.oasis-open.org, and the repository
# oasis-tcs/sarif-spec under sarif-2.1/schema). Needs Python and `jsonschema` from PyPI; `python` may be one that has it.
#
#     tests/sarif/run.sh PROGRAM SCHEMA [PYTHON]
set -eu
program=$1 schema=$2 python=${3:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" --quiet install jsonschema
    python=$work/venv/bin/python
fi
check() {
    "$program" "$@" --format sarif --exit-zero >"$work/log.json"
    "$python" - "$schema" "$work/log.json" "$*" <<'END'
import json, sys
from jsonschema import validators
schema, log = (json.load(open(path)) for path in sys.argv[1:3])
validator = validators.validator_for(schema)
errors = [f"{list(error.path)}: {error.message[:200]}" for error in validator(schema).iter_errors(log)]
print(len(log["runs"][0]["results"]), "results of", sys.argv[3])
sys.exit("\n".join(errors) or 0)
END
}
for example in "$root"/examples/*/; do
    for command in scan diff lint; do
        check "$command" "$example"
    done
done
check compare "$root/examples/policies/before.json" "$root/examples/policies/after.json"
echo ok
