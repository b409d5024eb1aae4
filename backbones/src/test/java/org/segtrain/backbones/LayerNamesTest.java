package org.segtrain.backbones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.engine.StateDict;

class LayerNamesTest {

  /** What numbers layers that follow one another: {@code block2.}, {@code MHCA_layers.}. */
  private static final Pattern FOLLOWING =
      Pattern.compile("^(.*?(?:block\\d|MHCA_layers|branches\\.\\d|layer1)\\.)(\\d+)\\.");

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void everyParameterHasALayerAndEveryLayerAParameter(BackboneVariant variant) {
    LayerNames layers = variant.config().layerNames();
    Set<Integer> found = names(variant).stream().map(layers::of).collect(Collectors.toSet());
    assertEquals(IntStream.range(0, layers.count()).boxed().collect(Collectors.toSet()), found);
  }

  @ParameterizedTest
  @EnumSource(BackboneVariant.class)
  void aLayerIsOneAboveTheOneBeforeIt(BackboneVariant variant) {
    LayerNames layers = variant.config().layerNames();
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
    LayerNames layers = BackboneVariant.of(variant).config().layerNames();
    assertEquals(count, layers.count());
    assertEquals(layer, layers.of(name));
  }

  @Test
  void whatBeginsWithTheDigitsOfALayerIsNotOfIt() {
    LayerNames layers = new LayerNames("stem").next("block.1").next("block.10");
    assertEquals(2, layers.of("block.10.weight"));
    assertEquals(1, layers.of("block.1"));
    assertThrows(IllegalArgumentException.class, () -> layers.of("block.11.weight"));
  }

  private static List<String> names(BackboneVariant variant) {
    return List.copyOf(StateDict.of(variant.build()).keySet());
  }
}
