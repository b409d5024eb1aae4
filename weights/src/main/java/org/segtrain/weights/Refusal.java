package org.segtrain.weights;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;
import org.segtrain.errors.DataException;

/**
 * Why a file is not taken, with the models that both are like, if these differ.
 *
 * @param file how it is called
 * @param given its arrays
 * @param wanted those of the model
 */
record Refusal(String file, Map<String, Shape> given, Map<String, Shape> wanted) {

  /** The sentence around {@code detail}, "it lacks conv1.weight". */
  DataException of(String detail) {
    return new DataException(sentence(detail));
  }

  private String sentence(String detail) {
    Optional<Likeness> file = Likeness.of(given);
    Optional<Likeness> model = Likeness.of(wanted);
    if (file.isEmpty() || model.isEmpty()) {
      String name = model.map(one -> " " + one.model()).orElse("");
      return "%s does not fit the model%s: %s; choose another file"
          .formatted(this.file, name, detail);
    }
    return sentence(file.get(), model.get(), detail);
  }

  private String sentence(Likeness like, Likeness model, String detail) {
    if (like.backbone() != model.backbone()) {
      return "%s looks like %s, but the model is %s: %s; choose another file, or backbone %s"
          .formatted(file, like.backbone(), model.backbone(), detail, like.backbone());
    } else if (like.head() != model.head()) {
      return ("%s looks like %s, but the model is %s: %s; choose its head, or write its backbone"
              + " alone, by the prefix backbone.")
          .formatted(file, like.model(), model.model(), detail);
    }
    return "%s looks like %s, but is not it: %s; choose another file"
        .formatted(file, like.model(), detail);
  }
}
