package org.segtrain.data;

import java.util.List;
import java.util.Locale;

/** The parts of a data set: one to train on, the others to measure on. */
public enum Split {
  TRAINING("training", "train"),
  VALIDATION("validation", "val", "valid"),
  /** Kept for the last measurement; a data set need not have it. */
  TEST("test", "testing");

  private final List<String> folders;

  Split(String... folders) {
    this.folders = List.of(folders);
  }

  /** Usual names of its folders, in lower case. */
  public List<String> folders() {
    return folders;
  }

  /** The name: "training", "validation" or "test". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
