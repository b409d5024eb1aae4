#!/usr/bin/env python3
"""Makes the files of a kit small: models without weights, jars without libraries of other platforms.

    strip.py model FILE.pt COPY.pt     arrays become zeros, to which formulas.fill gives values
    strip.py jar FILE.jar COPY.jar     entries are stored, so that xz finds what repeats

It needs Python's standard library alone.
"""

import re
import sys
import zipfile

SMALL = 256  # bytes of an array that is not worth it
LIBRARY = re.compile(r"\.(so(\.\d+)*|dll|dylib|jnilib|a)$")
OURS = re.compile(r"(?i)linux[-/]x86[-_]64/")


def strip_model(source, target):
    """Copies a TorchScript file with zeros in the place of its weights."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for entry in old.infolist():
            data = old.read(entry)
            weights = "/data/" in entry.filename and len(data) > SMALL and not is_index(data)
            new.writestr(entry.filename, bytes(len(data)) if weights else data)


def is_index(data):
    """Whether an array is int64 and its values fit into 32 bits, as those of a table of places."""
    return len(data) % 8 == 0 and not any(any(data[place::8]) for place in range(4, 8))


def strip_jar(source, target):
    """Copies a jar without the native libraries of other platforms than linux-x86_64."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            if not LIBRARY.search(entry.filename) or OURS.search(entry.filename):
                new.writestr(entry.filename, old.read(entry))


def main():
    kinds = {"model": strip_model, "jar": strip_jar}
    if len(sys.argv) != 4 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    kinds[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
