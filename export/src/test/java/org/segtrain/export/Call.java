package org.segtrain.export;

/** A call of the library that takes arrays or opens files, and closes what it was given. */
record Call(String name, Action action) {

  /** What is done. */
  @FunctionalInterface
  interface Action {
    void make() throws Exception;
  }

  /** A call that must be refused. */
  static Call refused(String name, Class<? extends Exception> refusal, Action action) {
    return new Call(
        name,
        () -> {
          try {
            action.make();
          } catch (Exception e) {
            if (refusal.isInstance(e)) {
              return;
            }
            throw e;
          }
          throw new IllegalStateException(name + " was not refused");
        });
  }
}
