package org.segtrain.errors;

/** Numbers of things in sentences, so that one is no "1 images". */
public final class Counted {

  private Counted() {}

  /**
   * "1 image", "2 images", "0 classes".
   *
   * @param thing one of them; its last word gets the ending of more
   */
  public static String of(long count, String thing) {
    return "%d %s".formatted(count, count == 1 ? thing : more(thing));
  }

  /** "images", "classes". */
  private static String more(String thing) {
    return thing.matches(".*(s|x|ch|sh)") ? thing + "es" : thing + "s";
  }
}
