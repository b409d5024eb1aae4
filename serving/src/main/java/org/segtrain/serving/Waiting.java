package org.segtrain.serving;

import ai.djl.translate.TranslatorContext;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Notes of the inputs of a prediction for their outputs. A context serves one call of a predictor,
 * whose inputs and outputs come in the same order, batched or not, so a translator needs no state.
 *
 * @param key of the context's attachment
 */
record Waiting<T>(String key) {

  void add(TranslatorContext context, T value) {
    if (context.getAttachment(key) == null) {
      context.setAttachment(key, new ArrayDeque<T>());
    }
    queue(context).add(value);
  }

  T next(TranslatorContext context) {
    return queue(context).remove();
  }

  @SuppressWarnings("unchecked") // nobody else has the key
  private Queue<T> queue(TranslatorContext context) {
    return (Queue<T>) context.getAttachment(key);
  }
}
