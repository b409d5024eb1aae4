package org.segtrain.djl;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;
import java.util.List;
import org.segtrain.images.StoredColours;

/** A photograph to its pixels, {@code H W 3}, and classes, {@code H W}, to a mask; both uint8. */
final class PhotographTranslator implements NoBatchifyTranslator<Image, CategoryMask> {

  private final List<String> classes;

  PhotographTranslator(List<String> classes) {
    this.classes = List.copyOf(classes);
  }

  @Override
  public NDList processInput(TranslatorContext context, Image photograph) {
    NDManager manager = context.getNDManager();
    Shape shape = new Shape(photograph.getHeight(), photograph.getWidth(), 3);
    ByteBuffer rgb = ByteBuffer.wrap(StoredColours.rgb(photograph, manager));
    return new NDList(manager.create(rgb, shape, DataType.UINT8)); // H W 3
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
