package org.segtrain.djl;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.util.List;
import org.segtrain.serving.Pixels;

/** A photograph to its pixels, {@code H W 3}, and classes, {@code H W}, to a mask; both uint8. */
final class PhotographTranslator implements NoBatchifyTranslator<Image, CategoryMask> {

  private final List<String> classes;

  PhotographTranslator(List<String> classes) {
    this.classes = List.copyOf(classes);
  }

  @Override
  public NDList processInput(TranslatorContext context, Image photograph) {
    return new NDList(Pixels.of(photograph, context.getNDManager()).array(context.getNDManager()));
  }

  @Override
  public CategoryMask processOutput(TranslatorContext context, NDList output) {
    NDArray map = output.singletonOrThrow(); // H W
    int height = (int) map.size(0);
    int width = (int) map.size(1);
    byte[] labels = map.toByteArray();
    int[][] mask = new int[height][width];
    for (int i = 0; i < labels.length; i++) {
      mask[i / width][i % width] = Byte.toUnsignedInt(labels[i]);
    }
    return new CategoryMask(classes, mask);
  }
}
