"""html5lib's published tree-construction cases: fetched, never kept among the project's files.

They come with the source of the Python package html5lib (PyPI), into the build folder.
"""

import os
import re
import subprocess
import sys
import tarfile

RELEASE = "1.1"
# The package's setup.py is of its time; pip may need an older setuptools to ask it for its name.
CONSTRAINT = "setuptools<78\n"
CASES = re.compile(r"/html5lib/tests/testdata/tree-construction/([^/]+\.dat)$")


def fetch(folder):
    """The archive in this folder, downloaded when it isn't there; None and why when it can't be."""
    path = os.path.join(folder, "html5lib-%s.tar.gz" % RELEASE)
    if os.path.exists(path):
        return path, None
    os.makedirs(folder, exist_ok=True)
    constraint = os.path.join(folder, "constraint.txt")
    with open(constraint, "w") as f:
        f.write(CONSTRAINT)
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--timeout", "20",
               "--no-binary", "html5lib", "-d", folder, "html5lib==" + RELEASE]  # fmt: skip
    try:
        done = subprocess.run(command, env={**os.environ, "PIP_CONSTRAINT": constraint},
                              capture_output=True, text=True, timeout=180)  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as fault:
        return None, str(fault)
    if not os.path.exists(path):
        return None, (done.stderr.strip().splitlines() or ["it failed"])[-1]
    return path, None


def sections(text):
    """The cases of one file, each a dictionary of its sections by name."""
    case, name = {}, None
    for line in text.split("\n"):
        if line == "#data" and name != "data":
            if case:
                yield case
            case = {}
        # A line of the page itself may begin with "#".
        known = line in ("#data", "#errors", "#new-errors", "#document", "#document-fragment",
                         "#script-on", "#script-off")  # fmt: skip
        if known and not (name == "data" and line != "#errors"):
            name = line[1:]
            case[name] = []
        elif name:
            case[name].append(line)
    if case:
        yield case


def read(path):
    """(name, page, tree) of each whole page that is parsed without scripts."""
    with tarfile.open(path) as archive:
        for member in archive:
            found = CASES.search(member.name)
            if not found:
                continue
            text = archive.extractfile(member).read().decode("utf-8", "surrogatepass")
            for number, case in enumerate(sections(text), 1):
                if "document-fragment" in case or "script-on" in case:
                    continue
                page, tree = "\n".join(case["data"]), "\n".join(case["document"]).rstrip("\n")
                yield "%s:%d" % (found.group(1), number), page, tree
