package org.segtrain.report;

/** How far a run is. */
public enum RunState {
  RUNNING("running"),
  ENDED("ended"),
  STOPPED("stopped before its last step"),
  FAILED("ended by an error");

  private final String words;

  RunState(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
