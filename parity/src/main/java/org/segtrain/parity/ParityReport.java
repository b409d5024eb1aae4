package org.segtrain.parity;

import java.util.List;

/**
 * The result of comparing this build with one file of the reference.
 *
 * @param model the name of the model
 * @param sections the parts of the file, in its order
 * @param missing the parts that such a file may have and this one lacks
 */
public record ParityReport(String model, List<Section> sections, List<String> missing) {

  public ParityReport {
    sections = List.copyOf(sections);
    missing = List.copyOf(missing);
  }

  /** Of a file that has all its parts. */
  ParityReport(String model, List<Section> sections) {
    this(model, sections, List.of());
  }

  /** The same of a file that lacks those parts. */
  ParityReport lacking(List<String> parts) {
    return new ParityReport(model, sections, parts);
  }

  /** Whether every number agrees within its tolerance. */
  public boolean passed() {
    return sections.stream().allMatch(Section::passed);
  }

  /** How many numbers were compared. */
  public long compared() {
    return sections.stream().mapToLong(Section::compared).sum();
  }

  /**
   * One part of a file.
   *
   * @param name where it stands in the file
   * @param compared how many numbers were compared
   * @param inconclusive how many arrays were checked for finite values and shape only, since
   *     rounding alone hides right and wrong in the reference itself
   * @param undecided how many arrays of a float32 run are right only roughly; the section of the
   *     same name with "float64" decides about them
   * @param error the largest difference, as a multiple of its tolerance
   * @param tolerance the allowed difference
   * @param entry the number or array with the largest difference
   */
  public record Section(
      String name,
      int compared,
      int inconclusive,
      int undecided,
      double error,
      double tolerance,
      String entry) {

    /** Whether every number agrees within its tolerance. */
    public boolean passed() {
      return error <= tolerance;
    }
  }
}
