package org.segtrain.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.util.NativeResource;
import java.lang.reflect.Field;
import java.util.Map;

/**
 * The arrays that this thread has made since, whoever owns them: what is detached from its manager
 * and dropped is in no other count.
 */
final class Unclosed implements AutoCloseable {

  private static final Field MADE = made();

  private final NDScope scope = new NDScope();

  private static Field made() {
    try {
      Field field = NDScope.class.getDeclaredField("resources");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("this version of DJL notes arrays otherwise", e);
    }
  }

  /** How many of them are not closed. */
  int count() {
    return (int)
        arrays().keySet().stream()
            .filter(array -> !((NativeResource<?>) array).isReleased())
            .count();
  }

  @SuppressWarnings("unchecked")
  private Map<NDArray, NDArray> arrays() {
    try {
      return (Map<NDArray, NDArray>) MADE.get(scope);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Forgets them; they are left as they are. */
  @Override
  public void close() {
    arrays().clear();
    scope.close();
  }
}
