package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.Pass;

/**
 * The tokens of all paths of a stage, {@code B H W C -> B H/stride W/stride C} for each, rounded
 * up. Each path embeds the tokens of the one before, so they see patches of 3, 5, 7 pixels. MPViT
 * (arXiv:2112.11010), section 3.2.
 */
final class MultiPathEmbedding extends ComposedBlock {

  private final List<SeparableConvNorm> embeddings = new ArrayList<>();

  MultiPathEmbedding(int dim, int paths, int stride) {
    for (int i = 0; i < paths; i++) {
      String name = "patch_embeds." + i + ".patch_conv";
      embeddings.add(child(name, new SeparableConvNorm(dim, i == 0 ? stride : 1)));
    }
  }

  @Override
  protected NDList forward(Pass pass, NDList inputs) {
    NDArray x = inputs.singletonOrThrow();
    NDList tokens = new NDList();
    for (SeparableConvNorm embedding : embeddings) {
      x = pass.through(embedding, x);
      tokens.add(x);
    }
    return tokens;
  }
}
