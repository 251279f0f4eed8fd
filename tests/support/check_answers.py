#!/usr/bin/env python3
"""check_answers.py OPENAPI_JSON ANSWERS_NDJSON: every recorded answer has a status, content type and body that the
document describes for its operation. Exit code 1 with one line for each that has not."""
import json
import sys

import jsonschema

document = json.load(open(sys.argv[1], encoding="utf-8"))
wrong = []


def resolve(part):
    while "$ref" in part:
        target = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        part = target
    return part


for line in open(sys.argv[2], encoding="utf-8"):
    answer = json.loads(line)
    name = f"{answer['method']} {answer['path']} -> {answer['status']}"
    operation = document["paths"][answer["pattern"]][answer["method"].lower()]
    response = operation["responses"].get(str(answer["status"]))
    if response is None:
        wrong.append(f"{name}: this status is not in the document: {answer['body'][:300]}")
        continue
    content = resolve(response).get("content", {})
    media = answer["content_type"].split(";")[0]
    if not content and not answer["body"]:
        continue
    if media not in content:
        wrong.append(f"{name}: content type {media} is not one of {list(content)}")
        continue
    if not media.endswith("json"):
        continue
    schema = {**content[media]["schema"], "components": document["components"]}
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.draft202012_format_checker)
    for error in list(validator.iter_errors(json.loads(answer["body"])))[:3]:
        where = ".".join(str(step) for step in error.absolute_path)
        wrong.append(f"{name}: {where or 'the body'}: {error.message[:300]}")

print("\n".join(wrong))
sys.exit(1 if wrong else 0)
