package org.segtrain.nn;

import ai.djl.nn.Block;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.segtrain.nn.ComposedBlock.Child;
import org.segtrain.nn.ComposedBlock.Role;

/**
 * Which blocks of a network are layers, as its blocks declare them by {@link ComposedBlock#layer}
 * and {@link ComposedBlock#branch}: a branch without layers inside is one itself. {@link Recompute}
 * goes by it.
 */
public final class LayerPlan {

  /** The role of a block among the layers. */
  private enum Kind {
    LAYER,
    GROUP
  }

  private final IdentityHashMap<Block, Kind> kinds = new IdentityHashMap<>();
  private final IdentityHashMap<Block, Block> parents = new IdentityHashMap<>(); // of branches

  private final AtomicBoolean used = new AtomicBoolean();

  private LayerPlan() {}

  /** That of {@code network}. */
  public static LayerPlan of(Block network) {
    LayerPlan plan = new LayerPlan();
    plan.addChildren(network);
    return plan;
  }

  /** One without layers. */
  public static LayerPlan none() {
    return new LayerPlan();
  }

  /** Whether no block is a layer. */
  public boolean isEmpty() {
    return kinds.isEmpty();
  }

  boolean isLayer(Block block) {
    return kinds.get(block) == Kind.LAYER;
  }

  /** Whether there are layers inside of it. */
  boolean isGroup(Block block) {
    return kinds.get(block) == Kind.GROUP;
  }

  /** Whether this is asked for the first time. */
  boolean isNew() {
    return !used.getAndSet(true);
  }

  /** The block that {@code block} is a branch of. */
  Optional<Block> parent(Block block) {
    return Optional.ofNullable(parents.get(block));
  }

  /** Returns whether there are layers among them. */
  private boolean addChildren(Block block) {
    boolean hasLayers = false;
    if (block instanceof ComposedBlock composed) {
      for (Child child : composed.declared()) {
        hasLayers |= add(child.block(), child.role(), block);
      }
    } else {
      for (Block child : block.getChildren().values()) {
        hasLayers |= add(child, Role.PART, block);
      }
    }
    return hasLayers;
  }

  private boolean add(Block block, Role role, Block parent) {
    if (role == Role.BRANCH) {
      parents.put(block, parent);
    }
    if (role != Role.LAYER && addChildren(block)) {
      kinds.put(block, Kind.GROUP);
    } else if (role == Role.LAYER || role == Role.BRANCH) {
      kinds.put(block, Kind.LAYER);
    }
    return kinds.containsKey(block);
  }
}
