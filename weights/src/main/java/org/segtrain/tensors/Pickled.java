package org.segtrain.tensors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle may hold beside {@code null}, {@code Boolean}, {@code Long}, {@code BigInteger},
 * {@code Double}, {@code String}, {@code byte[]}, lists and maps. Classes, not records, where an
 * object may hold itself: their equality is identity and needs no walk through them.
 */
final class Pickled {

  private Pickled() {}

  /** A function or class of Python that has an equal here, which makes a value. */
  interface Constructor {
    Object of(List<Object> arguments);
  }

  /** A name of Python that only stands for itself, such as {@code torch.float32}. */
  record Name(String name) {}

  /** A tuple. */
  static final class Tuple {
    final List<Object> items;

    Tuple(List<Object> items) {
      this.items = items;
    }
  }

  /** An object of Python of which only the attributes are kept. */
  static final class Instance {
    final Map<Object, Object> attributes = new LinkedHashMap<>();

    /** What joins its name and that of an attribute. */
    final String separator;

    Instance(String separator) {
      this.separator = separator;
    }
  }

  /**
   * A class or function of Python that has no equal here, or what it made: it is called, and given
   * items and attributes, without anything being done.
   */
  static final class Opaque implements Constructor {
    final String name;

    /** What it was given: lists, dictionaries and single values, none of them copied. */
    final List<Object> held = new ArrayList<>();

    Opaque(String name) {
      this.name = name;
    }

    @Override
    public Object of(List<Object> arguments) {
      Opaque made = new Opaque(name);
      made.held.add(arguments);
      return made;
    }
  }

  /** A class of storages: of numbers of that type. */
  record StorageType(ElementType type) {}

  /**
   * Memory that lies elsewhere in the file.
   *
   * @param key its name
   * @param size in numbers
   * @param offset in numbers, of a view into it
   */
  record Storage(ElementType type, String key, long size, long offset) {}

  /**
   * A view of a storage.
   *
   * @param offset of its first number, in numbers
   */
  record Tensor(
      ElementType type, Storage storage, long offset, List<Long> sizes, List<Long> strides) {}
}
