package org.segtrain.tensors;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The machine for which a pickle is a program, with the operations that build values. A name of
 * Python is looked up in {@link Globals} and nowhere else. Time and memory are bounded by the
 * length of the pickle: no operation copies what an earlier one made, sizes are held against the
 * bytes that are left, and there is no recursion.
 */
final class PickleMachine {

  private static final int MOST_OPERATIONS = 2_000_000;
  private static final int LONGEST_NUMBER = 256; // bytes
  private static final int LONGEST_KEY = 1000; // characters

  private final ByteBuffer in;
  private final Globals globals;
  private final Map<Integer, Object> memo = new HashMap<>();
  private final Deque<List<Object>> below = new ArrayDeque<>(); // stacks under the marks
  private List<Object> stack = new ArrayList<>();

  private PickleMachine(ByteBuffer in, Globals globals) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
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
    for (int i = 0; i < MOST_OPERATIONS; i++) {
      int operation = in.get() & 0xff;
      if (operation == '.') {
        return pop();
      }
      step(operation);
    }
    throw new PickleException("has more than %d operations".formatted(MOST_OPERATIONS));
  }

  /** Does one operation; the letters and numbers are those of Python's {@code pickletools}. */
  private void step(int operation) {
    switch (operation) {
      case 0x80 -> requireProtocol(in.get()); // PROTO
      case 0x95 -> in.getLong(); // FRAME
      case '(' -> mark();
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top(Object.class)); // DUP
      case 'q' -> memo.put(in.get() & 0xff, top(Object.class)); // BINPUT
      case 'r' -> memo.put(in.getInt(), top(Object.class)); // LONG_BINPUT
      case 0x94 -> memo.put(memo.size(), top(Object.class)); // MEMOIZE
      case 'h' -> push(memoized(in.get() & 0xff)); // BINGET
      case 'j' -> push(memoized(in.getInt())); // LONG_BINGET
      case 'c' -> push(globals.find(line() + "." + line())); // GLOBAL
      case 0x93 -> stackGlobal();
      case 'Q' -> push(globals.storage(pop(Pickled.Tuple.class).items)); // BINPERSID
      case 'R', 0x81 -> call(); // REDUCE, NEWOBJ
      case 'b' -> build();
      default -> {
        if (!container(operation)) {
          push(constant(operation));
        }
      }
    }
  }

  private boolean container(int operation) {
    switch (operation) {
      case ']', 0x8f -> push(new ArrayList<>()); // EMPTY_LIST, EMPTY_SET
      case 'l', 0x91 -> push(popToMark()); // LIST, FROZENSET
      case 'a' -> {
        Object item = pop();
        list().add(item);
      }
      case 'e', 0x90 -> { // APPENDS, ADDITEMS
        List<Object> items = popToMark();
        list().addAll(items);
      }
      case ')' -> push(new Pickled.Tuple(List.of()));
      case 't' -> push(new Pickled.Tuple(popToMark()));
      case 0x85, 0x86, 0x87 -> push(new Pickled.Tuple(pop(operation - 0x84))); // TUPLE1 to 3
      case '}' -> push(new LinkedHashMap<>());
      case 'd' -> push(put(new LinkedHashMap<>(), popToMark()));
      case 's' -> {
        List<Object> item = pop(2);
        put(map(), item);
      }
      case 'u' -> {
        List<Object> items = popToMark();
        put(map(), items);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private Object constant(int operation) {
    return switch (operation) {
      case 'N' -> null;
      case 0x88 -> true;
      case 0x89 -> false;
      case 'K' -> (long) (in.get() & 0xff); // BININT1
      case 'M' -> (long) (in.getShort() & 0xffff); // BININT2
      case 'J' -> (long) in.getInt(); // BININT
      case 0x8a -> number(in.get() & 0xff); // LONG1
      case 0x8b -> number(in.getInt()); // LONG4
      case 'G' -> bigEndianDouble();
      case 'X' -> string(in.getInt() & 0xffffffffL, StandardCharsets.UTF_8); // BINUNICODE
      case 0x8c -> string(in.get() & 0xff, StandardCharsets.UTF_8); // SHORT_BINUNICODE
      case 0x8d -> string(in.getLong(), StandardCharsets.UTF_8); // BINUNICODE8
      case 'T' -> string(in.getInt(), StandardCharsets.ISO_8859_1); // BINSTRING
      case 'U' -> string(in.get() & 0xff, StandardCharsets.ISO_8859_1); // SHORT_BINSTRING
      case 'B' -> bytes(in.getInt() & 0xffffffffL); // BINBYTES
      case 'C' -> bytes(in.get() & 0xff); // SHORT_BINBYTES
      case 0x8e -> bytes(in.getLong()); // BINBYTES8
      default ->
          throw new PickleException(
              "has the operation 0x%02x, which is not read".formatted(operation));
    };
  }

  private static void requireProtocol(byte protocol) {
    if (protocol < 2 || protocol > 5) {
      throw new PickleException("has the protocol %d instead of 2 to 5".formatted(protocol));
    }
  }

  private void stackGlobal() {
    List<Object> names = pop(2);
    if (names.get(0) instanceof String module
        && names.get(1) instanceof String name
        && module.length() + name.length() < LONGEST_KEY) {
      push(globals.find(module + "." + name));
    } else {
      throw new PickleException("has a name of Python that is none");
    }
  }

  private void call() {
    List<Object> arguments = pop(Pickled.Tuple.class).items;
    Object function = pop();
    if (!(function instanceof Pickled.Constructor constructor)) {
      throw new PickleException("calls what is no function");
    }
    push(constructor.of(arguments));
  }

  private void build() {
    Object state = pop();
    globals.build(top(Object.class), state);
  }

  private List<Object> list() {
    Object list = top(List.class);
    @SuppressWarnings("unchecked") // all lists here are of objects
    List<Object> objects = (List<Object>) list;
    return objects;
  }

  private Map<Object, Object> map() {
    Object map = top(Map.class);
    @SuppressWarnings("unchecked") // all maps here are of objects
    Map<Object, Object> objects = (Map<Object, Object>) map;
    return objects;
  }

  /** Puts keys and values that alternate. */
  private static Map<Object, Object> put(Map<Object, Object> map, List<Object> items) {
    if (items.size() % 2 != 0) {
      throw new PickleException("has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      if (key instanceof String name && name.length() > LONGEST_KEY) {
        throw new PickleException("has a key of %d characters".formatted(name.length()));
      } else if (key instanceof List || key instanceof Map) {
        throw new PickleException("has a container as a key");
      }
      map.put(key, items.get(i + 1));
    }
    return map;
  }

  /** To the stack that is the topmost after {@code value} has been made. */
  private void push(Object value) {
    stack.add(value);
  }

  private void mark() {
    below.push(stack);
    stack = new ArrayList<>();
  }

  private List<Object> popToMark() {
    if (below.isEmpty()) {
      throw new PickleException("misses a mark");
    }
    List<Object> items = stack;
    stack = below.pop();
    return items;
  }

  /** The last {@code count}, the last one last. */
  private List<Object> pop(int count) {
    if (stack.size() < count) {
      throw new PickleException("takes from an empty stack");
    }
    List<Object> last = stack.subList(stack.size() - count, stack.size());
    List<Object> items = new ArrayList<>(last);
    last.clear();
    return items;
  }

  private Object pop() {
    return pop(Object.class);
  }

  private <T> T pop(Class<T> type) {
    T value = top(type);
    stack.remove(stack.size() - 1);
    return value;
  }

  private <T> T top(Class<T> type) {
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

  private Object memoized(int index) {
    if (!memo.containsKey(index)) {
      throw new PickleException("refers to what it does not have");
    }
    return memo.get(index);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) in.get(); c != '\n'; c = (char) in.get()) {
      if (line.length() == LONGEST_KEY) {
        throw new PickleException("has a name of Python that is none");
      }
      line.append(c);
    }
    return line.toString();
  }

  private double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
  }

  private Object number(int length) {
    if (length < 0 || length > LONGEST_NUMBER) {
      throw new PickleException("has a number of %d bytes".formatted(length));
    }
    byte[] bytes = bytes(length);
    byte[] bigEndian = new byte[length + 1]; // a leading zero, or no bytes would be no number
    for (int i = 0; i < length; i++) {
      bigEndian[length - i] = bytes[i];
    }
    bigEndian[0] = (byte) (length > 0 && bytes[length - 1] < 0 ? -1 : 0);
    BigInteger number = new BigInteger(bigEndian);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  private String string(long length, Charset charset) {
    return new String(bytes(length), charset);
  }

  private byte[] bytes(long length) {
    if (length < 0 || length > in.remaining()) {
      throw new PickleException("has a string of %d bytes".formatted(length));
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }
}
