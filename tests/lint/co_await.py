"""Reports coroutines that break the house rules (CONTRIBUTING.md), most of which g++ 12 miscompiles: co_await.py [-p BUILD] [--jobs N] FILE... [-- FLAGS]

Prints "file:line: what is wrong" for each. Exit status 1 where there is any, 2 where a file can't be read.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

QUERY = pathlib.Path(__file__).with_name("co_await.query")
MATCH = re.compile(r'^(.+?):(\d+):\d+: note: "(\w+)" binds here$', re.M)
MEANING = {
    "temporary": "a closure or a braced aggregate in a statement with co_await: make it a named local first",
    "conditional": "?: around a co_await: write an if statement",
    "braces": "a co_await inside braces: name its result first",
    "spawned": "a spawned coroutine takes a const reference, an rvalue reference or a view: take it by value",
    "result_of_bool": "co_return of a result<bool> object, of which Boost 1.81 makes has_value(): return its error or its value",
    "list": "an initializer list in a statement with co_await: make it a named local first",
}


def found_in(file, build, flags):
    command = ["clang-query-16", "-f", str(QUERY), file]
    command += ["-p", build] if build else ["--", *flags]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if "error:" in told.stderr + told.stdout or told.returncode != 0:
        raise RuntimeError(f"clang-query-16 can't read {file}:\n{told.stderr}{told.stdout}")
    return {
        (os.path.relpath(path), int(line), MEANING[name])
        for path, line, name in MATCH.findall(told.stdout)
        if name in MEANING
    }


def main():
    arguments, flags = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, flags = arguments[:at], arguments[at + 1 :]
    parser = argparse.ArgumentParser()
    parser.add_argument("-p", dest="build")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args(arguments)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        try:
            findings = set().union(*pool.map(lambda file: found_in(file, options.build, flags), options.files))
        except (RuntimeError, OSError) as error:
            print(error, file=sys.stderr)
            sys.exit(2)
    for path, line, what in sorted(findings):
        print(f"{path}:{line}: {what}")
    sys.exit(1 if findings else 0)


main()
