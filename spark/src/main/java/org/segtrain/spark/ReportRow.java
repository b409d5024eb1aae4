package org.segtrain.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import org.segtrain.cli.texts.Csv;
import org.segtrain.config.internal.Json;

/**
 * What became of an image.
 *
 * @param index of the image, from 0
 * @param image its path
 * @param result where its result is; empty if there is none
 * @param state what was done
 * @param width pixels; 0 if it is not known
 * @param height pixels
 * @param seconds from the opened image to the written result
 * @param message what is wrong: a sentence
 */
record ReportRow(
    int index,
    String image,
    String result,
    State state,
    int width,
    int height,
    double seconds,
    String message) {

  /** The first line of a report. */
  static final String HEAD =
      Csv.row(List.of("image", "result", "state", "width", "height", "seconds", "message"));

  /** What was done. */
  enum State {
    /** It was predicted or measured now. */
    DONE,
    /** Its result was there. */
    KEPT,
    /** It cannot be read or used. */
    FAILED,
    /** It was not looked at, since the task could not go on. */
    STOPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The row that a task sent as a line of JSON. */
  static ReportRow of(String json) {
    try {
      return Json.read(Json.parse(json), ReportRow.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("written by this class", e);
    }
  }

  static ReportRow kept(Item item, String result) {
    return new ReportRow(item.index(), item.image(), result, State.KEPT, 0, 0, 0, "");
  }

  static ReportRow failed(Item item, String message) {
    return new ReportRow(item.index(), item.image(), "", State.FAILED, 0, 0, 0, message);
  }

  static ReportRow stopped(Item item, String message) {
    return new ReportRow(item.index(), item.image(), "", State.STOPPED, 0, 0, 0, message);
  }

  boolean is(State other) {
    return state == other;
  }

  /** A line of the report. */
  String csv() {
    boolean known = width > 0;
    return Csv.row(
        List.of(
            image,
            result,
            state,
            known ? width : "",
            known ? height : "",
            known ? String.format(Locale.ROOT, "%.3f", seconds) : "",
            message));
  }
}
