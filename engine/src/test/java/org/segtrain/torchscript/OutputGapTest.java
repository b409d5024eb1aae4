package org.segtrain.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OutputGapTest {

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private OutputGap gap(float[] found, float... wanted) {
    OutputGap gap = new OutputGap();
    gap.add(manager.create(found), manager.create(wanted));
    return gap;
  }

  @Test
  void equalElementsThatAreNotFiniteAreNoGap() {
    float[] values = {1, INFINITY, -INFINITY, Float.NaN, -3};
    OutputGap gap = gap(values, values.clone());
    assertEquals(0, gap.difference());
    assertEquals(3, gap.magnitude());
  }

  @Test
  void anInfiniteElementIsFarFromAFiniteOne() {
    assertEquals(INFINITY, gap(new float[] {1, 2}, 1, INFINITY).difference());
    assertEquals(1, gap(new float[] {1, 2}, 1, INFINITY).magnitude());
    assertEquals(Double.NaN, gap(new float[] {1, Float.NaN}, 1, 2).difference());
  }

  @Test
  void wholeNumbersAreCounted() {
    OutputGap gap = new OutputGap();
    gap.add(manager.create(new int[] {1, 2, 3}), manager.create(new int[] {1, 0, 3}));
    assertEquals(3, gap.places());
    assertEquals(2, gap.equal());
    assertEquals(0, gap.difference());
  }
}
