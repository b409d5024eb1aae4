package org.segtrain.torchscript;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.Graph;

/** Forward passes written down. */
public final class Recordings {

  private final Forward forward;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private final Map<String, String> repeats = new LinkedHashMap<>();
  private final List<String> learned = new ArrayList<>();
  private final IdentityHashMap<NDArray, String> names = new IdentityHashMap<>();

  private Recordings(Forward forward) {
    this.forward = forward;
    StateDict.of(forward.block()).forEach(this::add);
    Map<String, Parameter> byName = StateDict.of(forward.block());
    StateDict.repeats(forward.block())
        .forEach((again, name) -> repeats.put(again, names.get(byName.get(name).getArray())));
  }

  /**
   * The forward pass of {@code block} in inference, for inputs of any size.
   *
   * @throws IllegalArgumentException if an operation cannot be recorded, naming it and its block
   */
  public static Graph of(Block block, Samples samples) {
    return of(new Forward(block, false), samples);
  }

  static Graph of(Forward forward, Samples samples) {
    Recordings recordings = new Recordings(forward);
    List<Tape> tapes = samples.recorded().stream().map(recordings::record).toList();
    List<Graph.Statement> statements = new TapeMerge(tapes).solve();
    int inputs = (int) statements.stream().filter(statement -> statement.value() == null).count();
    return new Graph(
        inputs,
        statements,
        tapes.get(0).outputs(), // variables and parameters: no sizes
        recordings.parameters,
        recordings.repeats,
        recordings.learned);
  }

  private void add(String name, Parameter parameter) {
    if (!parameter.isInitialized()) {
      throw new IllegalArgumentException(
          "parameter %s has no values yet, so initialize the block first".formatted(name));
    }
    NDArray array = parameter.getArray();
    String first = names.putIfAbsent(array, name);
    if (first != null) {
      repeats.put(name, first);
      return;
    }
    parameters.put(name, array);
    if (isLearned(parameter)) {
      learned.add(name);
    }
  }

  private static boolean isLearned(Parameter parameter) {
    return switch (parameter.getType()) {
      case RUNNING_MEAN, RUNNING_VAR -> false;
      case OTHER -> parameter.requiresGradient();
      default -> parameter.getArray().getDataType().isFloating();
    };
  }

  @SuppressWarnings("try") // the switch is there to be closed
  private Tape record(Function<NDManager, NDList> sample) {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(forward.device());
        Autograd off = Autograd.off()) {
      Place place = new Place(forward.block());
      Recorder recorder = new Recorder(manager, new IdentityHashMap<>(names), place);
      NDList inputs = new NDList();
      sample.apply(manager).forEach(array -> inputs.add(recorder.input(array)));
      RecordingParameters store =
          new RecordingParameters(recorder, forward.parameters(manager), place);
      return recorder.tape(forward.run(store, inputs));
    }
  }
}
