"""Loads a file of weights that segtrain wrote as PyTorch's users do, and prints what is in it.

    python tools/check_written.py model.pth
    python tools/check_written.py model.safetensors
"""

import sys

import torch


class Holder(torch.nn.Module):
    """A module with just these parameters and buffers."""

    def __init__(self, tensors):
        super().__init__()
        for name, tensor in tensors.items():
            *path, last = name.split(".")
            part = self
            for step in path:
                if step not in part._modules:
                    part.add_module(step, torch.nn.Module())
                part = part._modules[step]
            part.register_buffer(last, torch.zeros_like(tensor))


path = sys.argv[1]
if path.endswith(".safetensors"):
    from safetensors.torch import load_file
    tensors = load_file(path)
else:
    tensors = torch.load(path, weights_only=True)
    torch.load(path, weights_only=True, mmap=True)
print(Holder(tensors).load_state_dict(tensors, strict=True))
for name, tensor in tensors.items():
    print(name, tuple(tensor.shape), tensor.dtype, tensor.double().sum().item())
