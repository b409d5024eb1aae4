package org.segtrain.heads;

import java.util.List;
import org.segtrain.nn.ComposedBlock;

/** A block between backbone and head: maps in, as many maps of the same sizes out. */
public abstract class Neck extends ComposedBlock {

  /** The number of channels of each map it gives, finest first. */
  public abstract List<Integer> channels();
}
