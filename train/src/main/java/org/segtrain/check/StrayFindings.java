package org.segtrain.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.check.Finding.Case;
import org.segtrain.check.Finding.Kind;
import org.segtrain.data.Split;
import org.segtrain.data.internal.FileSet;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.data.internal.Listing;
import org.segtrain.errors.DataException;

/** Lists the files, and finds those that are no half of a pair. */
final class StrayFindings {

  private static final Map<Listing.Trouble, Kind> KINDS =
      new EnumMap<>(
          Map.of(
              Listing.Trouble.BAD_NAME, Kind.BAD_NAME,
              Listing.Trouble.TWIN, Kind.SAME_NAME,
              Listing.Trouble.UNREAD, Kind.UNREAD_FORMAT,
              Listing.Trouble.NO_MASK, Kind.IMAGE_WITHOUT_MASK,
              Listing.Trouble.NO_IMAGE, Kind.MASK_WITHOUT_IMAGE,
              Listing.Trouble.WRONGLY_LISTED, Kind.WRONG_LIST));

  private final Map<Split, Listing> listings = new EnumMap<>(Split.class);
  private final List<Finding> findings = new ArrayList<>();

  StrayFindings(FileSet files) {
    Grouping grouping = new Grouping();
    Set<Listing.Stray> seen = new HashSet<>(); // where no image makes a pair, each split has all
    for (Split split : files.splits()) {
      try {
        Listing listing = files.listing(split);
        listings.put(split, listing);
        listing.strays().stream()
            .filter(seen::add)
            .forEach(stray -> grouping.add(KINDS.get(stray.trouble()), of(stray)));
      } catch (DataException none) {
        grouping.add(Kind.NO_IMAGES, Case.of(none.getMessage(), ""));
      }
    }
    inTwoLists(grouping);
    findings.addAll(grouping.findings());
    listings.forEach(
        (split, listing) ->
            listing
                .leftOut()
                .harmless()
                .ifPresent(text -> findings.add(leftOut(split, text, listing.leftOut()))));
  }

  private static Case of(Listing.Stray stray) {
    String line = stray.line() == 0 ? "" : ":" + stray.line();
    List<String> files = stray.files().stream().map(file -> file + line).toList();
    return new Case(stray.cause(), stray.remedy(), files);
  }

  /** Only lists can name one image in two splits. */
  private void inTwoLists(Grouping grouping) {
    Map<Path, Split> seen = new HashMap<>();
    listings.forEach(
        (split, listing) -> {
          for (Listing.Pair pair : listing.pairs()) {
            Split before = seen.putIfAbsent(pair.image(), split);
            if (before != null && before != split) {
              grouping.add(
                  Kind.WRONG_LIST,
                  new Case(
                      "the %s and the %s list both name %s".formatted(before, split, pair.image()),
                      "keep it in one",
                      List.of(pair.image().toString())));
            }
          }
        });
  }

  private static Finding leftOut(Split split, String text, LeftOut leftOut) {
    return Finding.of(
        Kind.LEFT_OUT,
        "left out of the %s images: %s".formatted(split, text),
        "",
        leftOut.harmlessFiles().stream().map(file -> List.of(file.toString())).toList());
  }

  Map<Split, Listing> listings() {
    return listings;
  }

  List<Finding> findings() {
    return findings;
  }
}
