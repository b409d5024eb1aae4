package org.segtrain.inference.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Bfloat16;
import org.segtrain.engine.StateDict;

/**
 * Hands out parameters rounded to bfloat16, which turns a whole model to mixed precision: the
 * blocks know nothing of it. All are rounded together, so a step rounds them once whatever the
 * number of its passes, and a GPU does it in a few kernels.
 */
public final class Bfloat16Parameters extends ReplacedParameters {

  private final List<NDArray> exact = new ArrayList<>();
  private final List<NDArray> rounded = new ArrayList<>();
  private final Map<String, NDArray> byId = new HashMap<>();
  private final IdentityHashMap<NDArray, NDArray> leaves = new IdentityHashMap<>(); // by exact
  private final Set<NDArray> handedOut = Collections.newSetFromMap(new IdentityHashMap<>());

  /** A store with the present values of the parameters, which lives as long as {@code scope}. */
  public Bfloat16Parameters(Block model, NDManager scope) {
    this(model, scope, Map.of());
  }

  /** A store that hands out {@code instead}, rounded, in the place of some parameters' own. */
  public Bfloat16Parameters(Block model, NDManager scope, Map<String, NDArray> instead) {
    super(scope, instead);
    Bfloat16 rule = Bfloat16.of(model);
    for (Parameter parameter : StateDict.of(model).values()) {
      NDArray array = instead.getOrDefault(parameter.getId(), parameter.getArray());
      if (rule.rounds(parameter, array, array.getDevice().isGpu())) {
        byId.put(parameter.getId(), leaf(parameter, array, scope));
      }
    }
  }

  /** Parameters that share an array share its leaf. */
  private NDArray leaf(Parameter parameter, NDArray array, NDManager scope) {
    NDArray known = leaves.get(array);
    if (known != null) {
      return known;
    }
    NDArray leaf;
    try (NDArray own = Aten.toBfloat16(array)) { // of the manager of the parameter
      leaf = own.stopGradient();
    }
    leaf.attach(scope);
    leaf.setRequiresGradient(parameter.requiresGradient());
    exact.add(array);
    rounded.add(leaf);
    leaves.put(array, leaf);
    return leaf;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    NDArray leaf = parameter == null ? null : byId.get(parameter.getId());
    if (leaf == null) {
      return super.getValue(parameter, device, training);
    }
    handedOut.add(leaf);
    return leaf;
  }

  @Override
  public void renew() {
    ArrayLists.copy(rounded, exact);
  }

  @Override
  public List<NDArray> leaves(List<NDArray> weights) {
    return weights.stream().map(this::read).toList();
  }

  /** Blocks of programs may read a parameter's own array, past this store. */
  private NDArray read(NDArray weight) {
    NDArray leaf = leaves.get(weight);
    return leaf != null && handedOut.contains(leaf) ? leaf : weight;
  }

  @Override
  public List<NDArray> exact(List<NDArray> gradients) {
    List<NDArray> narrow = gradients.stream().filter(Aten::isBfloat16).toList();
    var wide = ArrayLists.toFloat32(narrow).iterator();
    narrow.forEach(NDArray::close);
    return gradients.stream()
        .map(gradient -> Aten.isBfloat16(gradient) ? wide.next() : gradient)
        .toList();
  }
}
