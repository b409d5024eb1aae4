package org.segtrain.tensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.segtrain.tensors.Refusals.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that were made to need more than there is, or that say what cannot be. */
final class HostilePicklesTest {

  /** A list, remembered as number 0. */
  private static final String LIST = "]q\0";

  private static final String DICTIONARY = "ccollections\nOrderedDict\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"]q\0h\0a.", "}q\0U\1ah\0s.", "]q\0h\0\u0085a.", "]q\0}U\1ah\0sa."})
  void whatHoldsItselfIsRefused(String program) throws IOException {
    refuse(program, "holds itself, or far more than weights");
  }

  @Test
  void aHundredThousandListsInEachOtherAreRefused() throws IOException {
    refuse("]".repeat(100_000) + "a".repeat(99_999) + ".", "holds itself");
    refuse(")" + "\u0085".repeat(100_000) + ".", "holds itself");
  }

  @Test
  void aFewListsThatHoldEachOtherManyTimesAreRefused() throws IOException {
    StringBuilder program = new StringBuilder("K\1q\0");
    for (char level = 0; level < 30; level++) {
      String below = "h" + level;
      program.append("](").append(below.repeat(10)).append("eq").append((char) (level + 1));
    }
    refuse(program + ".", "holds itself");
  }

  @Test
  void longWorkIsRefusedSoon() throws IOException {
    refuse("N0".repeat(1_500_000) + "N.", "operations");
    refuse("(".repeat(1_900_000) + ".", "takes from an empty stack");
    String pairs = LIST + "(" + "U\1aN\u0086".repeat(10_000) + "e0";
    refuse(pairs + (DICTIONARY + "h\0\u0085R0").repeat(10_000) + "N.", "over and over");
    String text = "U\u00ff" + "a".repeat(255) + "q\0";
    refuse(
        text + "0c_codecs\nencode\nq\1" + "0h\1h\0\u0085R".repeat(100_000) + ".", "over and over");
  }

  @Test
  void aFunctionOfAFunctionWithoutEndIsRefused() throws IOException {
    String function = "ctorch._tensor\n_rebuild_from_type_v2\nq\0";
    String deeper = "q\1" + "0h\0Nh\1\u0087q\1".repeat(100_000);
    refuse(function + "0)" + deeper + "0h\0h\1R.", "has a tensor of a class that is not read");
    refuse(function + "h\0Nh\0\u0087R.", "has a tensor of a class that is not read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X\u00ff\u00ff\u00ff\u00ffa.", // a string of 4 GB
        "X\u00ff\u00ff\u00ff\177a.",
        "T\u00ff\u00ff\u00ff\u00ffa.", // of -1 bytes
        "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\177a.",
        "\u008e\0\0\0\0\0\0\0\u0080a.",
      })
  void aStringLongerThanTheFileIsRefused(String program) throws IOException {
    refuse(program, "has a string of");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ends too early",
    "'h\1.', refers to what it does not have",
    "'NR.', has another value where a Tuple belongs",
    "'N)R.', calls what is no function",
    "'ctorch\nFloatStorage\n)R.', calls what is no function",
    "'t.', misses a mark",
    "'.', takes from an empty stack",
    "'}(K\1u.', has a key without a value",
    "'}]Ns.', has a container as a key",
    "'NNK\1s.', has another value where a Map belongs",
    "'KaNb.', sets the state of what has none",
    "'\u008b\377\377\377\177.', has a number of",
    "'iposix\nsystem\n.', has the operation 0x69",
    "'\u0082\1.', has the operation 0x82",
    "'K\1K\2\u0093.', has a name of Python that is none",
    "'K\1\u0085Q.', has a persistent id that is no storage",
    "'ctorch\nSize\n)R.', gives a function what it does not take",
    "'U\1a0N', ends too early",
  })
  void aProgramThatMakesNoSenseIsRefused(String program, String why) throws IOException {
    refuse(program, "is broken: its pickle " + why);
  }

  @Test
  void namesThatOnlyLookKnownAreRefused() throws IOException {
    refuse("c__torch__\nModel\n)\u0081.", "asks Python for __torch__.Model"); // no TorchScript here
    refuse("ctorch\nload\n.", "torch.load");
    refuse("cdatetime\ndatetime\n.", "datetime.datetime");
    refuse("cjava.lang\nRuntime\n.", "java.lang.Runtime");
    refuse("c\u0001\ncollections\n.", "for \\u0001.collections");
  }

  /**
   * Objects as of a HistoryBuffer and an array of NumPy, in the ways in which pickles make them.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cmmengine.logging.history_buffer\nHistoryBuffer\n)\u0081}U\1aK\1sb", // NEWOBJ, BUILD
        "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\1b\u0087R(K\1tb",
        "cposix\nsystem\nU\4true\u0085R", // named, and not run
        "cpandas\nFrame\n)\u0081(K\1K\2eK\3a", // APPENDS, APPEND
        "cenum\nMap\n)\u0081(U\1aK\2uU\1bK\3s", // SETITEMS, SETITEM
        "cx\nY\n)}\u0092", // NEWOBJ_EX
        "cx\nY\n)\u0081q\5h\5b", // holds itself
      })
  void objectsBesideTheWeightsAreLeftAlone(String object) throws IOException {
    String tensor = weight();
    String program = "}(U\nstate_dict}U\1w" + tensor + "sU\3hub}U\1h" + object + "su.";
    Path file = write(Zips.of(("\u0080\2" + program).getBytes(ISO_8859_1)));
    try (TensorFile read = TensorFile.open(file)) {
      assertEquals("[state_dict/w]", read.tensors().keySet().toString());
      assertEquals(
          true, read.metadata().get("hub/h").endsWith(", an object of Python, which is not read"));
    }
  }

  @Test
  void weightsInsideOfAnObjectAreNotLostInSilence() throws IOException {
    String model = "cmine\nNet\n)\u0081}U\1w" + weight() + "sb";
    refuse(model + ".", "asks Python for mine.Net");
    refuse("}U\5model" + model + "s.", "asks Python for mine.Net");
    String optimizer = "U\toptimizer}U\1m" + weight() + "s";
    refuse("}(U\5model" + model + optimizer + "u.", "asks Python for mine.Net");
    refuse("ctorch._utils\n_rebuild_sparse_tensor\n.", "_rebuild_sparse_tensor");
  }

  private static String weight() {
    return new String(tensor("0", 0, new long[] {1}, new long[] {1}), ISO_8859_1)
        .replaceAll("^..|\\.$", "");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 1, lies outside of the 4 numbers",
    "4, 1, 1, lies outside of the 4 numbers",
    "1, 2, 3, lies outside of the 4 numbers",
    "-1, 1, 1, lies outside of the 4 numbers",
    "0, 2, -1, lies outside of the 4 numbers",
    "0, -1, 1, has an impossible shape",
    "0, 9223372036854775807, 1, has an impossible shape",
    "0, 1099511627776, 4294967296, lies outside of the 4 numbers",
    "9223372036854775807, 1, 1, lies outside of the 4 numbers",
    "0, 1099511627776, 0, repeats a few numbers 1099511627776 times",
  })
  void aTensorBeyondItsStorageIsRefused(long offset, long size, long stride, String why)
      throws IOException {
    byte[] pickle = tensor("0", offset, new long[] {size}, new long[] {stride});
    assertRefused(() -> TensorFile.open(write(Zips.of(pickle))).close(), "its tensor " + why);
  }

  @Test
  void aTensorWhoseStorageIsMissingIsRefused() throws IOException {
    byte[] pickle = tensor("1", 0, new long[] {1}, new long[] {1});
    assertRefused(() -> TensorFile.open(write(Zips.of(pickle))).close(), "are missing");
  }

  @Test
  void namesThatMeetAreRefused() throws IOException {
    String tensor = weight();
    refuse("}(U\3a/b" + tensor + "U\1a}U\1b" + tensor + "su.", "has two tensors a/b");
  }

  @Test
  void anEmptyTensorMayLieAnywhere() throws IOException {
    byte[] pickle = tensor("0", 4, new long[] {0, 7}, new long[] {7, 1});
    try (TensorFile file = TensorFile.open(write(Zips.of(pickle)))) {
      assertEquals("(0, 7)", file.tensors().get("tensor").shape().toString());
    }
  }

  private static byte[] tensor(String key, long offset, long[] sizes, long[] strides) {
    return new PickleWriter()
        .global("torch._utils", "_rebuild_tensor_v2")
        .operation('(')
        .operation('(')
        .string("storage")
        .global("torch", "FloatStorage")
        .string(key)
        .string("cpu")
        .number(4)
        .operation('t')
        .operation('Q')
        .number(offset)
        .tuple(sizes)
        .tuple(strides)
        .operation('t')
        .operation('R')
        .end();
  }

  /** Of a program in Latin-1, in the zip form; it must not take long either. */
  private void refuse(String program, String why) throws IOException {
    Path file = write(Zips.of(("\u0080\2" + program).getBytes(ISO_8859_1)));
    assertTimeout(
        Duration.ofSeconds(20), () -> assertRefused(() -> TensorFile.open(file).close(), why));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.pth"), bytes);
  }
}
