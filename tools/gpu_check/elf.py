"""Symbols of shared libraries (ELF, 64 bits, little endian), read without loading them."""

import mmap
import struct

DYNSYM, VERSIONS = 11, 0x6FFFFFFF  # types of sections
WEAK = 2
UNVERSIONED = 1  # the largest number of a symbol that has no version


def symbols(path):
    """The names that a library wants from others and has no version for, and those that it gives.

    The C library and that of C++ version their symbols; PyTorch doesn't.
    """
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path} is no ELF file of 64 bits")
        return _symbols(data)


def _symbols(data):
    sections = _sections(data)
    versions = next((section for section in sections if section[0] == VERSIONS), None)
    wanted, given = set(), set()
    for kind, start, length, link in sections:
        if kind != DYNSYM:
            continue
        names = sections[link][1]
        for i, (name, info, _, section, _, _) in enumerate(struct.iter_unpack("<IBBHQQ", data[start:start + length])):
            if section:
                given.add(_text(data, names + name))
            elif info >> 4 != WEAK and name and _version(data, versions, i) <= UNVERSIONED:
                wanted.add(_text(data, names + name))
    return wanted, given


def _sections(data):
    """Type, place, length and link of each."""
    offset, = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    heads = (struct.unpack_from("<IIQQQQI", data, offset + i * size) for i in range(count))
    return [(head[1], head[4], head[5], head[6]) for head in heads]


def _version(data, versions, number):
    if versions is None:
        return 0
    return struct.unpack_from("<H", data, versions[1] + 2 * number)[0] & 0x7FFF


def _text(data, start):
    return data[start:data.find(b"\0", start)].decode()
