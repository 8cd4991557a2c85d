"""Source files of one target as one translation unit, so that a check parses Boost's headers once for all of them.

A check of one file of hallpass is nine tenths the reading of what it includes.
"""

import collections
import hashlib
import json
import os
import pathlib
import re
import shlex

LARGEST = 15  # files: enough to share the headers' cost, few enough to keep every core busy and memory below 2 GB

ANONYMOUS = re.compile(r"^namespace \{$(.*?)^\} // namespace$", re.M | re.S)
TYPE = re.compile(r"^(?:struct|class|enum(?: class)?) (\w+)", re.M)
FUNCTION_OR_VALUE = re.compile(r"^(?!struct |class |enum )\w[^\n/]*?(\w+)(?=[({;]| =)", re.M)


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


def flags_of(words):
    """The compiler and its flags alone: no input, no output, no dependency file."""
    kept, skip = [], False
    for word in words[:-1]:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MQ"):
            skip = True
        elif word not in ("-MD", "-c"):
            kept.append(word)
    return kept


def own_names(name):
    """Those that only this file sees, as far as a look at its text tells: two files of one unit can't share them."""
    text = "".join(ANONYMOUS.findall(pathlib.Path(name).read_text(encoding="utf-8")))
    return set(TYPE.findall(text)) | set(FUNCTION_OR_VALUE.findall(text))


def split(names):
    """Lists of files that can be one translation unit."""
    lists = []
    for name in names:
        seen = own_names(name)
        for members, taken in lists:
            if len(members) < LARGEST and not seen & taken:
                members.append(name)
                taken |= seen
                break
        else:
            lists.append(([name], seen))
    return [members for members, _ in lists]


def make_batches(build, files):
    """Writes the translation units and their compile_commands.json into a folder of the build directory.

    Returns the folder, and a list of (translation unit, its files), the largest first, so that no core waits for one at
    the end. Where one doesn't compile after all, its files are to be checked one by one.
    """
    folder = os.path.join(build, "lint")
    os.makedirs(folder, exist_ok=True)
    commands = compile_commands(build)
    targets = collections.defaultdict(list)
    for name in files:
        if name in commands:
            targets[tuple(flags_of(commands[name]))].append(name)

    batches, entries = [], []
    for flags, names in targets.items():
        for batch in split(names):
            text = "".join(f'#include "{os.path.abspath(name)}"\n' for name in batch)
            unit = os.path.join(folder, hashlib.sha256(text.encode()).hexdigest()[:12] + ".cpp")
            pathlib.Path(unit).write_text(text, encoding="utf-8")
            words = [*flags, "-w", "-c", os.path.abspath(unit)]
            entries.append({"directory": os.path.abspath(build), "file": os.path.abspath(unit), "arguments": words})
            batches.append((unit, batch))
    pathlib.Path(folder, "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
    batches.sort(key=lambda batch: sum(map(os.path.getsize, batch[1])), reverse=True)
    return folder, batches
