package org.segtrain.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.check.Finding.Case;
import org.segtrain.check.Finding.Kind;

/** Cases of one kind and cause become one finding. */
final class Grouping {

  private record Cause(Kind kind, String text) {}

  private final Map<Cause, List<Case>> groups = new LinkedHashMap<>();

  void add(Kind kind, Case found) {
    groups
        .computeIfAbsent(new Cause(kind, found.kindOfCause()), unused -> new ArrayList<>())
        .add(found);
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    groups.forEach((cause, cases) -> findings.add(Finding.of(cause.kind(), cases)));
    return findings;
  }
}
