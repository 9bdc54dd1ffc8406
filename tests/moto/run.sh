#!/bin/sh
# What the real AWS command line says of roles and functions, against moto's server on this machine: by `diff --role`, and in files. Needs Python and packages from PyPI;
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
    "$work/venv/bin/pip" --quiet install 'moto[iam,awslambda,server]' awscli
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
aws() { command aws --endpoint-url "$url" --region eu-west-1 --output json "$@"; }
mkdir "$work/project" "$work/answers"
cat >"$work/project/app.py" <<'END'
import boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=event["queue"], MessageBody="x")
END
diff() { "$program" diff "$work/project" --handler app.py:handler --region eu-west-1 --format json "$@"; }
diff --role work --endpoint-url "$url" --exit-zero >"$work/answer.json"
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
# The answers in files say the same, whichever are given; documents as the API sends them, too.
cd "$work/answers"
iam get-role --role-name work >role.json
iam get-role-policy --role-name work --policy-name inline >inline.json
iam list-role-policies --role-name work >names.json
iam list-attached-role-policies --role-name work >attached.json
iam list-policies --scope Local >policies.json
iam list-policy-versions --policy-arn "$arn" >versions.json
iam get-policy --policy-arn "$arn" >policy.json
iam get-policy-version --policy-arn "$arn" --version-id v1 >version.json
iam get-account-authorization-details >account.json
iam create-role --role-name idle --assume-role-policy-document "$(statement sts:AssumeRole)" >"$work/out"
iam get-account-authorization-details --filter Role LocalManagedPolicy >two.json
"$python" - "$work/code.zip" <<'END'
import sys, zipfile
zipfile.ZipFile(sys.argv[1], "w").writestr("app.py", "def handler(event, context): pass")
END
role=$(iam get-role --role-name work --query Role.Arn --output text)
aws lambda create-function --function-name handler --runtime python3.12 --handler app.handler --role "$role" \
    --zip-file "fileb://$work/code.zip" >"$work/out"
aws lambda get-function --function-name handler >function.json
aws lambda get-function-configuration --function-name handler >configuration.json
aws lambda list-functions >functions.json
"$python" - inline.json encoded.json <<'END'
import json, sys, urllib.parse
answer = json.load(open(sys.argv[1]))
answer["PolicyDocument"] = urllib.parse.quote(json.dumps(answer["PolicyDocument"]), safe="")
json.dump(answer, open(sys.argv[2], "w"))
END
deployed() {
    expected=$1; shift
    files=; for file in "$@"; do files="$files --deployed $file"; done
    # shellcheck disable=SC2086
    diff $files --exit-zero >"$work/answer.json"
    "$python" - "$work/answer.json" "$expected" <<'END'
import json, sys
function = json.load(open(sys.argv[1]))["functions"][0]
excess = sorted({row["action"] for row in function["excess"]})
assert excess == sys.argv[2].split(), (excess, sys.argv[2], function["blind_spots"])
END
    echo "$* says the same"
}
deployed "sqs:PurgeQueue" inline.json
deployed "sqs:PurgeQueue" encoded.json
deployed "sqs:DeleteQueue" version.json
deployed "sqs:DeleteQueue sqs:PurgeQueue" role.json inline.json policy.json version.json versions.json policies.json
deployed "sqs:DeleteQueue sqs:PurgeQueue" account.json
for told in function configuration functions; do
    deployed "sqs:DeleteQueue sqs:PurgeQueue" two.json $told.json
done
# What is listed and not told is not taken for nothing.
diff --deployed role.json --deployed names.json --deployed attached.json --exit-zero >"$work/answer.json"
grep -q 'the statements of the attached policy' "$work/answer.json"
# Two answers by meaning, and what is wrong in them.
"$program" compare account.json two.json --role work --format json | grep -q '"relation": "equal"'
"$program" lint account.json >"$work/out" || grep -q resource-star "$work/out"
cd "$work"
# What the command line says is passed on.
if diff --role nobody --endpoint-url "$url" 2>"$work/error"; then echo "a role that does not exist was found"; exit 1; fi
cat "$work/error"
grep -q 'NoSuchEntity' "$work/error"
echo ok
