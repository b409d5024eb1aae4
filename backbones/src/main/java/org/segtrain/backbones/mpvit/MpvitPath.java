package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/** The transformer layers of one path, which share their position encodings. {@code B H W C}. */
final class MpvitPath extends UnaryBlock {

  private final List<MpvitLayer> layers = new ArrayList<>();

  MpvitPath(MpvitConfig.Stage stage, List<DropPath> dropPaths) {
    var cpe = child("cpe", new ConvPositionEncoding(stage.dim()));
    var crpe = child("crpe", new ConvRelativePositionEncoding(stage.dim()));
    for (int i = 0; i < stage.depth(); i++) {
      String name = "MHCA_layers." + i;
      layers.add(layer(name, new MpvitLayer(stage, cpe, crpe, dropPaths.get(i))));
      repeat(name + ".cpe", cpe);
      repeat(name + ".crpe", crpe);
      repeat(name + ".factoratt_crpe.crpe", crpe);
    }
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    for (MpvitLayer layer : layers) {
      x = pass.through(layer, x);
    }
    return x;
  }
}
