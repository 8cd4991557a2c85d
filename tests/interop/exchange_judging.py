"""What the judges of recorded calls share: a folder of them, and how a judgement is told."""
import json
import pathlib
import sys
import urllib.parse


def query_of(call):
    """[(name, value)]"""
    return urllib.parse.parse_qsl(call["query"], keep_blank_values=True)


def judge(folder, problem_of):
    """Exits 1 where a call has a problem. problem_of: a call's problem as a text, None where it is as it should be."""
    refused = 0
    files = sorted(pathlib.Path(folder).glob("*.json"))
    for file in files:
        call = json.loads(file.read_text(encoding="utf-8"))
        problem = problem_of(call)
        if problem is not None:
            refused += 1
            print(f"{file.name}: {call['method']} {call['path']}: {problem}")
    print(f"{len(files) - refused} accepted, {refused} refused")
    return 1 if refused else 0


def main(document, count, judging):
    if len(sys.argv) != count + 1:
        sys.exit(document)
    sys.exit(judging(*sys.argv[1:]))
