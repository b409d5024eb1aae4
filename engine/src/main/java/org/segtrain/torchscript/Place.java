package org.segtrain.torchscript;

import ai.djl.nn.Block;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.Expr;

/**
 * Where a forward pass is: in the innermost block that was entered, or else in that whose parameter
 * was read last, since blocks of DJL do not say when they begin.
 */
final class Place {

  private final IdentityHashMap<Block, String> paths = new IdentityHashMap<>();
  private final String whole;
  private final Deque<String> entered = new ArrayDeque<>();
  private String owner = "";

  Place(Block block) {
    whole = block.getClass().getSimpleName();
    StateDict.blocks(block).forEach((path, part) -> paths.putIfAbsent(part, path));
  }

  void enter(Block block) {
    entered.push(paths.getOrDefault(block, path())); // a block without a name is part of its owner
    owner = "";
  }

  void leave() {
    entered.pop();
    owner = "";
  }

  /** Notes that a parameter was read. */
  void read(Expr.Parameter parameter) {
    String name = parameter.name();
    owner = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
  }

  /** The block as the state dict names it; empty for the whole. */
  String path() {
    return owner.isEmpty() && !entered.isEmpty() ? entered.peek() : owner;
  }

  /** For messages. */
  @Override
  public String toString() {
    return path().isEmpty() ? whole : "block %s of %s".formatted(path(), whole);
  }
}
