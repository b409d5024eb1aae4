"""Part B: finds a PyTorch 2.7.1 for CUDA, and checks its symbols before anything loads it."""

import importlib.util
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import elf
from .networks import KIT

VERSION = "2.7.1"
CUDA = re.compile(r"cuda[A-Z]")
ENGINE = re.compile(r"lib(torch|c10).*\.so")
PRESETS = ("pytorch-*-gpu.jar", "openblas-*.jar", "cuda-redist-*.jar", "cuda-12.*-redist.jar")


@dataclass(frozen=True)
class Libtorch:
    """What segtrain's Java gets: a folder, or jars of the JavaCPP presets."""

    place: str
    flavor: str
    jars: tuple = ()

    def environment(self):
        if self.jars:
            return {}
        return {"PYTORCH_LIBRARY_PATH": self.place, "PYTORCH_VERSION": VERSION, "PYTORCH_FLAVOR": self.flavor}


def find(device, work):
    """The first that fits, or None, and why each candidate before doesn't."""
    reasons = []
    wanted = {flavor: bridge_symbols(flavor, work) for flavor in ("cu128", "cpu")}
    for origin, folder in folders():
        flavor = "cu128" if (folder / "libtorch_cuda.so").exists() else "cpu"
        reason = why_not(folder, flavor, device, wanted)
        if reason is None:
            return Libtorch(str(folder), flavor), reasons
        reasons.append(f"{origin}: {folder} {reason}")
    jars = presets()
    if jars is None:
        reasons.append("the presets: the four jars are neither in cuda/ of the kit, nor in SEGTRAIN_CUDA_JARS, nor in "
                       "Maven's repository")
        return None, reasons
    missing = absent(wanted["cu128"], unpacked(jars[0], work))
    if missing:
        reasons.append(f"the presets: {jars[0]} {lacks(missing)}")
        return None, reasons
    return Libtorch("jars of the presets", "cu128", tuple(map(str, jars))), reasons


def folders():
    """Candidates by where they come from, the user's first."""
    named = [Path(place) for place in os.environ.get("PYTORCH_LIBRARY_PATH", "").split(os.pathsep) if place]
    yield from (("PYTORCH_LIBRARY_PATH", folder) for folder in named)
    found = importlib.util.find_spec("torch")
    if found and found.origin:
        yield "Python's PyTorch", Path(found.origin).parent / "lib"
    cache = Path(os.environ.get("DJL_CACHE_DIR") or Path.home() / ".djl.ai") / "pytorch"
    yield from (("DJL's cache", folder) for folder in sorted(cache.glob(f"{VERSION}-*cu128*")))


def why_not(folder, flavor, device, wanted):
    """Why a folder doesn't serve, or None."""
    if not (folder / "libtorch_cpu.so").exists():
        return "has no libtorch_cpu.so"
    if flavor == "cpu" and device != "cpu":
        return "has no libtorch_cuda.so, so it is built for the CPU"
    missing = absent(wanted[flavor], folder)
    version = version_of(folder)
    if not version.startswith(VERSION):
        return f"is PyTorch {version}, not {VERSION}" + (f", and {lacks(missing)}" if missing else "")
    return lacks(missing) if missing else None


def version_of(folder):
    """As the files beside it say; 2.7.1 where they don't."""
    for file, pattern in (("version.py", r"__version__ = '([^']+)'"), ("build-version", r"(\S+)")):
        path = folder.parent / file
        found = re.search(pattern, path.read_text()) if path.exists() else None
        if found:
            return found.group(1)
    return VERSION


def bridge_symbols(flavor, work):
    """What DJL's JNI library wants from PyTorch; CUDA's own runtime comes with that."""
    jar = next((KIT / "lib").glob("pytorch-jni-*.jar"))
    bridge = work / f"libdjl_torch-{flavor}.so"
    with zipfile.ZipFile(jar) as archive:
        bridge.write_bytes(archive.read(f"jnilib/linux-x86_64/{flavor}/libdjl_torch.so"))
    return {name for name in elf.symbols(bridge)[0] if not CUDA.match(name)}


def absent(wanted, folder):
    """The symbols that none of PyTorch's libraries in the folder gives."""
    missing = set(wanted)
    for library in sorted(folder.iterdir()):
        if missing and ENGINE.fullmatch(library.name):
            missing -= elf.symbols(library)[1]
    return sorted(missing)


def lacks(missing):
    return f"lacks {len(missing)} symbols that DJL's JNI library wants, such as {', '.join(missing[:3])}"


def presets():
    """The jars of PyTorch for CUDA as in the artifact segtrain-cuda, or None."""
    named = [Path(jar) for jar in os.environ.get("SEGTRAIN_CUDA_JARS", "").split(os.pathsep) if jar]
    own = list((KIT / "cuda").glob("*.jar"))
    maven = list((Path.home() / ".m2/repository/org/bytedeco").glob("*/*/*.jar"))
    for jars in (named, own, maven):
        found = [next((jar for jar in sorted(jars) if jar.match(pattern)), None) for pattern in PRESETS]
        if all(found) and VERSION in found[0].name:
            return found
    return None


def unpacked(jar, work):
    """A folder with PyTorch's libraries of a jar."""
    folder = work / "presets"
    folder.mkdir()
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if ENGINE.fullmatch(Path(name).name):
                (folder / Path(name).name).write_bytes(archive.read(name))
    return folder
