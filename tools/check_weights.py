#!/usr/bin/env python3
"""Weights between segtrain and a real PyTorch, both ways.

    tools/check_weights.py KEYS.json... [--segtrain ./segtrain]
    tools/check_weights.py KEYS.json --model FILE.pth

Each KEYS.json is a list of [name, shape, type], the state dict of an official model. With --model,
PyTorch loads FILE.pth, which `segtrain weights convert` made of a run, into a module of those names,
with load_state_dict(strict=True). Else, for each:

1. PyTorch makes a module of those names, with random numbers, and saves it in every form that people
   publish: zip and older, nested with an optimiser beside it, behind `module.`, in half precision.
2. `segtrain weights convert` reads each file and writes .pth and .safetensors.
3. PyTorch loads the .pth with load_state_dict(strict=True), and every number must be what it was.

Needs PyTorch; nothing else of the project does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from torch import nn


def module_of(keys):
    """A module whose state dict has these names, shapes and types."""
    root = nn.Module()
    for name, shape, kind in keys:
        *path, leaf = name.split(".")
        owner = root
        for part in path:
            if part not in owner._modules:
                owner.add_module(part, nn.Module())
            owner = owner._modules[part]
        dtype = getattr(torch, kind)
        if dtype.is_floating_point:
            owner.register_parameter(leaf, nn.Parameter(torch.randn(shape, dtype=dtype)))
        else:
            owner.register_buffer(leaf, torch.randint(0, 1000, shape, dtype=dtype))
    return root


def forms(state):
    """Every form in which such weights are published: name, what is saved, how."""
    half = {n: t.half() if t.is_floating_point() else t for n, t in state.items()}
    brain = {n: t.bfloat16() if t.is_floating_point() else t for n, t in state.items()}
    wrapped = {"module." + n: t for n, t in state.items()}
    weights = [nn.Parameter(t.clone()) for t in state.values() if t.is_floating_point()][:4]
    optimizer = torch.optim.AdamW(weights)
    sum(w.sum() for w in weights).backward()
    optimizer.step()
    whole = {
        "state_dict": wrapped,
        "state_dict_ema": {n: torch.zeros_like(t) for n, t in state.items()},
        "optimizer": optimizer.state_dict(),
        "epoch": 3,
        "meta": {"CLASSES": ("wall", "floor"), "lr": 1e-4},
    }
    yield "plain", state, {}
    yield "older", state, {"_use_new_zipfile_serialization": False}
    yield "nested", whole, {}
    yield "nested-older", whole, {"_use_new_zipfile_serialization": False}
    yield "module", wrapped, {}
    yield "half", half, {}
    yield "bfloat16", brain, {}


def check(keys_file, segtrain, folder):
    keys = json.loads(Path(keys_file).read_text())
    state = module_of(keys).state_dict()
    failures = 0
    for form, saved, how in forms(state):
        failed = False
        given = folder / f"{form}.pth"
        torch.save(saved, given, **how)
        expected = dict(state)
        if form in ("half", "bfloat16"):
            expected = {
                n: t.float() if t.is_floating_point() else t for n, t in saved.items()
            }
        for ending in (".pth", ".safetensors"):
            written = folder / (form + "-out" + ending)
            subprocess.run(
                [segtrain, "weights", "convert", given, written], check=True, stdout=subprocess.DEVNULL
            )
            failed |= not same(written, expected, keys)
        print(f"{Path(keys_file).stem}: {form}: {'FAILED' if failed else 'ok'}", flush=True)
        failures += failed
    return failures


def same(written, expected, keys):
    if written.suffix == ".safetensors":  # by hand, so that nothing but PyTorch is needed
        loaded = safetensors(written)
    else:
        loaded = torch.load(written, weights_only=True)
    target = module_of(keys)
    target.load_state_dict(loaded, strict=True)
    found = target.state_dict()
    return all(torch.equal(found[n], t) for n, t in expected.items())


def safetensors(path):
    types = {"F32": torch.float32, "I64": torch.int64}
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    arrays = {}
    for name, entry in header.items():
        begin, end = (8 + length + i for i in entry["data_offsets"])
        data = torch.frombuffer(bytearray(raw[begin:end]), dtype=types[entry["dtype"]])
        arrays[name] = data.reshape(entry["shape"])
    return arrays


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("keys", nargs="+")
    parser.add_argument("--segtrain", default=str(Path(__file__).parent.parent / "segtrain"))
    parser.add_argument("--model")
    options = parser.parse_args()
    if options.model:
        state = torch.load(options.model, weights_only=True)
        for keys in options.keys:
            module_of(json.loads(Path(keys).read_text())).load_state_dict(state, strict=True)
            print(f"{options.model}: {len(state)} arrays, strictly those of {Path(keys).stem}")
        return
    failures = 0
    for keys in options.keys:
        with tempfile.TemporaryDirectory() as folder:
            failures += check(keys, options.segtrain, Path(folder))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
