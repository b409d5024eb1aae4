package org.segtrain.data;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.segtrain.errors.internal.OneLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings of faults in a file that do no harm, given once, however often the file is read. */
final class Warnings {

  private static final Logger LOG = LoggerFactory.getLogger("org.segtrain.data");
  private static final int MOST = 100;
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Warnings() {}

  /** What was said so far. */
  static Set<String> said() {
    return Set.copyOf(SAID);
  }

  static void say(String sentence) {
    if (SAID.size() < MOST && SAID.add(sentence)) {
      LOG.warn(OneLine.of(sentence));
      if (SAID.size() == MOST) {
        LOG.warn("further warnings about files are not shown");
      }
    }
  }
}
