#!/usr/bin/env python3
"""Holds calls of Datadog, and their answers, against Datadog's OpenAPI document with openapi-core.

usage: datadog_requests.py DOCUMENT FOLDER
"""
import json
import pathlib

from exchange_judging import judge, main, query_of
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

HOST = "https://api.datadoghq.com"
TYPE = "application/json"


def parameters_of(document, call):
    """The names of an operation's parameters, which openapi-core leaves alone where they are unknown."""
    parts = call["path"].split("/")
    for path, operations in document["paths"].items():
        wanted = path.split("/")
        same = len(wanted) == len(parts) and all(w.startswith("{") or w == p for w, p in zip(wanted, parts))
        # "incidents/search" is nobody's id.
        if same and (path in (call["path"],) or call["path"] not in document["paths"]):
            listed = operations[call["method"].lower()].get("parameters", [])
            named = [document["components"]["parameters"][one["$ref"].split("/")[-1]] if "$ref" in one else one for one in listed]
            return {one["name"] for one in named if one["in"] == "query"}
    return set()


def reasons_of(error):
    schema = getattr(error.__cause__, "schema_errors", None) or ()
    found = [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in schema]
    return "; ".join(found) or f"{error} {error.__cause__ or ''}"


def judging(document_file, folder):
    document = json.loads(pathlib.Path(document_file).read_text(encoding="utf-8"))
    api = OpenAPI.from_dict(document)

    def problem_of(call):
        body = None if call["body"] is None else json.dumps(call["body"]).encode()
        query = query_of(call)
        request = MockRequest(
            HOST, call["method"].lower(), call["path"], args=query, headers=call["headers"], data=body, content_type=TYPE
        )
        try:
            api.validate_request(request)
        except OpenAPIError as error:
            return reasons_of(error)
        if unknown := {name for name, _ in query} - parameters_of(document, call):
            return f"unknown parameters: {unknown}"
        if call.get("status") is None:
            return None
        content = json.dumps(call["answer"]).encode()
        try:
            api.validate_response(request, MockResponse(content, status_code=call["status"], content_type=TYPE))
        except OpenAPIError as error:
            return f"the answer {call['status']}: {reasons_of(error)}"
        return None

    return judge(folder, problem_of)


if __name__ == "__main__":
    main(__doc__, 2, judging)
