"""Writes what boto3's resources do, in the format of the libraries, one file a service.

    python catalogs/build/boto3_resources.py     # with boto3 installed; writes into the folder beside the libraries

The facts are boto3's own: each service's resources-1.json, read through boto3's model so that renamed members come out
under their final names, and the methods that boto3 adds by hand (boto3/s3/inject.py, dynamodb/table.py, ec2/*tags.py).
What a response says about names comes from responses.toml.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

import boto3
from boto3.resources.model import ResourceModel
from botocore import xform_name

ROOT = Path(__file__).resolve().parents[1] / "aws"
ANSWERS = tomllib.loads((ROOT / "responses.toml").read_text())["fields"]
CARRIED = {"credentials": "{self.credentials}", "region": "{self.region}"}
PLACE = re.compile(r"(?<!\$)\{(\w+)[^}]*\}")


def nested(target, value, into):
    """Puts a value at a path such as `Delete.Objects[].Key` into a tree of records and lists."""
    name, _, rest = target.partition(".")
    plain, listed = re.match(r"(\w+)(\[.*\])?$", name).groups()
    if not rest:
        into[plain] = {"list": value} if listed else value
        return
    inner = into.setdefault(plain, {"list": {"record": {}}} if listed else {"record": {}})
    nested(rest, value, (inner["list"] if listed else inner)["record"])


def answered(operation, service, path):
    """The texts that responses.toml has for a field of a response."""
    here = ANSWERS.get(service, {}).get(operation, {})
    path = path.replace("[Versions,DeleteMarkers]|[]", "Versions")
    for part in re.sub(r"\[\d*\]", "", path).split("."):
        here = here.get(part, {}) if isinstance(here, dict) else {}
    if isinstance(here, dict):
        return []
    return [here] if isinstance(here, str) else list(here)


class Service:
    """Everything about one service's resources."""

    def __init__(self, session, name):
        self.name = name
        self.client = session.client(name, region_name="us-east-1")
        loader = session._session.get_component("data_loader")
        self.model = loader.load_service_model(name, "resources-1")
        self.shapes = self.client.meta.service_model
        self.waiters = loader.load_service_model(name, "waiters-2")["waiters"] if self.client.waiter_names else {}
        self.classes = {}

    def path(self, resource):
        return f"boto3.resources.{self.name}.{resource}"

    def arguments(self, params, identifier):
        """The parameters that a resource fills in by itself."""
        filled = {}
        for param in params:
            if param.target.startswith("Filters[") or param.source == "input":
                continue
            if param.source == "identifier":
                value = identifier(xform_name(param.name))
            elif param.source == "data":
                value = "{?}"
            else:
                value = str(param.value)
            nested(param.target, value, filled)
        return filled

    def call(self, operation, arguments, spread=True, **more):
        call = {"operation": f"{self.name}.{operation}"}
        if arguments:
            call["arguments"] = arguments
        if spread:
            call["spread"] = ["*"]
        return call | more

    def loading(self, load, identifier="{{self.{}}}".format):
        """The request that fetches a resource's attributes, sent where they did not come with the resource."""
        arguments = self.arguments(load.request.params, identifier)
        unless = [{"value": "{self.data}", "given": False}]
        return [self.call(load.request.operation, arguments, spread=False, when=unless)]

    def identified(self, resource, request, given, place):
        """A resource that a response describes. `given` has the owner's identifiers and the parameters filled in
        already, `place` spells a parameter of the caller."""
        fields = {}
        for identifier in resource.identifiers:
            name = xform_name(identifier.target)
            if identifier.source == "identifier":
                fields[name] = given["self"](xform_name(identifier.name))
            elif identifier.source == "requestParameter":
                known = given["arguments"].get(identifier.path)
                fields[name] = known or (place(identifier.path) if re.fullmatch(r"\w+", identifier.path) else "{?}")
            elif identifier.source == "response" and request:
                texts = answered(request.operation, self.name, identifier.path)
                texts = [PLACE.sub(lambda m: m[0].replace("{" + m[1], place(m[1])[:-1], 1), t) for t in texts]
                fields[name] = {"first": texts + ["{?}"]} if texts else "{?}"
            elif identifier.source in ("data", "response"):
                fields[name] = "{?}"
        if resource.path:
            fields["data"] = "{?}"
        return {"class": self.path(resource.type), "with": fields | CARRIED}

    def action(self, action, identifier="{{self.{}}}".format):
        given = {"self": identifier, "arguments": self.arguments(action.request.params, identifier)}
        made = {"calls": [self.call(action.request.operation, given["arguments"])]}
        if action.resource:
            value = self.identified(action.resource, action.request, given, "{{{}}}".format)
            paths = [i.path for i in action.resource.identifiers if i.path] + [action.resource.path or ""]
            made["returns"] = {"list": value} if any("[]" in path for path in paths) else value
        elif action.path and action.path != "@":
            made["returns"] = "{?}"
        return made

    def collection(self, owner, collection):
        """A collection: an object that keeps its owner, and what was asked for when it is filtered."""
        name = f"{owner}.{collection.name}"
        up = "{{self.parent.{}}}".format
        given = {"self": up, "arguments": self.arguments(collection.request.params, up)}
        element = self.identified(collection.resource, collection.request, given, lambda p: f"{{self.{xform_name(p)}}}")
        asked = sorted(set(re.findall(r"\{self\.(\w+)", json.dumps(element["with"]))) - {"parent", *CARRIED})
        kept = {p: xform_name(p) for p in self.shapes.operation_model(collection.request.operation).input_shape.members}
        kept = {p: field for p, field in kept.items() if field in asked}
        asked_for = given["arguments"] | {p: f"{{self.{field}}}" for p, field in kept.items()}
        asking = self.call(collection.request.operation, given["arguments"])
        listing = self.call(collection.request.operation, asked_for, spread=False)
        filtered = {"class": self.path(name), "with": {"parent": "{self.parent}"} | CARRIED}
        filtered["with"] |= {field: f"{{{p}}}" for p, field in kept.items()}
        members = {
            "all|limit|page_size": {"calls": [listing], "returns": "{self}"},
            "filter": ({"parameters": list(kept)} if kept else {}) | {"calls": [asking], "returns": filtered},
            "pages": {"calls": [listing], "returns": {"list": {"list": element}}},
        }
        for batch in collection.batch_actions:
            arguments = self.arguments(batch.request.params, lambda n: element["with"].get(n, "{?}"))
            sent = [listing, self.call(batch.request.operation, arguments)]
            members[xform_name(batch.name)] = {"calls": sent, "returns": "{?}"}
        self.classes[self.path(name)] = {"members": members, "element": {"returns": element}}
        return {"is": {"class": self.path(name), "with": {"parent": "{self}"} | CARRIED}}

    def subresource(self, sub):
        given = [i for i in sub.resource.identifiers if i.source == "input"]
        fields = {}
        parameters = [xform_name(i.target) for i in given]
        for identifier in sub.resource.identifiers:
            target = xform_name(identifier.target)
            source = target if identifier.source == "input" else "self." + xform_name(identifier.name)
            fields[target] = f"{{{source}}}"
        made = {"parameters": parameters} if parameters else {}
        return made | {"returns": {"class": self.path(sub.resource.type), "with": fields | CARRIED}}

    def resource(self, name, definition):
        model = ResourceModel(name, definition, self.model["resources"])
        shape = self.shapes.shape_for(model.shape) if model.shape else None
        model.load_rename_map(shape)
        label = "ServiceResource" if name == self.name else name
        made = {"parameters": [i.name for i in model.identifiers]} if model.identifiers else {}
        made |= {"bases": [self.path("Resource")], "members": {}}
        members = made["members"]
        for identifier in model.identifiers:
            names = dict.fromkeys([identifier.name, identifier.member_name or identifier.name])
            members["|".join(names)] = {"is": f"{{self.{identifier.name}}}"}
        if model.load:
            made["load"] = self.loading(model.load)
            arguments = self.arguments(model.load.request.params, "{{self.{}}}".format)
            members["load|reload"] = {"calls": [self.call(model.load.request.operation, arguments)], "returns": "{?}"}
        for action in model.actions:
            members[action.name] = self.action(action)
        for collection in model.collections:
            members[collection.name] = self.collection(label, collection)
        for reference in model.references:
            given = {"self": "{{self.{}}}".format, "arguments": {}}
            value = self.identified(reference.resource, None, given, "{{{}}}".format)
            listed = any("[]" in (i.path or "") for i in reference.resource.identifiers)
            members[reference.name] = {"calls": made.get("load", []), "is": {"list": value} if listed else value}
        for sub in model.subresources:
            members[sub.name] = self.subresource(sub)
        for waiter in model.waiters:
            operation = self.waiters[waiter.waiter_name]["operation"]
            arguments = self.arguments(waiter.params, "{{self.{}}}".format)
            members[waiter.name] = {"calls": [self.call(operation, arguments)], "returns": "{?}"}
        self.classes[self.path(label)] = made

    def shared(self):
        """What every resource of the service has."""
        client = {"client": self.name, "members": "botocore.client.BaseClient", "with": CARRIED}
        meta = {"class": self.path("Meta"), "with": CARRIED}
        self.classes[self.path("Resource")] = {
            "members": {"meta": {"is": meta}, "get_available_subresources": {"returns": "{?}"}}
        }
        self.classes[self.path("Meta")] = {
            "members": {"client": {"is": client}, "service_name": {"is": self.name}, "data|identifiers": {"is": "{?}"}}
        }

    def library(self):
        self.shared()
        self.resource(self.name, self.model["service"])
        for name, definition in self.model["resources"].items():
            self.resource(name, definition)
        ADDED.get(self.name, lambda service: None)(self)
        return self.classes


# The source of a copy as the request spells it, from a record or from that text.
OBJECT = "{CopySource.Bucket}/{CopySource.Key}"
COPIED = {"first": [OBJECT + "?versionId={CopySource.VersionId}", OBJECT, "{CopySource}"]}


def transfers(bucket, key):
    """The transfers of boto3/s3/inject.py on a resource that knows the bucket, and perhaps the key."""
    known = [] if key else ["Key"]
    target = {"Bucket": bucket, "Key": key or "{Key}"}
    last = ["ExtraArgs", "Callback", "Config"]

    def sent(*operations, **more):
        return [{"operation": f"s3.{name}", "arguments": target, "spread": ["ExtraArgs"]} | more for name in operations]

    abandoned = {"operation": "s3.AbortMultipartUpload", "arguments": target, "possible": True}
    places = {part: f"{{CopySource.{part}}}" for part in ("Bucket", "Key", "VersionId")}
    source = {"operation": "s3.HeadObject", "arguments": places}
    copied = {"operation": "s3.CopyObject", "arguments": target | {"CopySource": COPIED}, "spread": ["ExtraArgs"]}
    ends = {"returns": "{?}", "invokes": ["Callback"]}
    made = {"copy": {"parameters": ["CopySource", *known, "ExtraArgs", "Callback", "SourceClient", "Config"]}}
    made["copy"] |= {"calls": [source, copied, abandoned]} | ends
    for name, local in (("file", "Filename"), ("fileobj", "Fileobj")):
        up = {"parameters": [local, *known, *last], "calls": [*sent("PutObject"), abandoned]}
        down = {"parameters": [*known, local, *last], "calls": sent("HeadObject", "GetObject")}
        made |= {f"upload_{name}": up | ends, f"download_{name}": down | ends}
    return made


def add_s3(service):
    bucket = service.classes[service.path("Bucket")]
    loading = {"operation": "s3.ListBuckets"}
    bucket["members"]["load"] = {"calls": [loading], "returns": "{?}"}
    bucket["load"] = [loading | {"when": [{"value": "{self.data}", "given": False}]}]
    bucket["members"] |= transfers("{self.name}", None)
    service.classes[service.path("Object")]["members"] |= transfers("{self.bucket_name}", "{self.key}")
    for name in ("Object", "ObjectSummary"):
        copying = service.classes[service.path(name)]["members"]["copy_from"]["calls"][0]
        copying["arguments"] |= {"CopySource": COPIED}
    head = {"operation": "s3.HeadObject", "arguments": {"Bucket": "{self.bucket_name}", "Key": "{self.key}"}}
    summary = service.classes[service.path("ObjectSummary")]
    summary["members"]["load"] = {"calls": [head], "returns": "{?}"}
    summary["load"] = [head | {"when": [{"value": "{self.data}", "given": False}]}]


def add_dynamodb(service):
    def writes(request, part):
        item = {"record": {request: {"record": {part: f"{{{part}}}"}}}}
        requests = {"record": {"{self.table_name}": {"list": item}}}
        call = {"operation": "dynamodb.BatchWriteItem", "arguments": {"RequestItems": requests}}
        return {"parameters": [part], "calls": [call], "returns": "{?}"}

    writer = {"class": "boto3.dynamodb.table.BatchWriter", "with": {"table_name": "{self.name}"} | CARRIED}
    table = service.classes[service.path("Table")]["members"]
    table["batch_writer"] = {"parameters": ["overwrite_by_pkeys"], "returns": writer}
    service.classes["boto3.dynamodb.table.BatchWriter"] = {
        "parameters": ["table_name", "client", "flush_amount", "overwrite_by_pkeys"],
        "fields": {"credentials": {"first": ["{credentials}", "{client.credentials}"]}},
        "members": {"put_item": writes("PutRequest", "Item"), "delete_item": writes("DeleteRequest", "Key")},
    }


def add_ec2(service):
    tag = {"class": service.path("Tag"), "with": {"resource_id": "{?}", "key": "{?}", "value": "{?}"} | CARRIED}
    made = {"calls": [service.call("CreateTags", {})], "returns": {"list": tag}}
    service.classes[service.path("ServiceResource")]["members"]["create_tags"] = made
    deleted = service.call("DeleteTags", {"Resources": {"list": "{self.id}"}})
    service.classes[service.path("Instance")]["members"]["delete_tags"] = {"calls": [deleted]}


ADDED = {"s3": add_s3, "dynamodb": add_dynamodb, "ec2": add_ec2}


def written(name, classes):
    """The file: one class a line."""
    head = {"package": "boto3", "language": "python", "version": boto3.__version__}
    head["source"] = f"package source of boto3 {boto3.__version__}, data/{name}/*/resources-1.json"
    lines = [f"  {json.dumps(path)}: {json.dumps(classes[path], separators=(',', ':'))}" for path in sorted(classes)]
    return "{" + json.dumps(head)[1:-1] + ',\n "classes": {\n' + ",\n".join(lines) + "\n }}\n"


def main():
    session = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none")
    folder = ROOT / "libraries" / "python" / "boto3-resources"
    folder.mkdir(parents=True, exist_ok=True)
    for name in session.get_available_resources():
        text = written(name, Service(session, name).library())
        (folder / f"{name}.json").write_text(text)
        sys.stderr.write(f"{name}: {len(text)} bytes\n")


if __name__ == "__main__":
    main()
