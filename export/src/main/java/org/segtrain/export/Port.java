package org.segtrain.export;

import java.util.List;
import java.util.Objects;

/**
 * An array that goes into an exported model or comes out of it.
 *
 * @param name of it, where a format has names
 * @param axes from the first on: a number for a size that is fixed, a name for one that is not
 * @param type of its elements, {@code float32} or {@code uint8}
 * @param meaning of its elements, for people
 */
public record Port(String name, List<String> axes, String type, String meaning) {

  public Port {
    Objects.requireNonNull(name, "name");
    axes = List.copyOf(axes);
    Objects.requireNonNull(type, "type");
  }

  /** {@code image float32 [batch, 3, height, width]}. */
  @Override
  public String toString() {
    return "%s %s %s".formatted(name, type, axes);
  }
}
