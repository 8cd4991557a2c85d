#!/usr/bin/env python3
"""Holds the texts of Jira Cloud's calls against Atlassian's schema of its Document Format, which is in
@atlaskit/adf-schema.

usage: jira_documents.py NODE_MODULES FOLDER
"""
import json
import pathlib

import jsonschema
from exchange_judging import judge, main

SCHEMA = "@atlaskit/adf-schema/dist/json-schema/v1/full.json"


def judging(node_modules, folder):
    schema = json.loads(pathlib.Path(node_modules, SCHEMA).read_text(encoding="utf-8"))
    validator = jsonschema.Draft4Validator(schema)

    def problem_of(call):
        body = call["body"]
        text = body["fields"]["description"] if "fields" in body else body["body"]
        error = jsonschema.exceptions.best_match(validator.iter_errors(text))
        return None if error is None else f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"

    return judge(folder, problem_of)


if __name__ == "__main__":
    main(__doc__, 2, judging)
