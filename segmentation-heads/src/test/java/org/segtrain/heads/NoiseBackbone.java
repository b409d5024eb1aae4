package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.Pass;

/** Gives noise in maps of the given channels, so that heads can be tried without an encoder. */
final class NoiseBackbone extends Backbone {

  NoiseBackbone(List<Integer> channels) {
    super(channels);
  }

  @Override
  protected NDList features(Pass pass, NDArray image) {
    NDList maps = new NDList();
    for (Shape shape : getOutputShapes(new Shape[] {image.getShape()})) {
      maps.add(image.getManager().randomNormal(shape));
    }
    return maps;
  }
}
