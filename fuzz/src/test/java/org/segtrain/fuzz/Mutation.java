package org.segtrain.fuzz;

import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Ways in which a file goes bad, by accident or on purpose. */
enum Mutation {
  /** Ends early. */
  CUT(Damage::cut),
  /** Has a few bits turned. */
  BITS(Damage::bits),
  /** Has a few bytes that are something else. */
  BYTES(Damage::bytes),
  /** Has a part of it in another place, over what was there. */
  OVERWRITTEN(Damage::overwritten),
  /** Has a part twice, or lacks one. */
  SHIFTED(Damage::shifted),
  /** Has a number, of 2, 4 or 8 bytes, that is huge, negative or nothing. */
  NUMBER(Damage::number),
  /** Has opcodes of pickles where there were others. */
  OPERATIONS(Damage::operations),
  /** Has a number, text or word that is huge, negative, of another type or nothing. */
  VALUE(TextDamage::value),
  /** Has a line twice, in another place or not at all. */
  LINE(TextDamage::line),
  /** Has a quote, bracket or comma too few, too many or in the place of another. */
  QUOTE(TextDamage::quote),
  /** Has a control character, a letter that is no ASCII, or what is no UTF-8. */
  CONTROL(TextDamage::control),
  /** Has a part of it some ten thousand times. */
  LONG(TextDamage::repeated);

  private static final List<Mutation> ANY = List.of(CUT, BITS, BYTES, OVERWRITTEN, SHIFTED);

  /** Those of files of numbers. */
  static final List<Mutation> OF_BYTES = and(NUMBER);

  /** Those of files of weights. */
  static final List<Mutation> OF_PICKLES = and(NUMBER, OPERATIONS);

  /** Those of texts. */
  static final List<Mutation> OF_TEXT = and(VALUE, LINE, QUOTE, CONTROL, LONG);

  /** Those of a file of numbers behind a text. */
  static final List<Mutation> OF_BOTH = and(NUMBER, VALUE, QUOTE, CONTROL);

  private final BiFunction<byte[], Random, byte[]> damage;

  Mutation(BiFunction<byte[], Random, byte[]> damage) {
    this.damage = damage;
  }

  private static List<Mutation> and(Mutation... others) {
    return Stream.concat(ANY.stream(), Stream.of(others)).toList();
  }

  /** A file made of {@code whole}, which has at least a byte. */
  byte[] of(byte[] whole, Random random) {
    return damage.apply(whole, random);
  }
}
