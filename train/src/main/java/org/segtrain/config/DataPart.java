package org.segtrain.config;

import org.segtrain.data.JoinedDataset;
import org.segtrain.errors.UsageException;

/**
 * One of several folders that are learnt from together.
 *
 * @param path the folder
 * @param weight how often each of its training images comes in an epoch, on average
 */
public record DataPart(String path, double weight) {

  public DataPart {
    if (path.isEmpty()) {
      throw new UsageException("data.parts has a part whose path is empty; name its folder");
    }
    JoinedDataset.requireWeight(weight);
  }
}
