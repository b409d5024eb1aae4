"""The networks of part A: exported files, and the same ones in eager PyTorch where the kit has them."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from . import formulas

KIT = Path(__file__).resolve().parent.parent
CLASSES = 150
AUXILIARY = "auxiliary_head."
FORMS = ("", "_bf16", "_classes", "_bf16_classes")  # of a file: float32 or bf16, logits or a class map


@dataclass(frozen=True)
class Network:
    """A backbone with a head, and the reference's numbers about it."""

    backbone: str
    head: str
    golden: str

    def __str__(self):
        return f"{self.backbone}_{self.head}"

    def goldens(self):
        """What the reference gave, by the shape of the images."""
        whole = json.loads((KIT / "golden" / f"{self.golden}.json").read_text())
        return {tuple(map(int, shape.split("x"))): run["logits"] for shape, run in whole["hash"]["eval"].items()}


NETWORKS = {str(network): network for network in (
    Network("pvt_small", "fpn", "pvt_small_semfpn"),
    Network("shunted_small", "fpn", "shunted_small_semfpn"),
    Network("mpvit_small", "upernet", "mpvit_small_upernet"),
    Network("hrvit_b1", "segformer", "hrvit_b1_segformer"),
    Network("hrformer_small", "ocr", "hrformer_small_ocr"))}


class Device:
    """The device of part A, with PyTorch set up for it."""

    def __init__(self, name):
        import torch

        self.torch = torch
        self.name = name
        self.gpu = name == "cuda"
        self.tf32(False)
        torch.manual_seed(0)

    def tf32(self, on):
        self.torch.backends.cuda.matmul.allow_tf32 = on
        self.torch.backends.cudnn.allow_tf32 = on

    def wait(self):
        if self.gpu:
            self.torch.cuda.synchronize()

    def held(self):
        """Bytes of tensors that live; on a CPU those of the process."""
        if self.gpu:
            self.wait()
            return self.torch.cuda.memory_allocated()
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    def restart_peak(self):
        """Forgets the peak of the GPU's memory. Returns the bytes that tensors hold now."""
        if self.gpu:
            self.torch.cuda.reset_peak_memory_stats()
        return self.held()

    def peak_mb(self, held):
        """The peak of the GPU's memory above what was held, MB; None on a CPU."""
        return round((self.torch.cuda.max_memory_allocated() - held) / 2**20) if self.gpu else None

    def load(self, file):
        return self.torch.jit.load(str(file), map_location=self.name)

    def filled(self, network):
        """The file in float32 with the reference's weights."""
        return formulas.fill(self.torch, self.load(KIT / "models" / f"{network}.pt")).eval()

    def form(self, network, form, weights):
        """Another file of the same network, with those weights, rounded if it is in bf16."""
        model = self.load(KIT / "models" / f"{network}{form}.pt")
        model.load_state_dict(weights)
        return model.eval()

    def eager(self, network, weights):
        """The network in eager PyTorch. Raises ImportError if the kit has none.

        A file has no auxiliary head that only training needs. The network computes it when it trains, as segtrain does.
        """
        sys.path.insert(0, str(KIT))
        try:
            import peer
        finally:
            sys.path.remove(str(KIT))
        model = peer.build(network.backbone, network.head, CLASSES)
        missing, unknown = model.load_state_dict(weights, strict=False)
        missing = [name for name in missing if not name.startswith(AUXILIARY)]
        if missing or unknown:
            raise ValueError(f"eager {network} lacks {unknown[:3]}, and the file lacks {missing[:3]}")
        return model.to(self.name).eval()


def first(outputs):
    return outputs if hasattr(outputs, "shape") else outputs[0]


def all_of(outputs):
    return [outputs] if hasattr(outputs, "shape") else list(outputs)
