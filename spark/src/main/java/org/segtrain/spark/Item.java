package org.segtrain.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.segtrain.config.internal.Json;

/**
 * An image of a job. It travels as JSON, which every serialiser of Spark carries.
 *
 * @param index from 0
 * @param image its path
 * @param mask the path of its mask; empty if it has none
 * @param name of its results: its path below the root, without ending
 */
record Item(int index, String image, String mask, String name) {

  String json() {
    return Json.line(this);
  }

  static Item of(String json) {
    try {
      return Json.read(Json.parse(json), Item.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("written by this class", e);
    }
  }
}
