#!/usr/bin/env python3
"""Times passes of one model in eager or compiled PyTorch, and prints JSON, as `segtrain benchmark` measures them.

    tools/peer/passes.py pvt_small fpn --kind gradients --precision bf16 [--channels-last] [--compiled]

gradients  a forward pass in training mode, and the gradients of all parameters
step       the same of a loss with labels, clipped to a norm of 1, and a step of AdamW
inference  a forward pass

bf16 is autocast. The figures are medians, in ms.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import peer  # noqa: E402
from peer.layers import Attention  # noqa: E402


class Passes:
    """The passes of one model."""

    def __init__(self, asked: argparse.Namespace):
        self.kind = asked.kind
        self.bf16 = asked.precision == "bf16"
        if asked.head == "none":
            model = peer.build_backbone(asked.backbone)
            for module in model.modules():
                if isinstance(module, Attention):
                    module.sdpa = asked.attention == "sdpa"
        else:
            model = peer.build(asked.backbone, asked.head, asked.classes, asked.attention)
        model.train(asked.kind != "inference")
        self.images = torch.randn(asked.batch, 3, asked.size, asked.size)
        self.labels = torch.randint(asked.classes, (asked.batch, asked.size, asked.size))
        if asked.channels_last:
            model = model.to(memory_format=torch.channels_last)
            self.images = self.images.contiguous(memory_format=torch.channels_last)
        self.parameters = list(model.parameters())
        self.optimizer = torch.optim.AdamW(self.parameters, lr=6e-5, weight_decay=0.01, fused=True)
        self.model = torch.compile(model) if asked.compiled else model

    def forward(self):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            outputs = self.model(self.images)
        return outputs if isinstance(outputs, (list, tuple)) else [outputs]

    def run(self) -> None:
        if self.kind == "inference":
            with torch.inference_mode():
                self.forward()
            return
        self.optimizer.zero_grad()
        if self.kind == "gradients":
            sum(x.float().sum() for x in self.forward()).backward()
            return
        peer.loss([x.float() for x in self.forward()], self.labels).backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backbone")
    parser.add_argument("head", help='"none" for the bare backbone')
    parser.add_argument("--kind", choices=["gradients", "step", "inference"], default="gradients")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--attention", choices=["sdpa", "matmul"], default="sdpa")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--classes", type=int, default=150)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    passes = Passes(asked)
    times = []
    for _ in range(asked.warm_up + asked.repeats):
        start = time.perf_counter()
        passes.run()
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps({"ms": median(times[asked.warm_up :])}))


if __name__ == "__main__":
    main()
