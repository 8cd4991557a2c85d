"""All checks of "./dev lint", cheapest first: formatting, each header alone, the co_await rule, clang-tidy.

Works on the files of src/ and tests/; with --changed on those that differ from the main branch.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

from batches import compile_commands, flags_of, make_batches

FIRST_INCLUDE = re.compile(r'^#include "(.+)"', re.M)
COROUTINES = re.compile(r"\bco_(await|return|yield)\b|spawn\(")


def git(*arguments):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.splitlines()


def tracked_files():
    known = git("ls-files", "--cached", "--others", "--exclude-standard", "src", "tests")
    return sorted(name for name in known if name.endswith((".cpp", ".hpp")) and os.path.exists(name))


def changed_files():
    base = git("merge-base", "HEAD", "main")[0]
    return set(git("diff", "--name-only", base)) | set(git("ls-files", "--others", "--exclude-standard"))


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
    """Each header compiles alone, with the flags of a source file of its folder or the nearest one above.

    The build itself shows it for those that are the first include of a source file, as every file's own header is.
    """
    commands = compile_commands(options.build)
    shown = {first_include(source) for source in commands if os.path.exists(source)}
    tasks = []
    for header in (name for name in files if name.endswith(".hpp") and not name.endswith(tuple(shown))):
        flags = flags_for(header, commands)
        if flags is None:
            continue
        alone = ["-fsyntax-only", "-O0", "-fno-color-diagnostics", "-Wno-pragma-once-outside-header"]
        alone += ["-Wno-unused-const-variable", "-Wno-unused-function", "-x", "c++", os.path.abspath(header)]
        tasks.append((header + " alone", flags + alone, options.build))
    return run_all(options.jobs, tasks)


def first_include(source):
    found = FIRST_INCLUDE.search(pathlib.Path(source).read_text(encoding="utf-8"))
    return "/" + found[1] if found else "/"


def flags_for(header, commands):
    folder = os.path.dirname(header)
    while folder:
        for source, words in commands.items():
            if source.startswith(folder + "/"):
                return flags_of(words)
        folder = os.path.dirname(folder)
    return None


def run_batched(options, files, command, broken):
    """command(folder of compile_commands.json, file) on translation units of several files.

    Where one of those is broken, that is, broken(the finished process), on its files one by one.
    """
    folder, batches = make_batches(options.build, files)

    def run(task):
        database, name = task
        return subprocess.run(command(database, name), capture_output=True, text=True, check=False)

    def run_batch(batch):
        unit, names = batch
        told = run((folder, unit))
        return [told] if not broken(told) else [run((options.build, name)) for name in names]

    good = True
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for told in (one for all_told in pool.map(run_batch, batches) for one in all_told):
            if told.returncode != 0:
                good = False
                print(told.stdout + told.stderr, flush=True)
    return good


def check_co_await(options, files):
    with_coroutines = [name for name in files if COROUTINES.search(pathlib.Path(name).read_text(encoding="utf-8"))]
    return run_batched(
        options,
        with_coroutines,
        lambda database, name: ["python3", "tests/lint/co_await.py", "-p", database, name],
        lambda told: told.returncode == 2,
    )


def check_tidy(options, files):
    """Of src/ alone: what tests do wrong, the compilers' warnings and the tests themselves tell."""
    command = ["clang-tidy-16", "--quiet", "--config-file=.clang-tidy"]
    return run_batched(
        options,
        [name for name in files if name.startswith("src/")],
        lambda database, name: [*command, "-p", database, name],
        lambda told: "[clang-diagnostic-error" in told.stdout,
    )


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
