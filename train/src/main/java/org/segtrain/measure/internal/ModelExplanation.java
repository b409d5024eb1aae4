package org.segtrain.measure.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.Backbone;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.Stages;

/**
 * A model taken apart.
 *
 * @param parts in the order of the forward pass
 * @param maps shapes of the maps of the backbone for an image, {@code 1 C H/s W/s}, s = 4, 8, 16,
 *     32
 */
public record ModelExplanation(List<Part> parts, List<List<Long>> maps) {

  private static final String BACKBONE = "^backbone\\.";

  /**
   * A part.
   *
   * @param name {@code stem}, {@code stage 1}, {@code neck}, {@code decode_head} or {@code
   *     auxiliary_head}
   * @param keys how its parameters' names begin in the state dict, without {@code backbone.}
   * @param parameters numbers that learn
   * @param multiplyAdds multiplications with addition of inference with one image; 0 for a part
   *     that only training runs
   */
  public record Part(String name, List<String> keys, long parameters, long multiplyAdds) {}

  /** Takes a model apart, for an image of that size. */
  public static ModelExplanation of(NewModel model, ImageSize size) {
    return of(model, size, true);
  }

  /** The same of the parts behind the backbone. */
  public static ModelExplanation ofHead(NewModel model, ImageSize size) {
    return of(model, size, false);
  }

  private static ModelExplanation of(NewModel model, ImageSize size, boolean withBackbone) {
    try (NDManager manager = NDManager.newBaseManager()) {
      ComposedBlock whole = model.blueprint(manager);
      Map<String, List<ComposedBlock>> blocks = blocks(whole, withBackbone);
      Map<Block, Long> multiplyAdds =
          MultiplyAdds.of(
              whole,
              blocks.values().stream().flatMap(List::stream).toList(),
              manager,
              size.height(),
              size.width());
      Map<String, List<String>> keys = keys(whole, blocks);
      List<Part> parts = new ArrayList<>();
      blocks.forEach(
          (name, own) ->
              parts.add(
                  new Part(
                      name,
                      keys.get(name),
                      own.stream().mapToLong(ParameterCount::of).sum(),
                      own.stream().mapToLong(multiplyAdds::get).sum())));
      return new ModelExplanation(parts, maps(backbone(whole), size));
    }
  }

  private static Backbone backbone(ComposedBlock whole) {
    return whole instanceof SegmentationModel model ? model.backbone() : (Backbone) whole;
  }

  private static Map<String, List<ComposedBlock>> blocks(
      ComposedBlock whole, boolean withBackbone) {
    Map<String, List<ComposedBlock>> blocks = new LinkedHashMap<>();
    if (withBackbone) {
      Stages.of(backbone(whole)).forEach(stage -> blocks.put(stage.name(), stage.blocks()));
    }
    if (whole instanceof SegmentationModel model) {
      model.parts().forEach((name, part) -> blocks.put(name, List.of(part)));
    }
    return blocks;
  }

  private static List<List<Long>> maps(Backbone backbone, ImageSize size) {
    Shape image = new Shape(1, 3, size.height(), size.width());
    return Stream.of(backbone.getOutputShapes(new Shape[] {image}))
        .map(shape -> LongStream.of(shape.getShape()).boxed().toList())
        .toList();
  }

  /** The first words of the names of each part, with the number behind one that others have too. */
  private static Map<String, List<String>> keys(
      ComposedBlock whole, Map<String, List<ComposedBlock>> blocks) {
    Map<String, Collection<String>> names = new LinkedHashMap<>();
    Map<String, Set<String>> owners = new HashMap<>();
    blocks.forEach(
        (part, own) -> {
          Set<String> ids = new HashSet<>();
          own.forEach(block -> StateDict.of(block).values().forEach(one -> ids.add(one.getId())));
          List<String> found = names(whole, ids);
          names.put(part, found);
          found.forEach(
              name -> owners.computeIfAbsent(word(name), unused -> new HashSet<>()).add(part));
        });
    Map<String, List<String>> keys = new LinkedHashMap<>();
    names.forEach(
        (part, found) -> {
          Set<String> words = new LinkedHashSet<>();
          found.forEach(
              name -> words.add(owners.get(word(name)).size() > 1 ? words(name) : word(name)));
          keys.put(part, List.copyOf(words));
        });
    return keys;
  }

  private static List<String> names(ComposedBlock whole, Set<String> ids) {
    return StateDict.of(whole).entrySet().stream()
        .filter(entry -> ids.contains(entry.getValue().getId()))
        .map(entry -> entry.getKey().replaceFirst(BACKBONE, ""))
        .toList();
  }

  private static String word(String name) {
    return name.split("\\.", 2)[0];
  }

  private static String words(String name) {
    String[] words = name.split("\\.", 3);
    return words[0] + "." + words[1];
  }

  /** Numbers that learn. */
  @JsonProperty
  public long parameters() {
    return parts.stream().mapToLong(Part::parameters).sum();
  }

  /** Multiplications with addition of inference with one image. */
  @JsonProperty
  public long multiplyAdds() {
    return parts.stream().mapToLong(Part::multiplyAdds).sum();
  }
}
