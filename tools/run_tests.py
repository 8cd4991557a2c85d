"""Runs the test programs of a build folder and adds up what they say themselves.

Every program must end with doctest's own summary; one that doesn't (a crash, a time-out, nothing run) counts as
one failure under its name. A test case that could not run prints "[skipped] <name>: <reason>" (see
tests/support/skip.hpp) and counts as skipped, not as passed. The last line is "N passed, N failed", with
", N skipped" where there were any.
"""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys

SUMMARY = re.compile(r"^\[doctest\] test cases: +(\d+) \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped", re.M)
SKIPPED = re.compile(r"^\[skipped\] (.*)$", re.M)


def programs(build):
    listed = subprocess.run(["meson", "introspect", "--tests", build], check=True, capture_output=True, text=True)
    return [test["name"] for test in json.loads(listed.stdout)]


def run(options, names, arguments):
    log = pathlib.Path(options.build, "meson-logs", "testlog.json")
    log.unlink(missing_ok=True)
    command = ["meson", "test", "-C", options.build, "--no-rebuild", "--print-errorlogs"]
    command += ["--num-processes", str(options.jobs), "--timeout-multiplier", str(options.timeout_multiplier)]
    if arguments:
        command.append("--test-args=" + shlex.quote(arguments))
    subprocess.run(command + names, check=False)
    if not log.exists():
        sys.exit("run_tests: meson test wrote no " + str(log))
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def count(outcome, by_case):
    """(passed, failed, reasons for what was skipped, failures)"""
    name = outcome["name"]
    said = outcome.get("stdout") or ""
    summary = SUMMARY.search(said)
    if not summary:
        return 0, 1, [], [f"{name}: ended with '{outcome['result']}' and no summary"]
    _, passed, failed, left_out = (int(number) for number in summary.groups())
    reasons = [f"{name}: {line}" for line in SKIPPED.findall(said)]
    passed -= len(reasons)
    if left_out and not by_case:
        reasons += [f"{name}: a test case marked skip()"] * left_out
    failures = [f"{name}: {failed} test cases failed"] if failed else []
    if outcome["result"] != "OK" and not failed:
        failed, failures = 1, [f"{name}: ended with '{outcome['result']}' although no test case failed"]
    return passed, failed, reasons, failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--timeout-multiplier", type=float, default=1)
    parser.add_argument("build")
    parser.add_argument("filter", nargs="?", default="")
    options = parser.parse_args()

    known = programs(options.build)
    names = [name for name in known if options.filter in name]
    by_case = bool(options.filter) and not names
    outcomes = run(options, names or known, f"-tc=*{options.filter}*" if by_case else "")

    passed = failed = 0
    reasons, failures = [], []
    for outcome in outcomes:
        counted = count(outcome, by_case)
        passed += counted[0]
        failed += counted[1]
        reasons += counted[2]
        failures += counted[3]
    unrun = len(names or known) - len(outcomes)
    if unrun:
        failed += unrun
        failures.append(f"{unrun} test programs did not run at all")

    print()
    for reason in reasons:
        print("skipped:", reason)
    for failure in failures:
        print("failed:", failure)
    if passed + failed == 0:
        print(f"no test matches '{options.filter}'" if options.filter else "no test ran")
    print(f"{passed} passed, {failed} failed" + (f", {len(reasons)} skipped" if reasons else ""))
    sys.exit(1 if failed or passed == 0 else 0)


main()
