"""All checks of "./dev lint", cheapest first: formatting, each header alone, the co_await rule, clang-tidy.

Works on the files of src/ and tests/; with --changed on those that differ from the main branch.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

CO_AWAIT = re.compile(r"\bco_(await|return|yield)\b")


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.splitlines()


def tracked_files():
    known = git("ls-files", "--cached", "--others", "--exclude-standard", "src", "tests")
    return sorted(name for name in known if name.endswith((".cpp", ".hpp")) and os.path.exists(name))


def changed_files():
    base = git("merge-base", "HEAD", "main")[0]
    return set(git("diff", "--name-only", base)) | set(git("ls-files", "--others", "--exclude-standard"))


def compile_commands(build):
    """file -> its compiler call, as words, without what names the output."""
    commands = {}
    for entry in json.loads(pathlib.Path(build, "compile_commands.json").read_text(encoding="utf-8")):
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
        words = shlex.split(entry["command"])
        if words[0].endswith("ccache"):
            words = words[1:]
        commands[path] = words
    return commands


def run_all(jobs, tasks):
    """tasks: (name, command, folder). Prints what fails; true where nothing does."""

    def run(task):
        name, command, folder = task
        told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return name, told

    good = True
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for name, told in pool.map(run, tasks):
            if told.returncode != 0:
                good = False
                print(f"--- {name}\n{told.stdout}{told.stderr}", flush=True)
    return good


def check_format(options, files):
    return run_all(1, [("formatting (clang-format-16 -i mends it)", ["clang-format-16", "--dry-run", "-Werror", *files], ".")])


def check_headers(options, files):
    """Each header compiles alone, with the flags of a source file of its folder or the nearest one above."""
    commands = compile_commands(options.build)
    tasks = []
    for header in (name for name in files if name.endswith(".hpp")):
        flags = flags_for(header, commands)
        if flags is None:
            continue
        alone = ["-fsyntax-only", "-fno-color-diagnostics", "-Wno-unused-const-variable", "-Wno-unused-function", "-x", "c++", os.path.abspath(header)]
        tasks.append((header + " alone", flags + alone, options.build))
    return run_all(options.jobs, tasks)


def flags_for(header, commands):
    folder = os.path.dirname(header)
    while folder:
        for source, words in commands.items():
            if source.startswith(folder + "/"):
                return without_files(words)
        folder = os.path.dirname(folder)
    return None


def without_files(words):
    """The flags alone: no input, no output, no dependency file."""
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MQ", "-c"):
            skip = True
        elif word not in ("-MD",):
            kept.append(word)
    return kept + ["-Wno-pragma-once-outside-header"]


def check_co_await(options, files):
    commands = compile_commands(options.build)
    with_coroutines = [
        name
        for name in files
        if name in commands and CO_AWAIT.search(pathlib.Path(name).read_text(encoding="utf-8"))
    ]
    if not with_coroutines:
        return True
    script = ["python3", "tests/lint/co_await.py", "-p", options.build, "--jobs", str(options.jobs)]
    return run_all(1, [("the co_await rule", script + with_coroutines, ".")])


def check_tidy(options, files):
    commands = compile_commands(options.build)
    command = ["clang-tidy-16", "--quiet", "-p", options.build, "--extra-arg=-Wno-unknown-warning-option"]
    # The longest first, so that no core waits for one at the end.
    sources = sorted((name for name in files if name in commands), key=os.path.getsize, reverse=True)
    return run_all(options.jobs, [(name, command + [name], ".") for name in sources])


CHECKS = {"format": check_format, "headers": check_headers, "co_await": check_co_await, "tidy": check_tidy}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("checks", nargs="*", help="of " + ", ".join(CHECKS))
    options = parser.parse_args()
    unknown = set(options.checks) - set(CHECKS)
    if unknown:
        sys.exit(f"./dev lint: no check {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")

    files = tracked_files()
    if options.changed:
        files = sorted(set(files) & changed_files())
    # Samples hold what the rules forbid.
    files = [name for name in files if not name.startswith("tests/lint/samples/")]
    failed = []
    for name in options.checks or CHECKS:
        start = time.monotonic()
        good = CHECKS[name](options, files) if files else True
        print(f"lint {name}: {'good' if good else 'FAILED'}, {time.monotonic() - start:.0f} s", flush=True)
        if not good:
            failed.append(name)
    if failed:
        sys.exit("./dev lint: " + ", ".join(failed) + " failed")


main()
