#!/usr/bin/env python3
"""Checks an exported TorchScript file in PyTorch: loads, names, sizes, training, freezing.

With --outputs, a .pt file of (inputs, outputs) tensors, its results are compared too.
"""

import argparse

import torch


def images(batch, height, width):
    generator = torch.Generator().manual_seed(batch * height * width)
    return torch.randn(batch, 3, height, width, generator=generator)


def first(outputs):
    return outputs if isinstance(outputs, torch.Tensor) else outputs[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--outputs", help="reference inputs and outputs, saved by torch.save")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()

    model = torch.jit.load(arguments.file)
    state = model.state_dict()
    parameters = dict(model.named_parameters(remove_duplicate=False))
    storages = {tensor.data_ptr() for tensor in state.values()}
    print(f"{len(state)} arrays, {len(state) - len(storages)} of them tied, {len(parameters)} learned")
    print("first names:", ", ".join(list(state)[:3]))

    for size in [(1, 64, 64), (3, 97, 131), (2, 224, 160)]:
        with torch.no_grad():
            result = first(model(images(*size)))
        assert torch.isfinite(result).all(), size
        print(size, "->", tuple(result.shape))

    if arguments.outputs:
        inputs, outputs = torch.load(arguments.outputs)
        with torch.no_grad():
            difference = (first(model(inputs)) - outputs).abs().max().item()
        print("largest difference", difference)
        assert difference <= arguments.tolerance

    model.train()
    first(model(images(2, 64, 96))).float().square().mean().backward()
    without = [name for name, p in parameters.items() if p.grad is None or not p.grad.abs().max() > 0]
    print("learned parameters without a gradient:", without or "none")

    with torch.no_grad():
        whole = first(model.eval()(images(1, 96, 64)))
        frozen = first(torch.jit.freeze(model)(images(1, 96, 64)))
    print("frozen differs by", (whole - frozen).abs().max().item())


if __name__ == "__main__":
    main()
