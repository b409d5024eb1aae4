package org.segtrain.tensors;

/**
 * The limits of one file, whatever its parts are. A file may ask for a small thing in a million
 * places, so each number is a sum over its pickles, names and tensors.
 */
final class Allowance {

  private static final int OPERATIONS = 2_000_000;
  private static final int LEAVES = 200_000;
  private static final long COPIES = 4_000_000; // items and characters
  private static final long CHARACTERS = 16 << 20; // of names and of what is beside tensors
  private static final long INFLATED = 64 << 20; // bytes
  private static final int REPETITIONS = 8; // of the numbers of the file
  private static final long ALWAYS = 64 << 20; // bytes of numbers, in however small a file

  private final long mostNumbers;
  private int operations;
  private int leaves;
  private long copies;
  private long characters;
  private long inflated;
  private long numbers;

  /**
   * That of a file.
   *
   * @param size bytes that it has
   */
  Allowance(long size) {
    this.mostNumbers = REPETITIONS * size + ALWAYS;
  }

  /** An operation of a pickle. */
  void operation() {
    if (++operations > OPERATIONS) {
      throw new PickleException("has more than %d operations".formatted(OPERATIONS));
    }
  }

  /**
   * Items that are copied. Repeated, copies of the same thing would need more time than the file is
   * long.
   */
  void copy(long items) {
    copies += items;
    if (copies > COPIES) {
      throw new PickleException("copies the same things over and over");
    }
  }

  /** A value with a name. */
  void leaf(String name) {
    leaves++;
    text(name.length());
  }

  /** Text that is kept. */
  void text(long length) {
    characters += length;
    if (leaves > LEAVES || characters > CHARACTERS) {
      throw tooMuch();
    }
  }

  static PickleException tooMuch() {
    return new PickleException("holds itself, or far more than weights");
  }

  /** Whether so many bytes more may be decompressed. */
  boolean inflates(long bytes) {
    inflated += bytes;
    return inflated <= INFLATED;
  }

  /** A tensor of so many bytes: any number of tensors may be views of one storage. */
  void tensor(long bytes) {
    numbers += bytes;
    if (numbers > mostNumbers) {
      throw new PickleException(
          "repeats the same numbers in many tensors, %d bytes and more in all".formatted(numbers));
    }
  }
}
