#!/bin/sh
# `diff --role` with the real AWS command line, against moto's server on this machine. Needs Python and packages from PyPI;
# `python` may be one that has them already.
#
#     tests/moto/run.sh PROGRAM [PYTHON]
set -eu
program=$1
work=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$work"' EXIT
python=${2:-}
if [ -z "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" --quiet install 'moto[iam,server]' awscli
    python=$work/venv/bin/python
fi
PATH=$(dirname "$python"):$PATH
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$python" -m moto.server -H 127.0.0.1 -p "$port" >"$work/server.log" 2>&1 &
server=$!
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_PAGER=
url=http://127.0.0.1:$port
iam() { aws iam --endpoint-url "$url" --region eu-west-1 "$@"; }
tries=0
until iam list-roles >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 60 ]; then cat "$work/server.log"; exit 1; fi
    sleep 0.5
done
statement() { printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"%s","Resource":"*"}]}' "$1"; }
iam create-role --role-name work --assume-role-policy-document "$(statement sts:AssumeRole)" >"$work/out"
iam put-role-policy --role-name work --policy-name inline --policy-document "$(statement sqs:PurgeQueue)"
arn=$(iam create-policy --policy-name shared --policy-document "$(statement sqs:DeleteQueue)" --query Policy.Arn --output text)
iam attach-role-policy --role-name work --policy-arn "$arn"
mkdir "$work/project"
cat >"$work/project/app.py" <<'END'
import boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=event["queue"], MessageBody="x")
END
diff() { "$program" diff "$work/project" --handler app.py:handler --region eu-west-1 --endpoint-url "$url" --format json "$@"; }
diff --role work --exit-zero >"$work/answer.json"
"$python" - "$work/answer.json" <<'END'
import json, sys
function = json.load(open(sys.argv[1]))["functions"][0]
sides = {side: sorted(row["action"] for row in function[side]) for side in ("missing", "excess")}
held = sorted(policy["name"] for policy in function["held"])
print(held, sides)
assert held == ["inline", "shared"], held
assert "sqs:SendMessage" in sides["missing"], sides
assert {"sqs:DeleteQueue", "sqs:PurgeQueue"} <= set(sides["excess"]), sides
END
# What the command line says is passed on.
if diff --role nobody 2>"$work/error"; then echo "a role that does not exist was found"; exit 1; fi
cat "$work/error"
grep -q 'NoSuchEntity' "$work/error"
echo ok
