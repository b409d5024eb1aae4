package org.segtrain.loss.internal;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.segtrain.errors.UsageException;
import org.segtrain.loss.internal.TermVariant.Argument;
import org.segtrain.loss.internal.TermVariant.Kind;
import org.segtrain.names.Choice;

/**
 * A sum of weighted terms, as it is written: {@code ce+0.5*lovasz(per=batch)}.
 *
 * @param terms at least one
 */
public record LossTerms(List<LossTerm> terms) {

  private static final String PER = "per";
  private static final int HEAVIEST = 1_000_000; // a weight
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(?:([0-9.]+(?:[eE][-+]?[0-9]+)?)\\s*\\*)?\\s*([A-Za-z]\\w*)\\s*(?:\\(([^()]*)\\))?\\s*");

  public LossTerms {
    terms = List.copyOf(terms);
  }

  /**
   * Reads them.
   *
   * @param key that the text is the value of
   * @throws UsageException if it is no such sum, naming the text and what is known
   */
  public static LossTerms of(String key, String text) {
    return new Reader(key, text).terms();
  }

  /** Whether the weight of a pixel depends on how many the step has. */
  public boolean countPixels() {
    return terms.stream().anyMatch(term -> term.variant().kind().countsPixels());
  }

  /** Whether a term is a sum over pixels, which classes and the number of pixels weigh. */
  public boolean sumPixels() {
    return terms.stream().anyMatch(term -> term.variant().kind() != Kind.REGION);
  }

  /** Whether a term has targets that can be smoothed. */
  public boolean canSmooth() {
    return terms.stream().map(term -> term.variant().kind()).anyMatch(Kind::smooths);
  }

  /** The names that there are. */
  public static List<String> names() {
    return Choice.names(TermVariant.values());
  }

  /** Reads one text. */
  private record Reader(String key, String text) {

    LossTerms terms() {
      List<LossTerm> terms = new ArrayList<>();
      Matcher matcher = TERM.matcher(text);
      int at = 0;
      while (matcher.region(at, text.length()).lookingAt()) {
        terms.add(term(matcher.group(1), matcher.group(2), matcher.group(3)));
        at = matcher.end();
        if (at == text.length()) {
          return new LossTerms(terms);
        } else if (text.charAt(at) != '+') {
          break;
        }
        at++;
      }
      throw new UsageException(
          "%s must be a sum of terms such as ce+0.5*lovasz, but is \"%s\"; the terms are %s"
              .formatted(key, text, String.join(", ", LossTerms.names())));
    }

    private LossTerm term(String weight, String name, String brackets) {
      TermVariant variant = named(() -> Choice.of("term", TermVariant.values(), name));
      Map<String, Double> numbers = new LinkedHashMap<>();
      variant.arguments().forEach(one -> numbers.put(one.name(), one.standard()));
      Optional<Per> per = variant.per();
      for (String given : arguments(brackets)) {
        String[] sides = given.strip().split("\\s*=\\s*", -1);
        if (names(variant).isEmpty() || sides.length != 2) {
          throw wrong("%s takes %s, not \"%s\"".formatted(variant, form(variant), given.strip()));
        }
        if (sides[0].equals(PER) && per.isPresent()) {
          per = Optional.of(named(() -> Choice.of(PER, Per.values(), sides[1])));
          continue;
        }
        Choice known = new Choice("argument of " + variant, names(variant));
        Argument argument = variant.arguments().get(named(() -> known.index(sides[0])));
        numbers.put(argument.name(), number(argument, sides[1]));
      }
      return new LossTerm(variant, weight(weight), numbers, per);
    }

    private static List<String> arguments(String brackets) {
      return brackets == null || brackets.isBlank() ? List.of() : List.of(brackets.split(",", -1));
    }

    /** "gamma=..." */
    private static String form(TermVariant variant) {
      return names(variant).isEmpty()
          ? "no arguments"
          : names(variant).stream().map(name -> name + "=...").collect(joining(", "));
    }

    /** The arguments there are. */
    private static List<String> names(TermVariant variant) {
      return Stream.concat(
              variant.arguments().stream().map(Argument::name),
              variant.per().map(unused -> PER).stream())
          .toList();
    }

    private double weight(String written) {
      double weight = written == null ? 1 : parsed(written);
      if (!(weight > 0 && weight <= HEAVIEST)) {
        throw wrong(
            "the weight of a term must be above 0 and at most %d, not %s"
                .formatted(HEAVIEST, written));
      }
      return weight;
    }

    private double number(Argument argument, String written) {
      double number = parsed(written);
      if (!argument.allows(number)) {
        throw wrong(
            "%s must be %s, not \"%s\"".formatted(argument.name(), argument.range(), written));
      }
      return number;
    }

    private static double parsed(String written) {
      try {
        return Double.parseDouble(written);
      } catch (NumberFormatException e) {
        return Double.NaN; // which no range allows
      }
    }

    /** The one of that name, or a refusal with the text. */
    private <T> T named(Supplier<T> found) {
      try {
        return found.get();
      } catch (UsageException e) {
        throw new UsageException("%s is \"%s\": %s".formatted(key, text, e.getMessage()), e);
      }
    }

    private UsageException wrong(String reason) {
      return new UsageException("%s is \"%s\", but %s".formatted(key, text, reason));
    }
  }
}
