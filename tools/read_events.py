"""Reads event files with TensorBoard's own reader, and compares them with the run's log.

    python3 -m venv /tmp/tb && /tmp/tb/bin/pip install tensorboard
    /tmp/tb/bin/python tools/read_events.py runs/mine
"""

import json
import math
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

STEP = {
    "train/loss": "loss",
    "train/learning_rate": "lr",
    "train/gradient_norm": "grad_norm",
    "speed/images_per_second": "images_per_s",
    "speed/resident_mb": "resident_mb",
}
EVALUATION = {
    "validation/mIoU": "mean_iou",
    "validation/mAcc": "mean_accuracy",
    "validation/aAcc": "accuracy",
    "validation/mBIoU": "mean_boundary_iou",
}


def logged(lines, key):
    return [(line["step"], line[key]) for line in lines if line.get(key) is not None]


def main(run):
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0, "images": 0})
    events.Reload()
    for tag, key in {**STEP, **EVALUATION}.items():
        read = [(event.step, event.value) for event in events.Scalars(tag)]
        wanted = logged(lines, key)
        assert [step for step, _ in read] == [step for step, _ in wanted], tag
        for (step, value), (_, expected) in zip(read, wanted):
            assert math.isclose(value, expected, rel_tol=1e-6, abs_tol=1e-12), (tag, step)
    for name, iou in [line for line in lines if "iou" in line][-1]["iou"].items():
        if iou is not None:
            value = events.Scalars("IoU/" + name)[-1].value
            assert math.isclose(value, iou, rel_tol=1e-6), name
    start = plugin_data_pb2.HParamsPluginData.FromString(
        events.PluginTagToContent("hparams")["_hparams_/session_start_info"]
    ).session_start_info
    config = json.loads((run / "config.json").read_text())["config"]
    assert start.hparams["schedule.iterations"].number_value == config["schedule"]["iterations"]
    assert start.start_time_secs > 1.7e9
    tags = events.Tags()
    print(
        f"{len(tags['scalars'])} scalars equal the log, {len(tags['images'])} images,"
        f" {len(start.hparams)} hyperparameters,"
        f" texts {[tag for tag in tags['tensors']]}"
    )


main(pathlib.Path(sys.argv[1]))
