package org.segtrain.export;

import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.ClassLoaderUtils;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that knows DJL only. It segments {@code photo.png} with the folder {@code served} in
 * three ways and leaves what each gave in {@code image.bin}, {@code arrays.bin} and {@code
 * answer.png}.
 */
public final class PlainDjlUser {

  private PlainDjlUser() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    images();
    arrays();
    requests();
  }

  private static void images() throws Exception {
    // [start:readme]
    Path folder = Path.of("served");
    Criteria<Image, CategoryMask> criteria =
        Criteria.builder()
            .setTypes(Image.class, CategoryMask.class)
            .optModelPath(folder)
            .optTranslatorFactory(
                ClassLoaderUtils.findImplementation(
                    folder.resolve("libs"), TranslatorFactory.class, null))
            .build();
    CategoryMask mask;
    try (ZooModel<Image, CategoryMask> model = criteria.loadModel();
        Predictor<Image, CategoryMask> predictor = model.newPredictor()) {
      mask = predictor.predict(ImageFactory.getInstance().fromFile(Path.of("photo.png")));
    }
    System.out.println("top left: " + mask.getClasses().get(mask.getMask()[0][0]));
    // [end:readme]
    Files.write(Path.of("image.bin"), bytes(mask.getMask()));
  }

  private static void arrays() throws Exception {
    Path folder = Path.of("served");
    Image photograph = ImageFactory.getInstance().fromFile(Path.of("photo.png"));
    // [start:docs]
    Criteria<NDList, NDList> criteria =
        Criteria.builder().setTypes(NDList.class, NDList.class).optModelPath(folder).build();
    byte[] classes; // H W
    try (ZooModel<NDList, NDList> model = criteria.loadModel();
        Predictor<NDList, NDList> predictor = model.newPredictor();
        NDManager scope = model.getNDManager().newSubManager()) { // one for each prediction
      NDArray pixels = photograph.toNDArray(scope).expandDims(0); // 1 H W 3, bytes
      classes = predictor.predict(new NDList(pixels)).get(0).toByteArray();
    }
    // [end:docs]
    Files.write(Path.of("arrays.bin"), classes);
  }

  /** As DJL Serving does it. */
  private static void requests() throws Exception {
    Criteria<Input, Output> criteria =
        Criteria.builder()
            .setTypes(Input.class, Output.class)
            .optModelPath(Path.of("served"))
            .build();
    try (ZooModel<Input, Output> model = criteria.loadModel();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      Input request = new Input();
      request.add(Files.readAllBytes(Path.of("photo.png")));
      Files.write(Path.of("answer.png"), predictor.predict(request).getData().getAsBytes());
    }
  }

  private static byte[] bytes(int[][] mask) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int[] row : mask) {
      for (int value : row) {
        bytes.write(value);
      }
    }
    return bytes.toByteArray();
  }
}
