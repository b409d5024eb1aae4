package com.example;

import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.ClassLoaderUtils;
import java.nio.file.Path;

/** A service of a user: the classes of a photograph, with an exported folder and DJL alone. */
public final class UsesServedModel {

  private UsesServedModel() {}

  /** The classes of {@code photograph}. */
  public static CategoryMask segment(Path folder, Path photograph) throws Exception {
    Criteria<Image, CategoryMask> criteria =
        Criteria.builder()
            .setTypes(Image.class, CategoryMask.class)
            .optModelPath(folder)
            .optTranslatorFactory(
                ClassLoaderUtils.findImplementation(
                    folder.resolve("libs"), TranslatorFactory.class, null))
            .build();
    try (ZooModel<Image, CategoryMask> model = criteria.loadModel();
        Predictor<Image, CategoryMask> predictor = model.newPredictor()) {
      return predictor.predict(ImageFactory.getInstance().fromFile(photograph));
    }
  }
}
