package org.segtrain.serving;

import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.util.JsonUtils;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/** A mask of a model that gives confidences too; its JSON has them as {@code confidence}. */
public final class ConfidentMask extends CategoryMask {

  private static final long serialVersionUID = 1L;

  private final float[][] confidence;

  ConfidentMask(List<String> classes, int[][] mask, float[][] confidence) {
    super(classes, mask);
    this.confidence = confidence;
  }

  /** The probability of each pixel's class, 0-1, in rows. */
  public float[][] getConfidence() {
    return confidence;
  }

  @Override
  public JsonElement serialize() {
    JsonObject json = super.serialize().getAsJsonObject();
    json.add("confidence", JsonUtils.GSON.toJsonTree(confidence));
    return json;
  }
}
