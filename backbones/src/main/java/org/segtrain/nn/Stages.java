package org.segtrain.nn;

import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.ComposedBlock.Child;
import org.segtrain.nn.ComposedBlock.Role;

/**
 * The children of a network as in a paper's table: the stem, if it is a part of its own, and the
 * stages. A stage is a child with layers and the children without layers before it, such as a patch
 * embedding or a fusion of maps. In a network without a declared stem, the children before the
 * first stage are the stem, as for {@link LayerNames}.
 */
public final class Stages {

  private static final String STEM = "stem";

  /**
   * One of them.
   *
   * @param name {@code stem} or {@code stage 1}
   * @param blocks in the order of the forward pass
   */
  public record Stage(String name, List<ComposedBlock> blocks) {

    public Stage {
      blocks = List.copyOf(blocks);
    }
  }

  private Stages() {}

  /** Those of {@code network}, in the order of the forward pass. */
  public static List<Stage> of(ComposedBlock network) {
    boolean hasStem = network.declared().stream().anyMatch(child -> child.role() == Role.STEM);
    List<Stage> stages = new ArrayList<>();
    List<ComposedBlock> before = new ArrayList<>();
    int number = 0;
    for (Child child : network.declared()) {
      ComposedBlock block = (ComposedBlock) child.block();
      if (child.role() == Role.STEM) {
        stages.add(new Stage(STEM, List.of(block)));
      } else if (LayerNames.depth(child) == 0) {
        before.add(block);
      } else {
        if (number == 0 && !hasStem && !before.isEmpty()) {
          stages.add(new Stage(STEM, before));
          before = new ArrayList<>();
        }
        before.add(block);
        number++;
        stages.add(new Stage("stage " + number, before));
        before = new ArrayList<>();
      }
    }
    return stages;
  }
}
