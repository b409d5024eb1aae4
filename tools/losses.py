#!/usr/bin/env python3
"""Values and gradients of losses by PyTorch, for LossGoldenTest.

    tools/losses.py > train/src/test/resources/org/segtrain/loss/internal/losses.json

Each loss is written here from its paper, over whole batches, by PyTorch's own functions and its
autograd. Needs PyTorch (2.7.1 made the file); no test needs it.
"""

import json
import sys

import torch
import torch.nn.functional as F

VOID = 255
CLASSES = 4
WEIGHTS = [0.5, 2.0, 1.25, 0.75]


def large(scores, labels):
    """Scores at the size of the labels, as MMSegmentation enlarges them."""
    return F.interpolate(scores, size=labels.shape[1:], mode="bilinear", align_corners=False)


def mean(losses, labels, weights, over):
    """Over the valid pixels by their classes' weights, as F.cross_entropy, or over all pixels."""
    if over == "all":
        return losses.sum() / labels.numel()
    total = weights[labels[labels != VOID]].sum()
    return losses.sum() / total if total > 0 else losses.sum() * 0


def cross_entropies(x, labels, weights, smoothing):
    return F.cross_entropy(
        x, labels, weight=weights, ignore_index=VOID, reduction="none", label_smoothing=smoothing
    )


def ce(x, labels, weights, smoothing, over):
    if over == "valid" and (labels != VOID).any():
        own = F.cross_entropy(
            x, labels, weight=weights, ignore_index=VOID, label_smoothing=smoothing
        )
        return own
    return mean(cross_entropies(x, labels, weights, smoothing), labels, weights, over)


def ohem(x, labels, weights, smoothing, over, probability=0.9, kept=100000, per="batch"):
    """HRNet's OhemCrossEntropy, and with per="image" the same of each image's pixels."""
    hard = torch.zeros_like(labels, dtype=torch.bool)
    p = F.softmax(x, 1).gather(1, labels.clamp(max=CLASSES - 1)[:, None])[:, 0].detach()
    groups = [slice(None)] if per == "batch" else [slice(i, i + 1) for i in range(len(labels))]
    for group in groups:
        valid = labels[group] != VOID
        own = p[group][valid].sort().values
        if own.numel() > 0:
            threshold = max(own[min(kept, own.numel() - 1)].item(), probability)
            hard[group] = valid & (p[group] < threshold)
    losses = cross_entropies(x, labels, weights, smoothing) * hard
    return losses.sum() / (labels.numel() if over == "all" else max(1, hard.sum()))


def focal(x, labels, weights, smoothing, over, gamma=2.0):
    """arXiv:1708.02002, equation 5, by a softmax."""
    logs = F.log_softmax(x, 1).gather(1, labels.clamp(max=CLASSES - 1)[:, None])[:, 0]
    factors = weights[labels.clamp(max=CLASSES - 1)] * (labels != VOID)
    return mean(-factors * (1 - logs.exp()) ** gamma * logs, labels, weights, over)


def boundary(x, labels, weights, smoothing, over, factor=5.0, width=3):
    near = torch.zeros_like(labels, dtype=torch.bool)
    height, breadth = labels.shape[1:]
    for b in range(len(labels)):
        for i in range(height):
            for j in range(breadth):
                window = labels[b, max(0, i - width) : i + width + 1, max(0, j - width) : j + width + 1]
                near[b, i, j] = len(set(window[window != VOID].tolist())) > 1
    losses = cross_entropies(x, labels, weights, smoothing)
    return mean(losses * (1 + factor * near), labels, weights, over)


def regions(x, labels, per):
    """Probabilities and truth of each image, or of the batch, over its valid pixels: K n."""
    groups = [slice(None)] if per == "batch" else [slice(i, i + 1) for i in range(len(labels))]
    for group in groups:
        valid = (labels[group] != VOID).flatten()
        p = F.softmax(x[group], 1).transpose(0, 1).flatten(1)[:, valid]
        truth = F.one_hot(labels[group].flatten()[valid], CLASSES).T.to(p.dtype)
        yield p, truth


def average(values, x):
    values = list(values)
    return sum(values) / len(values) if values else x.sum() * 0


def dice(x, labels, weights, smoothing, over, exponent=2.0, smooth=1.0, per="image"):
    """MMSegmentation 0.x's form of V-Net's, arXiv:1606.04797."""

    def one(p, truth):
        sizes = (p**exponent + truth**exponent).sum(1)
        return (1 - (2 * (p * truth).sum(1) + smooth) / (sizes + smooth)).mean()

    return average((one(p, truth) for p, truth in regions(x, labels, per)), x)


def tversky(x, labels, weights, smoothing, over, alpha=0.3, beta=0.7, smooth=1.0, per="image"):
    """arXiv:1706.05721, equation 3."""

    def one(p, truth):
        both = (p * truth).sum(1)
        wrong = (p * (1 - truth)).sum(1)
        missed = ((1 - p) * truth).sum(1)
        return (1 - (both + smooth) / (both + alpha * wrong + beta * missed + smooth)).mean()

    return average((one(p, truth) for p, truth in regions(x, labels, per)), x)


def lovasz(x, labels, weights, smoothing, over, per="image"):
    """arXiv:1705.08790, algorithm 1, class by class; the mean over those that are present."""

    def of_class(p, truth):
        errors, order = (truth - p).abs().sort(descending=True)
        sorted_truth = truth[order]
        left = truth.sum() - sorted_truth.cumsum(0)
        union = truth.sum() + (1 - sorted_truth).cumsum(0)
        jaccard = 1 - left / union
        growth = torch.cat([jaccard[:1], jaccard[1:] - jaccard[:-1]])
        return torch.dot(errors, growth)

    def one(p, truth):
        return average((of_class(p[k], truth[k]) for k in range(CLASSES) if truth[k].any()), x)

    return average((one(p, truth) for p, truth in regions(x, labels, per)), x)


TERMS = {f.__name__: f for f in (ce, ohem, focal, boundary, dice, tversky, lovasz)}

CASES = [
    ("ce", "valid", 0.0, False),
    ("ce", "valid", 0.2, True),
    ("ce", "all", 0.1, True),
    ("ohem(kept=20)", "valid", 0.0, False),
    ("ohem(probability=0.3,kept=20)", "valid", 0.1, True),
    ("ohem(probability=0,kept=15,per=image)", "valid", 0.0, True),
    ("ohem(probability=0.3,kept=15)", "all", 0.0, False),
    ("focal", "valid", 0.0, False),
    ("focal(gamma=0.5)", "all", 0.0, True),
    ("focal(gamma=3)", "valid", 0.0, True),
    ("boundary", "valid", 0.0, False),
    ("boundary(factor=2,width=1)", "all", 0.1, True),
    ("dice", "valid", 0.0, False),
    ("dice(exponent=1,smooth=0.001)", "valid", 0.0, False),
    ("dice(per=batch)", "valid", 0.0, False),
    ("tversky", "valid", 0.0, False),
    ("tversky(alpha=0.5,beta=0.5,smooth=0.01,per=batch)", "valid", 0.0, False),
    ("lovasz", "valid", 0.0, False),
    ("lovasz(per=batch)", "valid", 0.0, False),
    ("ce+0.5*lovasz", "valid", 0.0, True),
    ("0.4*ohem(kept=30)+dice+0.25*lovasz(per=batch)", "valid", 0.1, True),
]


def value_of(text):
    try:
        return float(text) if "." in text or "e" in text else int(text)
    except ValueError:
        return text


def loss(text, x, labels, weights, smoothing, over):
    total = 0
    for term in text.split("+"):
        weight, _, name = term.rpartition("*")
        name, _, arguments = name.partition("(")
        pairs = (pair.split("=") for pair in arguments.rstrip(")").split(",") if pair)
        given = {key: value_of(value) for key, value in pairs}
        total = total + float(weight or 1) * TERMS[name](x, labels, weights, smoothing, over, **given)
    return total


def rounded(values):
    return [float(f"{value:.9g}") for value in values.flatten().tolist()]


def case(text, over, smoothing, weighted, images):
    scores = images["scores"].clone().requires_grad_(True)
    labels = images["labels"]
    weights = torch.tensor(WEIGHTS if weighted else [1.0] * CLASSES)
    value = loss(text, large(scores, labels), labels, weights, smoothing, over)
    value.backward()
    return {
        "images": images["name"],
        "terms": text,
        "mean": over,
        "smoothing": smoothing,
        "weights": weights.tolist(),
        "value": float(f"{value.item():.9g}"),
        "gradient": rounded(scores.grad),
    }


def main():
    generator = torch.Generator().manual_seed(14)
    scores = 2 * torch.randn(2, CLASSES, 3, 4, generator=generator)
    blocks = torch.randint(0, CLASSES - 1, (2, 4, 5), generator=generator)  # the last is absent
    labels = blocks.repeat_interleave(2, 1).repeat_interleave(2, 2)
    labels[torch.rand(labels.shape, generator=generator) < 0.15] = VOID
    half = labels.clone()
    half[1] = VOID
    blank = torch.full_like(labels, VOID)
    sets = [
        {"name": "both", "scores": scores, "labels": labels},
        {"name": "half void", "scores": scores, "labels": half},
        {"name": "void", "scores": scores, "labels": blank},
    ]
    cases = [case(*numbers, images) for images in sets for numbers in CASES]
    golden = {
        "torch": torch.__version__,
        "scores": {"shape": list(scores.shape), "values": rounded(scores)},
        "labels": {images["name"]: images["labels"].flatten().tolist() for images in sets},
        "labels_shape": list(labels.shape),
        "cases": cases,
    }
    json.dump(golden, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
