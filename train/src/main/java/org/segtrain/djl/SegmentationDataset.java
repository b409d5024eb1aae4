package org.segtrain.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.translate.PaddingStackBatchifier;
import ai.djl.util.Progress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import org.segtrain.augment.Fitting;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;
import org.segtrain.data.Dataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Order;
import org.segtrain.inference.internal.Inputs;

/**
 * One split of a data set of this project for DJL's {@code Trainer}. A record is a normalised
 * image, {@code 3 H W}, float32, with its labels, {@code H W}, int64, 255 being void; transforms of
 * DJL apply to those.
 *
 * <p>Order and augmentation depend on the seed and the epoch alone, however many threads fetch, and
 * are those of this project's own training with that seed. An epoch of a sample is a reading of it.
 */
public final class SegmentationDataset extends RandomAccessDataset {

  /** The preparation of a sample before it becomes a record. */
  @FunctionalInterface
  private interface Rule {
    LabelledPicture apply(Sample sample, RandomGenerator random);
  }

  private final Dataset dataset;
  private final Split split;
  private final Rule rule;
  private final long seed;
  private final AtomicIntegerArray epochs; // by sample
  private final ThreadLocal<Inputs> inputs; // one instance serves one thread

  private SegmentationDataset(Builder builder) {
    super(builder);
    this.dataset = builder.dataset;
    this.split = builder.split;
    this.rule = builder.rule;
    this.seed = builder.seed;
    this.epochs = new AtomicIntegerArray(dataset.size(split));
    ImageRules colours = builder.colours;
    this.inputs = ThreadLocal.withInitial(() -> new Inputs(Precision.FP32, colours));
  }

  /** Begins with samples as they are, in batches that are stacked. */
  public static Builder builder() {
    return new Builder();
  }

  /** The names of the classes; label k is the k-th, from 0. */
  public List<String> classes() {
    return dataset.classes();
  }

  @Override
  public Record get(NDManager manager, long position) {
    int index = Math.toIntExact(position);
    RandomGenerator random = Order.random(seed, epochs.getAndIncrement(index), index);
    LabelledPicture sample = rule.apply(dataset.read(split, index), random);
    try (NDManager scope = manager.newSubManager()) {
      NDArray image = inputs.get().image(scope, sample.picture()).squeeze(0); // 3 H W
      NDArray labels =
          inputs.get().labels(scope, sample.labels(), sample.height(), sample.width()).squeeze(0);
      image.attach(manager);
      labels.attach(manager); // H W
      return new Record(new NDList(image), new NDList(labels));
    }
  }

  @Override
  protected long availableSize() {
    return dataset.size(split);
  }

  /** Does nothing: the data set is open. */
  @Override
  public void prepare(Progress progress) {}

  /** Collects what a data set for DJL needs: {@link #setData} and {@code setSampling}. */
  public static final class Builder extends BaseBuilder<Builder> {

    private final ShuffledSampler shuffled = new ShuffledSampler();
    private Dataset dataset;
    private Split split = Split.TRAINING;
    private Rule rule = (sample, random) -> LabelledPicture.of(sample);
    private ImageRules colours = ImageRules.ALIGNED;
    private long seed;

    private Builder() {}

    /** The samples. */
    public Builder setData(Dataset dataset, Split split) {
      this.dataset = Objects.requireNonNull(dataset, "dataset");
      this.split = Objects.requireNonNull(split, "split");
      return this;
    }

    /** Changes each sample, for training: {@link ImageRules#training} or one's own. */
    public Builder optPreparation(Preparation preparation) {
      Objects.requireNonNull(preparation, "preparation");
      rule = (sample, random) -> LabelledPicture.of(preparation.apply(sample, random));
      return this;
    }

    /**
     * Gives each photograph the size of evaluation, {@link ImageRules#evaluation}. Labels keep
     * their own size, so batches are of one, unless all photographs are of one size.
     */
    public Builder optFitting(Fitting fitting) {
      Objects.requireNonNull(fitting, "fitting");
      rule = (sample, random) -> LabelledPicture.of(sample, fitting);
      return this;
    }

    /** The rules whose order of colours the model reads; red first by default. */
    public Builder optColours(ImageRules rules) {
      colours = Objects.requireNonNull(rules, "rules");
      return this;
    }

    /** The seed of order and augmentation; 0 by default. */
    public Builder optSeed(long seed) {
      this.seed = seed;
      shuffled.setSeed(seed);
      return this;
    }

    /** Fills up smaller images of a batch on the right and below, with the mean colour and void. */
    public Builder optPadding() {
      return optDataBatchifier(
              PaddingStackBatchifier.builder()
                  .addPad(0, 1, manager -> manager.zeros(new Shape(1)))
                  .addPad(0, 2, manager -> manager.zeros(new Shape(1)))
                  .build())
          .optLabelBatchifier(
              PaddingStackBatchifier.builder()
                  .addPad(0, 0, manager -> manager.create(new long[] {Sample.VOID}))
                  .addPad(0, 1, manager -> manager.create(new long[] {Sample.VOID}))
                  .build());
    }

    /** Batches of samples in a random order, which the seed decides, or in their own. */
    @Override
    public Builder setSampling(int batchSize, boolean random, boolean dropLast) {
      return random
          ? setSampling(new BatchSampler(shuffled, batchSize, dropLast))
          : super.setSampling(batchSize, false, dropLast);
    }

    /** The data set. */
    public SegmentationDataset build() {
      Objects.requireNonNull(dataset, "the data set needs its samples; call setData");
      return new SegmentationDataset(this);
    }

    @Override
    protected Builder self() {
      return this;
    }
  }
}
