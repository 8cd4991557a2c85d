#!/usr/bin/env python3
"""Takes from Datadog's OpenAPI document what is about the paths that hallpass uses.

usage: datadog_document.py ARCHIVE DOCUMENT

ARCHIVE is datadog-api-client as PyPI has its source, where the document is; DOCUMENT becomes JSON of the same form.
"""
import json
import pathlib
import sys
import tarfile

import yaml

PATHS = [
    "/api/v2/incidents",
    "/api/v2/incidents/search",
    "/api/v2/incidents/{incident_id}",
    "/api/v2/on-call/teams/{team_id}/on-call",
    "/api/v2/permissions",
    "/api/v2/team",
]


def whole_document(archive):
    with tarfile.open(archive) as packed:
        name = next(one for one in packed.getnames() if one.endswith("/.generator/schemas/v2/openapi.yaml"))
        return yaml.load(packed.extractfile(name), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def references_in(part):
    members = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in members:
        if key == "$ref" and isinstance(value, str):
            yield value
        else:
            yield from references_in(value)


def components_for(paths, whole):
    found = {"securitySchemes": whole["components"]["securitySchemes"]}
    left = [paths]
    while left:
        for reference in references_in(left.pop()):
            _, _, kind, name = reference.split("/")
            if name not in found.setdefault(kind, {}):
                found[kind][name] = whole["components"][kind][name]
                left.append(found[kind][name])
    return found


def by_keys_alone(operation, schemes):
    """Some operations may also be called by people who have logged in, which openapi-core takes for granted."""
    wanted = [one for one in operation.get("security", []) if all(schemes[name]["type"] == "apiKey" for name in one)]
    return {**operation, "security": wanted}


def main(archive, document):
    whole = whole_document(archive)
    schemes = whole["components"]["securitySchemes"]
    paths = {
        path: {method: by_keys_alone(one, schemes) for method, one in whole["paths"][path].items()} for path in PATHS
    }
    cut = {
        "openapi": whole["openapi"],
        "info": whole["info"],
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": components_for(paths, whole),
    }
    # Examples hold dates, which JSON has none of.
    pathlib.Path(document).write_text(json.dumps(cut, default=str), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
