package org.segtrain.measure.internal;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.Optional;
import org.segtrain.augment.ImageSize;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.nn.ComposedBlock;

/**
 * A model of published parts with new weights, in which nothing is dropped at random.
 *
 * @param head none for the bare backbone
 * @param classes of the head
 */
public record NewModel(BackboneVariant backbone, Optional<HeadVariant> head, int classes)
    implements Subject {

  /** A backbone, or a SegmentationModel; not yet initialised. */
  ComposedBlock build() {
    return head.isEmpty()
        ? backbone.config().build(0)
        : SegmentationModel.builder()
            .setBackbone(backbone)
            .setHead(head.get())
            .setClasses(classes)
            .optDropPath(0)
            .optDropout(0)
            .build();
  }

  /** The same to be counted: its weights are zero. */
  ComposedBlock blueprint(NDManager manager) {
    ComposedBlock model = build();
    model.setInitializer(Initializer.ZEROS, Parameter::requiresGradient);
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, -1, -1));
    return model;
  }

  @Override
  public Workload open(NDManager manager, Benchmark benchmark) {
    Block model = build();
    ImageSize size = benchmark.size();
    model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, size.height(), size.width()));
    return new BlockWorkload(model, benchmark.mode(), benchmark.precision());
  }

  @Override
  public Optional<Long> parameters() {
    try (NDManager manager = NDManager.newBaseManager()) {
      return Optional.of(ParameterCount.of(blueprint(manager)));
    }
  }

  @Override
  public Optional<Long> multiplyAdds(ImageSize size) {
    try (NDManager manager = NDManager.newBaseManager()) {
      return Optional.of(MultiplyAdds.of(blueprint(manager), manager, size.height(), size.width()));
    }
  }

  /** {@code pvt_tiny}, or {@code pvt_tiny with fpn}. */
  @Override
  public String toString() {
    return backbone + head.map(" with %s"::formatted).orElse("");
  }
}
