package org.segtrain.train;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.segtrain.collectives.Group;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.cuda.CudaMath;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.internal.RandomNumbers;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.internal.Inputs;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.ReplacedParameters;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.loss.internal.Criterion;
import org.segtrain.loss.internal.SegmentationLoss;
import org.segtrain.nn.LayerPlan;
import org.segtrain.nn.Recompute;
import org.segtrain.optim.internal.Optimizer;

/**
 * One optimiser step: forward and backward through each of its batches, the gradients of all
 * processes summed, clip, update.
 */
final class TrainingStep {

  private final TrainConfig config;
  private final Network network;
  private final Optimizer optimizer;
  private final ClassWeights classWeights;
  private final Criterion last; // of the final scores
  private final Criterion auxiliary;
  private final Inputs inputs;
  private final boolean isTf32;
  private final LayerPlan recomputed;
  private final ReplacedParameters parameters;
  private final Passes passes;
  private final RunningStatistics statistics;

  /**
   * The result of a step.
   *
   * @param losses the contribution of each of the model's scores, the final ones first
   * @param gradientNorm global norm before clipping
   */
  record Result(List<Double> losses, double gradientNorm) {
    Result {
      losses = List.copyOf(losses);
    }

    double loss() {
      return losses.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /**
   * Steps of a model.
   *
   * @param manager keeps what all of them need
   * @param passes of each step
   */
  TrainingStep(
      NDManager manager,
      TrainConfig config,
      Network network,
      Optimizer optimizer,
      ClassWeights classWeights,
      Passes passes) {
    this.config = config;
    this.passes = passes;
    Passes seen = config.run().syncBatchNorm() ? new Passes(Group.alone(), passes.own()) : passes;
    this.statistics = new RunningStatistics(manager, network.block(), seen, passes.group());
    this.classWeights = classWeights;
    this.network = network;
    this.optimizer = optimizer;
    NDArray factors = classWeights.array(manager);
    this.last = config.loss().last(factors, network.alignCorners());
    this.auxiliary = config.loss().ofAuxiliary(factors, network.alignCorners());
    this.inputs = new Inputs(config.run().precision(), config.data().images());
    this.isTf32 = config.run().precision() == Precision.TF32;
    this.recomputed = config.recomputed(network.block());
    this.parameters =
        Segmenter.parameters(
            network.block(), config.run().precision(), manager, statistics.instead());
  }

  /**
   * Makes the step of that number, the first being 0. Random numbers depend on it and the seed
   * only.
   *
   * @throws DivergedException if loss or gradient is not finite; the model is then as it was
   */
  @SuppressWarnings("try") // the random numbers are there to be closed
  Result make(NDManager manager, StepBatches batches, long step, double learningRate) {
    CudaMath.forTraining(manager.getDevice(), isTf32);
    statistics.forget(); // of a step that was broken off
    parameters.renew();
    try (NDManager scope = manager.newSubManager()) {
      List<String> files = new ArrayList<>();
      List<NDArray> gradients = List.of();
      int scores = network.lossWeights().size();
      NDList unread = new NDList(); // numbers that nothing has waited for
      for (int i = 0; i < passes.own(); i++) {
        Batch batch = batches.next().get();
        files.addAll(batch.files());
        statistics.begin();
        try (RandomNumbers numbers = RandomNumbers.of(seed(passes.number(step, i)))) {
          gradients = sum(gradients, backward(scope, batch, batches.pixelWeight(), unread));
        } catch (EngineException e) {
          throw passes.group().explained(e); // batch norms may wait for others
        }
        statistics.end(scope);
      }
      passes.group().sum(gradients);
      unread.add(ArrayLists.normOnDevice(gradients));
      double[] read = NDArrays.stack(unread).toDoubleArray(); // here the step waits for a GPU
      double norm = read[read.length - 1];
      double[] losses = Arrays.copyOf(read, read.length - 1);
      Result result = new Result(sums(passes.gathered(losses), scores), norm);
      if (!Double.isFinite(result.loss()) || !Double.isFinite(norm)) {
        statistics.forget();
        List<String> all = passes.group().gather(String.join(", ", files));
        throw diverged(step, learningRate, result, all);
      }
      if (norm > config.optimizer().clip()) {
        ArrayLists.scale(gradients, config.optimizer().clip() / norm);
      }
      statistics.update();
      optimizer.step(gradients, learningRate);
      return result;
    }
  }

  /** The same with batches that are read already. */
  Result make(NDManager manager, List<Batch> batches, long step, double learningRate) {
    StepBatches read = StepBatches.of(passes, batches, config.loss().mean(), classWeights);
    return make(manager, read, step, learningRate);
  }

  /** Adds a number for each of the model's scores to {@code losses}, and returns the gradients. */
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private List<NDArray> backward(NDManager outer, Batch batch, double pixelWeight, NDList losses) {
    try (NDManager scope = outer.newSubManager();
        Autograd on = Autograd.on()) {
      Recompute pass = new Recompute(scope, recomputed, parameters);
      NDArray images = inputs.images(scope, batch);
      NDArray labels = inputs.labels(scope, batch);
      NDList scores = network.block().forward(pass, new NDList(images), true);
      check(scores, network.lossWeights().size());
      List<NDArray> outputs = new ArrayList<>();
      List<NDArray> outputGradients = new ArrayList<>();
      for (int i = 0; i < scores.size(); i++) {
        NDArray exact = Aten.toFloat32(scores.get(i));
        var weight =
            new Criterion.Weight(network.lossWeights().get(i), pixelWeight, 1.0 / passes.count());
        SegmentationLoss own = (i == 0 ? last : auxiliary).of(exact, labels, weight);
        own.number().attach(outer);
        losses.add(own.number());
        if (Autograd.isRecorded(exact)) { // not if all that it is computed from is frozen
          outputs.add(exact);
          outputGradients.add(own.gradient());
        }
      }
      List<NDArray> leaves = parameters.leaves(optimizer.weights());
      List<NDArray> gradients = parameters.exact(pass.gradients(outputs, outputGradients, leaves));
      gradients.forEach(gradient -> gradient.attach(outer));
      return gradients;
    }
  }

  /** Blocks that programs bring may give anything. */
  private void check(NDList scores, int expected) {
    Shape shape = scores.isEmpty() ? new Shape() : scores.head().getShape();
    int classes = classWeights.classes();
    if (scores.size() != expected || shape.dimension() != 4 || shape.get(1) != classes) {
      throw new UsageException(
          "in training the model must give %s of scores, the first B %d h w, but it gives %d,"
                  .formatted(Counted.of(expected, "array"), classes, scores.size())
              + " the first of shape %s; change its last layer".formatted(shape));
    }
  }

  /** The sums over the passes, one for each of the model's scores. */
  private static List<Double> sums(double[] losses, int scores) {
    double[] sums = new double[scores];
    for (int i = 0; i < losses.length; i++) {
      sums[i % scores] += losses[i];
    }
    return Arrays.stream(sums).boxed().toList();
  }

  private static List<NDArray> sum(List<NDArray> sum, List<NDArray> more) {
    if (sum.isEmpty()) {
      return more;
    }
    ArrayLists.add(sum, more);
    more.forEach(NDArray::close);
    return sum;
  }

  /** SplittableRandom's mixing, so that neighbouring steps have unrelated random numbers. */
  private int seed(long pass) {
    long mixed = (config.run().seed() * 0x9E3779B97F4A7C15L + pass) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 31)) * 0x94D049BB133111EBL;
    return (int) (mixed ^ (mixed >>> 32));
  }

  private static DivergedException diverged(
      long step, double learningRate, Result result, List<String> files) {
    return new DivergedException(
        "step %d at learning rate %s has loss %s and gradient norm %s on %s; resume with a lower optimizer.learningRate"
            .formatted(
                step + 1,
                learningRate,
                result.loss(),
                result.gradientNorm(),
                String.join(", ", files)));
  }
}
