package org.segtrain.optim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/** The numbers of PyTorch that {@code tools/optimizers.py} makes. */
public final class OptimizerGoldens {

  private OptimizerGoldens() {}

  /** All of them. */
  public static JsonNode read() {
    try (InputStream file = OptimizerGoldens.class.getResourceAsStream("optimizers.json")) {
      return new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
