package org.segtrain.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.segtrain.data.ImageFiles;
import org.segtrain.inference.internal.ScoringNetwork;
import org.segtrain.inference.internal.Segmenter;

/** Photographs as evaluation gives them to a model, in memory. */
final class CalibrationImages implements AutoCloseable {

  private final NDManager manager;
  private final List<NDArray> images;

  private CalibrationImages(NDManager manager, List<NDArray> images) {
    this.manager = manager;
    this.images = images;
  }

  /**
   * The photographs of {@code form}, as inputs of a file.
   *
   * @param card of the file
   * @param file for messages
   * @throws org.segtrain.errors.DataException if one cannot be read
   */
  static CalibrationImages of(Deployment form, ModelCard card, Path file) {
    NDManager manager = NDManager.newBaseManager("PyTorch");
    List<NDArray> images = new ArrayList<>();
    ScoringNetwork keeper = new Keeper(manager, form, card, images);
    try (Segmenter segmenter = new Segmenter(manager, keeper, CardConfig.of(file, card))) {
      form.optimization().photographs().forEach(path -> segmenter.segment(ImageFiles.open(path)));
      return new CalibrationImages(manager, images);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  List<Function<NDManager, NDList>> inputs() {
    return images.stream()
        .<Function<NDManager, NDList>>map(image -> scope -> copy(image, scope))
        .toList();
  }

  private static NDList copy(NDArray image, NDManager scope) {
    NDArray copy = image.duplicate();
    copy.attach(scope);
    return new NDList(copy);
  }

  @Override
  public void close() {
    manager.close();
  }

  /** Keeps what a network would read. */
  private record Keeper(NDManager manager, Deployment form, ModelCard card, List<NDArray> kept)
      implements ScoringNetwork {

    @Override
    public NDArray scores(NDArray images) {
      NDArray input = form.input().of(images, card.photographs().images()).duplicate();
      input.attach(manager);
      kept.add(input);
      Shape shape = images.getShape();
      return images
          .getManager()
          .zeros(new Shape(shape.get(0), card.classes().size(), shape.get(2), shape.get(3)));
    }

    @Override
    public boolean alignCorners() {
      return card.alignCorners();
    }

    @Override
    public void close() {}
  }
}
