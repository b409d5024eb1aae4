package org.segtrain.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.collectives.Group;
import org.segtrain.config.internal.Json;
import org.segtrain.data.Dataset;
import org.segtrain.data.SkippingDataset;
import org.segtrain.metrics.Evaluation;

/** The share of one process in an evaluation of several, as it travels. */
record EvaluationShare(Evaluation counts, List<String> unread) {

  /**
   * Adds up the shares of all processes. All of them get the same counts, and know of all images
   * that one could not read.
   *
   * @param own empty if this process was asked to stop; then all get nothing
   */
  static Optional<Evaluation> joined(Group group, Optional<Evaluation> own, Dataset dataset) {
    if (group.size() == 1) {
      return own;
    }
    Optional<SkippingDataset> readable =
        dataset instanceof SkippingDataset skipping ? Optional.of(skipping) : Optional.empty();
    List<String> unread = readable.map(SkippingDataset::sentences).orElse(List.of());
    List<EvaluationShare> all =
        group
            .gather(own.map(counts -> Json.line(new EvaluationShare(counts, unread))).orElse(""))
            .stream()
            .flatMap(EvaluationShare::read)
            .toList();
    readable.ifPresent(known -> all.forEach(share -> known.addAll(share.unread())));
    return all.size() < group.size()
        ? Optional.empty()
        : all.stream().map(EvaluationShare::counts).reduce(Evaluation::plus);
  }

  private static Stream<EvaluationShare> read(String json) {
    try {
      return json.isEmpty()
          ? Stream.of()
          : Stream.of(Json.readWhole(Json.parse(json), EvaluationShare.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // it was just written
    }
  }
}
