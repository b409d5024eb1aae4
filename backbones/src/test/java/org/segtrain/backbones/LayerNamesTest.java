package org.segtrain.backbones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.engine.StateDict;
import org.segtrain.nn.Chain;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.LayerNames;
import org.segtrain.nn.Pass;

class LayerNamesTest {

  /** What numbers layers that follow one another: {@code block2.}, {@code MHCA_layers.}. */
  private static final Pattern FOLLOWING =
      Pattern.compile("^(.*?(?:block\\d|MHCA_layers|branches\\.\\d|layer1)\\.)(\\d+)\\.");

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void everyParameterHasALayerAndEveryLayerAParameter(BackboneVariant variant) {
    LayerNames layers = variant.build().layerNames();
    Set<Integer> found = names(variant).stream().map(layers::of).collect(Collectors.toSet());
    assertEquals(IntStream.range(0, layers.count()).boxed().collect(Collectors.toSet()), found);
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void aLayerIsOneAboveTheOneBeforeIt(BackboneVariant variant) {
    LayerNames layers = variant.build().layerNames();
    TreeMap<String, TreeMap<Integer, Set<Integer>>> chains = new TreeMap<>();
    for (String name : names(variant)) {
      Matcher following = FOLLOWING.matcher(name);
      if (following.find()) {
        chains
            .computeIfAbsent(following.group(1), chain -> new TreeMap<>())
            .computeIfAbsent(Integer.valueOf(following.group(2)), layer -> new TreeSet<>())
            .add(layers.of(name));
      }
    }
    assertTrue(chains.size() >= 4, chains::toString);
    chains.forEach(
        (chain, numbers) -> {
          int first = numbers.get(0).iterator().next();
          numbers.forEach((i, layer) -> assertEquals(Set.of(first + i), layer, chain + i));
        });
  }

  /** The places of stages, counted by hand from the papers' tables. */
  @ParameterizedTest
  @CsvSource({
    "pvt_small, 17, patch_embed1.proj.weight, 0",
    "pvt_small, 17, pos_embed1, 0",
    "pvt_small, 17, block1.2.attn.q.weight, 3",
    "pvt_small, 17, patch_embed2.proj.weight, 4",
    "pvt_small, 17, pos_embed4, 14",
    "pvt_small, 17, block4.2.mlp.fc2.bias, 16",
    "shunted_tiny, 9, patch_embed1.conv.0.weight, 0",
    "shunted_tiny, 9, norm2.weight, 3",
    "shunted_tiny, 9, patch_embed3.proj.weight, 4",
    "shunted_tiny, 9, norm4.weight, 8",
    "mpvit_small, 14, stem.0.conv.weight, 0",
    "mpvit_small, 14, mhca_stages.0.InvRes.conv1.conv.weight, 1",
    "mpvit_small, 14, mhca_stages.2.mhca_blks.1.cpe.proj.weight, 5",
    "mpvit_small, 14, mhca_stages.2.mhca_blks.1.MHCA_layers.5.mlp.fc1.weight, 10",
    "mpvit_small, 14, mhca_stages.2.aggregate.conv.weight, 10",
    "mpvit_small, 14, mhca_stages.3.aggregate.bn.weight, 13",
    "hrvit_b1, 23, stem.conv2.weight, 0",
    "hrvit_b1, 23, features.5.branches.0.0.attn_norm.weight, 3",
    "hrvit_b1, 23, features.5.branches.2.5.attn_norm.weight, 8",
    "hrvit_b1, 23, features.11.patch_embed.3.norm.weight, 21",
    "hrvit_b1, 23, features.11.norm.3.weight, 22",
    "hrformer_small, 17, bn2.weight, 0",
    "hrformer_small, 17, layer1.1.conv1.weight, 2",
    "hrformer_small, 17, transition1.0.0.weight, 3",
    "hrformer_small, 17, stage3.0.branches.1.0.norm1.weight, 5",
    "hrformer_small, 17, stage3.3.fuse_layers.0.1.0.weight, 12",
    "hrformer_small, 17, stage4.1.branches.3.1.norm1.weight, 16",
  })
  void stagesFollowOneAnother(String variant, int count, String name, int layer) {
    LayerNames layers = BackboneVariant.of(variant).build().layerNames();
    assertEquals(count, layers.count());
    assertEquals(layer, layers.of(name));
  }

  /** Two branches of which one has a layer less, a part before them and one behind. */
  private static final class Own extends Backbone {

    Own(int depth) {
      super(List.of(1, 1, 1, 1));
      child("embed", layerOf());
      branch(
          "deep",
          Chain.ofLayers(Collections.nCopies(depth, 0).stream().map(i -> layerOf()).toList()));
      branch("shallow", Chain.ofLayers(List.of(layerOf())));
      branch("local", layerOf());
      child("fuse", layerOf());
    }

    private static ConvNorm layerOf() {
      return new ConvNorm("conv", "bn", Convolution.pointwise(3, 3), UnaryOperator.identity());
    }

    @Override
    protected NDList features(Pass pass, NDArray image) {
      return new NDList(image);
    }
  }

  @Test
  void theLayersOfABackboneOfOnesOwnAreThoseItDeclares() {
    LayerNames layers = new Own(11).layerNames();
    assertEquals(12, layers.count());
    assertEquals(0, layers.of("embed.conv.weight"));
    assertEquals(1, layers.of("deep.0.conv.weight"));
    assertEquals(2, layers.of("deep.1.bn.weight"));
    assertEquals(11, layers.of("deep.10.conv.weight"));
    assertEquals(1, layers.of("shallow.0.conv.weight"));
    assertEquals(1, layers.of("local.conv.weight"));
    assertEquals(11, layers.of("fuse.conv.weight"));
    assertThrows(IllegalArgumentException.class, () -> layers.of("deep.11.conv.weight"));
  }

  private static List<String> names(BackboneVariant variant) {
    return List.copyOf(StateDict.of(variant.build()).keySet());
  }
}
