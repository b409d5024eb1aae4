"""Writes the small files of weights that the tests of org.segtrain.tensors read, and what is in them.

    python tools/make_weight_files.py weights/src/test/resources/files

Needs torch, numpy and safetensors. The same versions write the same tensors; nothing that the
files ask for is run here or there.
"""

import argparse
import collections
import fractions
import json
import os
import pathlib
import pickle
import sys
import zipfile

import numpy
import torch
from safetensors.torch import save_file

NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL",
}


def every_type():
    tensors = collections.OrderedDict()
    for dtype, name in NAMES.items():
        values = torch.tensor([[0, 1, -2.5], [100, 3, 0.125]])
        if dtype == torch.uint8:
            values = values.abs()
        tensors[f"type.{name}"] = values.to(dtype)
    tensors["half.edges"] = torch.tensor([6e-8, -6e-5, 65504, -0.1]).half()
    tensors["bfloat.edges"] = torch.tensor([1e-40, 3e38, -0.1]).bfloat16()
    return tensors


def every_layout():
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5)
    return collections.OrderedDict(
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
        shared=base,
        tied=base,
        transposed=base.permute(2, 0, 1),
        slice=base[1, 1:3],
        steps=base[::2, ::3, ::2],
        channels_last=torch.arange(24.0).reshape(1, 2, 3, 4).to(memory_format=torch.channels_last),
        expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3),
        half_steps=torch.arange(6).half()[::2],
        parameter=torch.nn.Parameter(torch.tensor([1.5, -1.5])),
    )


def network():
    torch.manual_seed(1)
    return torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.Conv2d(3, 1, 1))


def training():
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [10, 20])
    model(torch.ones(2, 2, 4, 4)).sum().backward()
    optimizer.step()
    return {
        "meta": {"CLASSES": ("road", "sky"), "PALETTE": [[1, 2, 3]], "empty": None},
        "state_dict": collections.OrderedDict(
            ("module." + name, value) for name, value in model.state_dict().items()),
        "optimizer": optimizer.state_dict(),
        "lr_scheduler": schedule.state_dict(),
        "epoch": 3,
        "large": 2**70,
        "score": numpy.float64(0.25),
        "count": numpy.int64(-7),
        "args": argparse.Namespace(lr=0.5, output_dir=pathlib.PurePosixPath("runs/a"), resume=""),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "size": torch.Size([1, 2]),
        "by_default": collections.defaultdict(list, a=[1]),
    }


class Shared(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = network()
        self.again = self.first
        self.register_buffer("scale", torch.tensor([0.5, 2.0]))
        self.names = ["a", "b"]

    def forward(self, x):
        return self.again(x) * self.scale[0] + torch.tensor([[3.0]])


class Adds(torch.nn.Module):
    def forward(self, x):
        return x + torch.tensor([3.0, 4.0])


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call



def leaves(value, name, separator="/"):
    """The names that segtrain gives, and what they name."""
    def join(key, by=separator):
        return f"{name}{by}{key}" if name else str(key)

    if isinstance(value, torch.Tensor):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, join(key))
    elif isinstance(value, argparse.Namespace):
        yield from leaves(vars(value), name)
    elif isinstance(value, (list, tuple)):
        for key, item in enumerate(value):
            yield from leaves(item, join(key))
    elif isinstance(value, (bool, numpy.bool_)):
        yield name, str(value).lower()
    elif value is not None and not callable(value):
        yield name, str(value.item() if isinstance(value, numpy.generic) else value)


def described(value):
    tensors, metadata = [], {}
    for name, leaf in leaves(value, ""):
        if isinstance(leaf, torch.Tensor):
            tensors.append({
                "name": name,
                "type": NAMES[leaf.dtype],
                "shape": list(leaf.shape),
                "values": leaf.detach().double().flatten().tolist(),
            })
        else:
            metadata[name] = leaf
    return {"tensors": tensors, "metadata": metadata}


def rewritten(source, target, change):
    """Copies a zip file entry by entry; change gives method and bytes of each."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            method, data = change(name, old.read(name))
            new.writestr(zipfile.ZipInfo(name), data, method)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}

    def save(name, value, **options):
        torch.save(value, folder / name, **options)
        expected[name] = described(value)

    legacy = {"_use_new_zipfile_serialization": False}
    save("types.pth", every_type())
    save("types-legacy.pth", every_type(), **legacy)
    save("layouts.pth", every_layout())
    save("layouts-legacy.pth", every_layout(), **legacy)
    save("training.pth", training())
    save("training-legacy.pth", training(), **legacy)
    save("ema.pth", {"model": network().state_dict(), "state_dict_ema": network().state_dict()})
    save("protocol4.pth", every_type(), pickle_protocol=4)
    save("tensor.bin", torch.arange(3))
    expected["tensor.bin"]["tensors"][0]["name"] = "tensor"
    attributed = torch.nn.Parameter(torch.tensor([2.0]))
    attributed.no_decay = True
    tagged = torch.tensor([3.0])
    tagged.source = "here"
    save("attributes.pth", {"parameter": attributed, "tensor": tagged})

    swapped = {"type.F32": torch.tensor([1.5, -2.0]), "type.I64": torch.tensor([1, -2])}
    sizes = dict(zip(("0", "1"), (4, 8)))
    torch.save(swapped, folder / "big.tmp")

    def big(name, data):
        last = name.split("/")[-1]
        if "/data/" in name:
            data = numpy.frombuffer(data, f"<V{sizes[last]}").tobytes()
            data = b"".join(data[i:i + sizes[last]][::-1] for i in range(0, len(data), sizes[last]))
        return zipfile.ZIP_STORED, b"big" if last == "byteorder" else data

    rewritten(folder / "big.tmp", folder / "big-endian.pth", big)
    expected["big-endian.pth"] = described(swapped)

    def deflated(name, data):
        return (zipfile.ZIP_DEFLATED if name.endswith(".pkl") else zipfile.ZIP_STORED), data

    rewritten(folder / "big.tmp", folder / "deflated.pth", deflated)
    expected["deflated.pth"] = described(swapped)
    rewritten(folder / "big.tmp", folder / "deflated-numbers.pth", lambda name, data: (zipfile.ZIP_DEFLATED, data))
    expected["deflated-numbers.pth"] = {"refused": "is compressed"}
    (folder / "big.tmp").unlink()

    script = torch.jit.script(Shared())
    torch.jit.save(script, folder / "script.pt")
    expected["script.pt"] = described(Shared().state_dict())
    expected["script.pt"]["metadata"] = None
    traced = torch.jit.trace(Adds(), torch.zeros(2))
    torch.jit.save(traced, folder / "constants.pt")
    expected["constants.pt"] = described({"constants": [torch.tensor([3.0, 4.0])]})
    expected["constants.pt"]["metadata"] = None

    save_file(dict(every_type()), folder / "types.safetensors", {"format": "pt"})
    # its writer sorts by alignment, then by name
    order = list(json.loads((folder / "types.safetensors").read_bytes()[8:].split(b"}}")[0] + b"}}"))
    described_types = described(every_type())
    described_types["tensors"].sort(key=lambda tensor: order.index(tensor["name"]))
    described_types["metadata"] = {"format": "pt"}
    expected["types.safetensors"] = described_types
    save_file({"a": torch.zeros(2).to(torch.float8_e4m3fn)}, folder / "float8.safetensors")
    expected["float8.safetensors"] = {"refused": "F8_E4M3"}

    def refuse(name, value, what, **options):
        torch.save(value, folder / name, **options)
        expected[name] = {"refused": what}

    refuse("system.pth", {"a": Calls(os.system, "true")}, "posix.system")
    refuse("system-legacy.pth", {"a": Calls(os.system, "true")}, "posix.system", **legacy)
    refuse("system-protocol4.pth", {"a": Calls(os.system, "true")}, "posix.system", pickle_protocol=4)
    refuse("eval.pth", {"a": Calls(eval, "1")}, "__builtin__.eval")
    refuse("getattr.pth", {"a": Calls(getattr, torch.Size, "__new__")}, "__builtin__.getattr")
    refuse("nested-load.pth", {"a": Calls(torch.storage._load_from_bytes, b"")}, "torch.storage._load_from_bytes")
    refuse("unknown.pth", {"a": fractions.Fraction(1, 3)}, "fractions.Fraction")
    refuse("module.pth", network(), "torch.nn.modules.container.Sequential")
    refuse("module-legacy.pth", Adds(), "__main__.Adds", **legacy)
    refuse("complex.pth", {"a": torch.zeros(2, dtype=torch.complex64)}, "torch.ComplexFloatStorage")
    refuse("sparse.pth", {"a": torch.eye(2).to_sparse()}, "torch._utils._rebuild_sparse_tensor")
    (folder / "bare.pkl").write_bytes(pickle.dumps({"a": 1}))
    expected["bare.pkl"] = {"refused": "a bare pickle"}
    (folder / "page.pth").write_text("<!DOCTYPE html>\n<title>Sign in</title>\n")
    expected["page.pth"] = {"refused": "a web page"}

    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(what)}" for name, what in expected.items())
    (folder / "expected.json").write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
