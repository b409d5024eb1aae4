package org.segtrain.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.check.Evidence.Read;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.Split;

/** Images that are there more than once: the same pixels, or almost the same. */
final class CopyFindings {

  private final List<List<Read>> across = new ArrayList<>();
  private final List<List<Read>> contradicting = new ArrayList<>();
  private final List<List<Read>> twice = new ArrayList<>();
  private final List<List<Read>> similar = new ArrayList<>();

  CopyFindings(Evidence evidence) {
    Map<String, List<Read>> same = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>(); // one that two lists name is another finding
    for (Read read : evidence.pairs().stream().filter(read -> seen.add(read.image())).toList()) {
      same.computeIfAbsent(read.photograph().sum(), unused -> new ArrayList<>()).add(read);
    }
    same.values().stream().filter(copies -> copies.size() > 1).forEach(this::sort);
    List<Split> splits = evidence.splits();
    for (int i = 0; i < splits.size(); i++) {
      for (int j = i + 1; j < splits.size(); j++) {
        compare(evidence.pairs(splits.get(i)), evidence.pairs(splits.get(j)));
      }
    }
  }

  private void sort(List<Read> copies) {
    if (copies.stream().map(Read::split).distinct().count() > 1) {
      across.add(copies);
    } else if (copies.stream().map(read -> read.mask().sum()).distinct().count() > 1) {
      contradicting.add(copies);
    } else {
      twice.add(copies);
    }
  }

  private void compare(List<Read> one, List<Read> other) {
    List<Likeness> likenesses = one.stream().map(read -> Likeness.of(read.photograph())).toList();
    Set<String> seen = new HashSet<>();
    for (Read read : other) {
      Likeness likeness = Likeness.of(read.photograph());
      for (int i = 0; i < one.size(); i++) {
        if (likenesses.get(i).isNear(likeness)
            && !one.get(i).photograph().sum().equals(read.photograph().sum())
            && seen.add(read.image())) {
          similar.add(List.of(one.get(i), read));
        }
      }
    }
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    add(
        findings,
        Kind.SAME_IN_SPLITS,
        across,
        "the same, pixel by pixel, in several splits, so that evaluation measures training images",
        "keep each in one split");
    add(
        findings,
        Kind.SIMILAR_IN_SPLITS,
        similar,
        "almost the same in two splits, as if saved again or resized (%s)"
            .formatted(Likeness.LIMIT),
        "keep each in one split");
    add(
        findings,
        Kind.SAME_WITH_OTHER_MASK,
        contradicting,
        "the same, pixel by pixel, but their masks are not",
        "keep the right mask");
    add(
        findings,
        Kind.SAME_TWICE,
        twice,
        "the same, pixel by pixel, in one split",
        "keep one, unless they are to count more");
    return findings;
  }

  private static void add(
      List<Finding> findings, Kind kind, List<List<Read>> groups, String what, String remedy) {
    if (groups.isEmpty()) {
      return;
    }
    String first = String.join(" and ", images(groups.get(0)));
    findings.add(
        Finding.of(
            kind,
            groups.size() == 1
                ? "%s are %s".formatted(first, what)
                : "%d groups of images are %s, such as %s".formatted(groups.size(), what, first),
            remedy,
            groups.stream().map(CopyFindings::images).toList()));
  }

  private static List<String> images(List<Read> group) {
    return group.stream().map(Read::image).toList();
  }
}
