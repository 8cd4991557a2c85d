"""Writes the page's files into a C++ source: embed.py FILE... OUTPUT"""

import pathlib
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
LINE = 24


def literal(data: bytes) -> str:
    lines = []
    for start in range(0, len(data), LINE):
        part = data[start : start + LINE]
        lines.append('    "' + "".join(f"\\{byte:03o}" for byte in part) + '"')
    return "\n".join(lines)


def main() -> None:
    *files, output = sys.argv[1:]
    entries = []
    for name in files:
        path = pathlib.Path(name)
        where = "/" if path.suffix == ".html" else f"/{path.name}"
        entries.append(f'    {{"{where}", "{TYPES[path.suffix]}",\n{literal(path.read_bytes())}}},')
    pathlib.Path(output).write_text(
        '#include "sandbox/page.hpp"\n\nnamespace hallpass::sandbox {\n\n'
        "const page_file* find_page_file(std::string_view path) noexcept {\n"
        "    static constexpr page_file files[] = {\n" + "\n".join(entries) + "\n    };\n"
        "    for (const page_file& file : files) {\n"
        "        if (file.path == path) {\n            return &file;\n        }\n    }\n"
        "    return nullptr;\n}\n\n} // namespace hallpass::sandbox\n",
        encoding="utf-8",
    )


main()
