package org.segtrain.tensors;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The stack of a {@link PickleMachine}: one for each mark that is set, and one below them. */
final class PickleStack {

  private final Deque<List<Object>> below = new ArrayDeque<>();
  private List<Object> stack = new ArrayList<>();

  void push(Object value) {
    stack.add(value);
  }

  void mark() {
    below.push(stack);
    stack = new ArrayList<>();
  }

  /** Takes the mark, and what lies above it. */
  List<Object> popToMark() {
    if (below.isEmpty()) {
      throw new PickleException("misses a mark");
    }
    List<Object> items = stack;
    stack = below.pop();
    return items;
  }

  /** The last {@code count}, the last one last. */
  List<Object> pop(int count) {
    if (stack.size() < count) {
      throw new PickleException("takes from an empty stack");
    }
    List<Object> last = stack.subList(stack.size() - count, stack.size());
    List<Object> items = new ArrayList<>(last);
    last.clear();
    return items;
  }

  Object pop() {
    return pop(Object.class);
  }

  <T> T pop(Class<T> type) {
    T value = top(type);
    stack.remove(stack.size() - 1);
    return value;
  }

  /** The last one, which must be of that type. */
  <T> T top(Class<T> type) {
    if (stack.isEmpty()) {
      throw new PickleException("takes from an empty stack");
    }
    Object value = stack.get(stack.size() - 1);
    if (type != Object.class && !type.isInstance(value)) {
      throw new PickleException(
          "has another value where a %s belongs".formatted(type.getSimpleName()));
    }
    return type.cast(value);
  }

  /** The last one, a list. */
  List<Object> list() {
    Object list = top(List.class);
    @SuppressWarnings("unchecked") // all lists here are of objects
    List<Object> objects = (List<Object>) list;
    return objects;
  }

  /** The last one, a dictionary. */
  Map<Object, Object> map() {
    Object map = top(Map.class);
    @SuppressWarnings("unchecked") // all maps here are of objects
    Map<Object, Object> objects = (Map<Object, Object>) map;
    return objects;
  }
}
