package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.segtrain.engine.Aten;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Recording;

/** Turns operations on recording arrays into a {@link Tape}, while they also take place. */
final class Recorder {

  private final NDManager real;
  private final NDManager manager;
  private final IdentityHashMap<NDArray, String> parameters;
  private final Place place;
  private final List<Step> steps = new ArrayList<>();
  private final Set<String> methods = new HashSet<>();

  /**
   * Creates a recorder.
   *
   * @param real owns every array of the pass
   * @param parameters the arrays of the block by identity, with their names
   * @param place knows which block runs
   */
  Recorder(NDManager real, IdentityHashMap<NDArray, String> parameters, Place place) {
    this.real = real;
    this.parameters = parameters;
    this.place = place;
    this.manager = RecordingManager.create(this);
  }

  NDManager real() {
    return real;
  }

  NDManager manager() {
    return manager;
  }

  /** The steps so far, and the values of {@code outputs}. */
  Tape tape(NDList outputs) {
    return new Tape(
        List.copyOf(steps), outputs.stream().map(this::known).map(Arguments::expr).toList());
  }

  /** Notes that a method of DJL is recorded. */
  void met(Method method) {
    methods.add(Methods.signature(method));
  }

  /** The signatures of the methods of DJL that were recorded. */
  Set<String> methods() {
    return methods;
  }

  /** A recording array for an input of the pass. */
  NDArray input(NDArray array) {
    array.attach(real);
    return added(array, null);
  }

  /** The recording array for a parameter of the block, or for a rounded copy of it. */
  NDArray parameter(NDArray array, NDArray copy) {
    if (copy != array && parameters.containsKey(array)) {
      parameters.put(copy, parameters.get(array));
    }
    return parameter(copy);
  }

  /** The recording array for a parameter of the block. */
  NDArray parameter(NDArray array) {
    String name = parameters.get(array);
    if (name == null) {
      throw refusal(
          "an array of shape %s is neither computed from the input nor a parameter"
              .formatted(array.getShape()));
    }
    return new RecordedArray(this, array, new Expr.Parameter(name)).proxy();
  }

  /** A parameter that reached the block without the parameter store is still the parameter. */
  Object known(Object argument) {
    return argument instanceof NDArray array && !RecordedArray.is(array)
        ? parameter(array)
        : argument;
  }

  /** An array made of Java numbers; every recording must make the same. */
  NDArray constant(NDArray array) {
    List<Number> values = Stream.of(array.toArray()).toList();
    Expr expr = new Expr.Constant(values, array.getDataType(), array.getShape());
    return (NDArray) record(array, expr, false);
  }

  /** The device of the first input. */
  static Expr device() {
    return Exprs.call("ops.prim.device($0)", new Expr.Var(0));
  }

  /**
   * Records that {@code result} is the value of {@code expr}.
   *
   * @param result an array or a list of arrays
   * @param isList whether the expression has a list as its value; DJL returns single arrays in a
   *     list, too
   */
  Object record(Object result, Expr expr, boolean isList) {
    if (!(result instanceof NDList list)) {
      return own((NDArray) result, expr);
    } else if (!isList) {
      return new NDList(own(list.singletonOrThrow(), expr));
    }
    steps.add(new Step(expr, null, null, place.path()));
    Expr whole = new Expr.Var(steps.size() - 1);
    NDList items = new NDList();
    for (NDArray item : list) {
      items.add(own(item, Exprs.call("$0[$1]", whole, Exprs.number(items.size()))));
    }
    return items;
  }

  /** Records a call of a TorchScript expression that DJL has no method for. */
  NDArray call(String template, Object... arguments) {
    Object[] known = Arrays.stream(arguments).map(this::known).toArray();
    Object[] behind = Arrays.stream(known).map(Arguments::real).toArray();
    Expr.Call expr =
        new Expr.Call(template, Arrays.stream(known).map(a -> expr(template, a)).toList());
    refuseChanges(expr, template);
    return own(Aten.call(template.replace(Recording.TRAINING, "False"), behind), expr);
  }

  private Expr expr(String template, Object argument) {
    try {
      return Arguments.expr(argument);
    } catch (UnsupportedOperationException e) {
      throw refusal(template + " " + e.getMessage());
    }
  }

  /** An exception that names the block at work. */
  IllegalArgumentException refusal(String why) {
    return new IllegalArgumentException("%s cannot be exported: %s".formatted(place, why));
  }

  /**
   * The recording array for {@code array}, which is kept until the recording is done; an operation
   * may have returned a parameter.
   */
  private NDArray own(NDArray array, Expr expr) {
    NDScope.unregister(array);
    if (array.getManager() != real && !parameters.containsKey(array)) {
      array.attach(real);
    }
    return added(array, expr);
  }

  private NDArray added(NDArray array, Expr expr) {
    steps.add(new Step(expr, array.getShape(), array.getDataType(), place.path()));
    return new RecordedArray(this, array, new Expr.Var(steps.size() - 1)).proxy();
  }

  /** Refuses an operation that would change the block: each recording would do so again. */
  void refuseChanges(Expr.Call call, String operation) {
    if (SharedMemory.changed(call).stream().anyMatch(this::sharesParameter)) {
      throw refusal(operation + " changes a parameter in place");
    }
  }

  private boolean sharesParameter(Expr expr) {
    if (expr instanceof Expr.Var read) {
      Expr value = steps.get(read.id()).value();
      return value != null && sharesParameter(value);
    }
    return expr instanceof Expr.Parameter
        || (expr instanceof Expr.Call call
            && SharedMemory.viewed(call).anyMatch(this::sharesParameter));
  }

  /** Calls {@code method}, with the exception it throws. */
  static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
