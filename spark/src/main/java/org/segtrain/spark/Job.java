package org.segtrain.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.inference.MaskWriter;
import org.segtrain.inference.PredictionForms.MaskFormat;

/**
 * The job that a folder of results is of, {@code job.json} in it. A later one with the same values
 * goes on; results that are there are its own.
 *
 * @param model check sum of its file
 * @param root folder of the images
 * @param values that decide how the model is used, as JSON by their keys
 */
record Job(String model, String root, Map<String, String> values) {

  private static final String NAME = "job.json";
  private static final String ROOT = "root";
  private static final String HEAD = "{\n  \"model\"";

  Job {
    values = new TreeMap<>(values);
  }

  /** Whether a folder has the results of one. */
  static boolean isIn(Path out, Configuration conf) throws IOException {
    return HadoopFiles.isFile(new Path(out, NAME), conf);
  }

  /**
   * Begins it in a folder, or goes on with it.
   *
   * @throws DataException if the folder has results of another job, or cannot be written
   */
  void begin(Path out, Configuration conf) {
    Path file = new Path(out, NAME);
    try {
      FileSystem files = HadoopFiles.of(file, conf);
      if (files.exists(file)) {
        requireSame(HadoopFiles.text(out), read(file, conf));
        return;
      }
      for (MaskFormat format : MaskFormat.values()) {
        Path folder = new Path(out, MaskWriter.place(format, "x")).getParent();
        if (files.exists(folder)) {
          throw new DataException(
              "%s is there, but no %s beside it, so it is of another program; choose another folder"
                  .formatted(HadoopFiles.text(folder), NAME));
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "cannot read %s: %s".formatted(HadoopFiles.text(out), HadoopFiles.reason(e)), e);
    }
    HadoopFiles.replace(file, conf, Json.page(this), HEAD);
  }

  private static Job read(Path file, Configuration conf) throws IOException {
    try {
      return Json.readWhole(Json.parse(HadoopFiles.read(file, conf)), Job.class);
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s is no description of a job: %s; choose another folder"
              .formatted(HadoopFiles.text(file), Json.reason(e)),
          e);
    }
  }

  private void requireSame(String out, Job other) {
    Map<String, String> mine = texts();
    Map<String, String> theirs = other.texts();
    Map<String, String> all = new TreeMap<>(theirs);
    all.putAll(mine);
    for (String key : all.keySet()) {
      String before = theirs.getOrDefault(key, "not given");
      String now = mine.getOrDefault(key, "not given");
      if (!before.equals(now)) {
        throw new DataException(
            "%s has results of another job, whose %s was %s and is %s now; %schoose another folder"
                .formatted(
                    out,
                    key,
                    before,
                    now,
                    key.equals(ROOT) ? "give --root %s, or ".formatted(before) : ""));
      }
    }
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>(values);
    texts.put("model", "SHA-256 " + model);
    texts.put(ROOT, root);
    return texts;
  }
}
