package org.segtrain.torchscript;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.segtrain.engine.BlockObserver;
import org.segtrain.engine.internal.Expr;

/** Hands out recording arrays in place of the parameters. */
final class RecordingParameters extends ParameterStore implements BlockObserver {

  private final Recorder recorder;
  private final ParameterStore values;
  private final Place place;

  /**
   * A store for one recording.
   *
   * @param values where the arrays behind the recording ones come from
   */
  RecordingParameters(Recorder recorder, ParameterStore values, Place place) {
    super(recorder.real(), false);
    this.recorder = recorder;
    this.values = values;
    this.place = place;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    if (parameter == null) {
      return null;
    }
    NDArray array =
        recorder.parameter(parameter.getArray(), values.getValue(parameter, device, training));
    place.read((Expr.Parameter) RecordedArray.of(array).value());
    return array;
  }

  @Override
  public void enter(Block block) {
    place.enter(block);
  }

  @Override
  public void leave(Block block, NDList outputs) {
    place.leave();
  }
}
