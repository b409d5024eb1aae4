#!/usr/bin/env python3
"""Steps of PyTorch's SGD and rates of its schedulers, for SgdTest and LearningRateTest.

    tools/optimizers.py > train/src/test/resources/org/segtrain/optim/optimizers.json

Needs PyTorch (2.7.1 made the file); no test needs it.
"""

import json
import sys
import warnings

import torch
from torch.optim import lr_scheduler

STEPS = 5
RATE = 0.1
DECAY = 0.02
ITERATIONS = 20


def numbers(values):
    return [float(f"{value:.9g}") for value in values.flatten().tolist()]


def sgd(momentum, nesterov, generator):
    """Two weights; the second learns ten times as fast and decays half as much."""
    weights = [torch.randn(shape, generator=generator) for shape in ((3, 2), (4,))]
    start = [numbers(weight) for weight in weights]
    parameters = [torch.nn.Parameter(weight) for weight in weights]
    optimizer = torch.optim.SGD(
        [
            {"params": parameters[:1]},
            {"params": parameters[1:], "lr": 10 * RATE, "weight_decay": DECAY / 2},
        ],
        lr=RATE,
        momentum=momentum,
        nesterov=nesterov,
        weight_decay=DECAY,
    )
    gradients = []
    for _ in range(STEPS):
        for parameter in parameters:
            parameter.grad = torch.randn(parameter.shape, generator=generator)
        gradients.append([numbers(parameter.grad) for parameter in parameters])
        optimizer.step()
    return {
        "momentum": momentum,
        "nesterov": nesterov,
        "start": start,
        "gradients": gradients,
        "end": [numbers(parameter.detach()) for parameter in parameters],
    }


def rates(name, make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
    schedule = make(optimizer)
    found = []
    for _ in range(ITERATIONS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return {"schedule": name, "rates": found}


def main():
    warnings.simplefilter("ignore")  # of a last step beyond the cycle
    generator = torch.Generator().manual_seed(14)
    cases = [(0.0, False), (0.9, False), (0.9, True)]
    schedules = [
        rates("poly", lambda o: lr_scheduler.PolynomialLR(o, ITERATIONS, power=0.9)),
        rates("cosine", lambda o: lr_scheduler.CosineAnnealingLR(o, ITERATIONS, eta_min=0.004)),
        rates("step", lambda o: lr_scheduler.MultiStepLR(o, [7, 12], gamma=0.3)),
        rates("constant", lambda o: lr_scheduler.LambdaLR(o, lambda step: 1)),
        rates(
            "onecycle",
            lambda o: lr_scheduler.OneCycleLR(o, RATE, total_steps=ITERATIONS, pct_start=0.3),
        ),
    ]
    golden = {
        "torch": torch.__version__,
        "rate": RATE,
        "decay": DECAY,
        "iterations": ITERATIONS,
        "sgd": [sgd(*case, generator) for case in cases],
        "schedules": schedules,
    }
    json.dump(golden, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
