package org.segtrain.tensors;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The machine for which a pickle is a program, with the operations that build values. A name of
 * Python is looked up in {@link Globals} and nowhere else. Time and memory are bounded by the
 * length of the pickle: what copies what an earlier operation made is counted ({@link Allowance}),
 * sizes are held against the bytes that are left, and there is no recursion.
 */
final class PickleMachine {

  private final PickleInput in;
  private final Globals globals;
  private final Map<Integer, Object> memo = new HashMap<>();
  private final PickleStack stack = new PickleStack();

  private PickleMachine(ByteBuffer in, Globals globals) {
    this.in = new PickleInput(in);
    this.globals = globals;
  }

  /** Reads the pickle at which {@code in} stands; afterwards it stands behind it. */
  static Object load(ByteBuffer in, Globals globals) {
    try {
      return new PickleMachine(in, globals).run();
    } catch (BufferUnderflowException e) {
      throw new PickleException("ends too early");
    }
  }

  private Object run() {
    while (true) {
      globals.allowance().operation();
      int operation = in.unsignedByte();
      if (operation == '.') {
        return stack.pop();
      }
      step(operation);
    }
  }

  /** Does one operation; the letters and numbers are those of Python's {@code pickletools}. */
  private void step(int operation) {
    switch (operation) {
      case 0x80 -> requireProtocol(in.unsignedByte()); // PROTO
      case 0x95 -> in.skipLong(); // FRAME
      case '(' -> stack.mark();
      case '0' -> stack.pop();
      case '1' -> stack.popToMark();
      case '2' -> stack.push(stack.top(Object.class)); // DUP
      case 'q' -> memo.put(in.unsignedByte(), stack.top(Object.class)); // BINPUT
      case 'r' -> memo.put(in.integer(), stack.top(Object.class)); // LONG_BINPUT
      case 0x94 -> memo.put(memo.size(), stack.top(Object.class)); // MEMOIZE
      case 'h' -> stack.push(memoized(in.unsignedByte())); // BINGET
      case 'j' -> stack.push(memoized(in.integer())); // LONG_BINGET
      case 'c' -> stack.push(globals.find(in.line() + "." + in.line())); // GLOBAL
      case 0x93 -> stackGlobal();
      case 'Q' -> stack.push(globals.storage(stack.pop(Pickled.Tuple.class).items)); // BINPERSID
      case 'R', 0x81 -> call(); // REDUCE, NEWOBJ
      case 0x92 -> callWithNames(); // NEWOBJ_EX
      case 'b' -> build();
      default -> {
        if (!container(operation)) {
          stack.push(in.constant(operation));
        }
      }
    }
  }

  private boolean container(int operation) {
    switch (operation) {
      case ']', 0x8f -> stack.push(new ArrayList<>()); // EMPTY_LIST, EMPTY_SET
      case 'l', 0x91 -> stack.push(stack.popToMark()); // LIST, FROZENSET
      case 'a' -> append(stack.pop(1));
      case 'e', 0x90 -> append(stack.popToMark()); // APPENDS, ADDITEMS
      case ')' -> stack.push(new Pickled.Tuple(List.of()));
      case 't' -> stack.push(new Pickled.Tuple(stack.popToMark()));
      case 0x85, 0x86, 0x87 ->
          stack.push(new Pickled.Tuple(stack.pop(operation - 0x84))); // TUPLE1 to 3
      case '}' -> stack.push(new LinkedHashMap<>());
      case 'd' -> stack.push(put(new LinkedHashMap<>(), stack.popToMark()));
      case 's' -> set(stack.pop(2));
      case 'u' -> set(stack.popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void append(List<Object> items) {
    if (stack.top(Object.class) instanceof Pickled.Opaque opaque) {
      opaque.held.add(items);
    } else {
      stack.list().addAll(items);
    }
  }

  private void set(List<Object> items) {
    if (stack.top(Object.class) instanceof Pickled.Opaque opaque) {
      opaque.held.add(items);
    } else {
      put(stack.map(), items);
    }
  }

  private static void requireProtocol(int protocol) {
    if (protocol < 2 || protocol > 5) {
      throw new PickleException("has the protocol %d instead of 2 to 5".formatted(protocol));
    }
  }

  private void stackGlobal() {
    List<Object> names = stack.pop(2);
    if (names.get(0) instanceof String module
        && names.get(1) instanceof String name
        && module.length() + name.length() < PickleInput.LONGEST_NAME) {
      stack.push(globals.find(module + "." + name));
    } else {
      throw new PickleException("has a name of Python that is none");
    }
  }

  private void call() {
    List<Object> arguments = stack.pop(Pickled.Tuple.class).items;
    Object function = stack.pop();
    if (!(function instanceof Pickled.Constructor constructor)) {
      throw new PickleException("calls what is no function");
    }
    stack.push(constructor.of(arguments));
  }

  /** Only objects that are not looked at take arguments by name. */
  private void callWithNames() {
    List<Object> parts = stack.pop(3);
    if (!(parts.get(0) instanceof Pickled.Opaque opaque)) {
      throw new PickleException("calls what takes no arguments by name");
    }
    stack.push(opaque.of(parts.subList(1, 3)));
  }

  private void build() {
    Object state = stack.pop();
    globals.build(stack.top(Object.class), state);
  }

  /** Puts keys and values that alternate. */
  private static Map<Object, Object> put(Map<Object, Object> map, List<Object> items) {
    if (items.size() % 2 != 0) {
      throw new PickleException("has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      if (key instanceof String name && name.length() > PickleInput.LONGEST_NAME) {
        throw new PickleException("has a key of %d characters".formatted(name.length()));
      } else if (key instanceof List || key instanceof Map) {
        throw new PickleException("has a container as a key");
      }
      map.put(key, items.get(i + 1));
    }
    return map;
  }

  private Object memoized(int index) {
    if (!memo.containsKey(index)) {
      throw new PickleException("refers to what it does not have");
    }
    return memo.get(index);
  }
}
