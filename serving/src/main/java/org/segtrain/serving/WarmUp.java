package org.segtrain.serving;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.translate.TranslatorContext;

/**
 * Passes before the first photograph. PyTorch observes the first pass of a program and rewrites the
 * program in the second. Its notes lie between the arrays of that pass; if these are large, the
 * heap stays fragmented.
 */
final class WarmUp {

  private static final int PASSES = 2;
  private static final Shape SMALL = new Shape(1, 64, 64, 3);
  private static final String DONE = "segtrain.warm-up.";

  private WarmUp() {}

  /** Runs the model of {@code context} on small images, once on each device. */
  static void of(TranslatorContext context) {
    Model model = context.getModel();
    NDManager manager = context.getNDManager();
    String key = DONE + manager.getDevice();
    if (model.getProperty(key) != null) {
      return;
    }
    ParameterStore parameters = new ParameterStore(manager, false);
    for (int i = 0; i < PASSES; i++) {
      NDList image = new NDList(manager.zeros(SMALL, DataType.UINT8));
      context.getBlock().forward(parameters, image, false);
    }
    model.setProperty(key, "done"); // others who came meanwhile have done it too, without harm
  }
}
