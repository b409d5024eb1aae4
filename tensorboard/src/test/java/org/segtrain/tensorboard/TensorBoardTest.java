package org.segtrain.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Picture;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.ImageCounts;
import org.segtrain.recipes.Settings;
import org.segtrain.train.EvaluationReport;
import org.segtrain.train.StepReport;
import org.tensorflow.util.Event;

final class TensorBoardTest {

  private static final TrainConfig CONFIG =
      Settings.ofOwnModel("mine", DatasetVariant.SHAPES).with("schedule.iterations", 2).config();

  @TempDir private Path run;

  private static StepReport step(long step, double loss) {
    return new StepReport(step, 2, loss, List.of(loss - 0.5, 0.5), 1e-4, 3, 20, 900, 0);
  }

  /** Three classes, of which the last is nowhere. */
  private static EvaluationReport evaluation(long step) {
    List<ClassCounts> counts = List.of(new ClassCounts(0, 4, 3, 3), new ClassCounts(1, 0, 1, 0));
    Evaluation found =
        new Evaluation(
            List.of("sky", "tree", "never"),
            List.of(List.of(3L, 1L, 0L), List.of(0L, 0L, 0L), List.of(0L, 0L, 0L)),
            List.of(
                new ClassCounts(0, 4, 4, 2),
                new ClassCounts(1, 0, 0, 0),
                new ClassCounts(2, 0, 0, 0)),
            List.of(new ImageCounts(0, "a.png", 2, 2, counts)));
    return new EvaluationReport(step, 2, found, true);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(TensorBoard.folder(run))) {
      return files.sorted().toList();
    }
  }

  /**
   * A message, read by the published schema. Protobuf refuses to parse with the compiled classes,
   * which are older than it; nothing but this test parses.
   */
  private record Read(Message message) {

    Object value(String name) {
      return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    Read of(String name) {
      return new Read((Message) value(name));
    }

    List<Read> all(String name) {
      List<Read> all = new ArrayList<>();
      ((List<?>) value(name)).forEach(each -> all.add(new Read((Message) each)));
      return all;
    }

    /** The numbers of an event by their tags. */
    Map<String, Float> scalars() {
      Map<String, Float> scalars = new HashMap<>();
      for (Read value : of("summary").all("value")) {
        scalars.put((String) value.value("tag"), (Float) value.value("simple_value"));
      }
      return scalars;
    }
  }

  /** The events of a file whose check sums are right. */
  private static List<Read> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Read> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] head = new byte[Long.BYTES];
      bytes.get(head);
      assertEquals(EventFile.maskedSum(head, 0, head.length), bytes.getInt());
      byte[] body = new byte[(int) ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(body);
      assertEquals(EventFile.maskedSum(body, 0, body.length), bytes.getInt());
      events.add(new Read(DynamicMessage.parseFrom(Event.getDescriptor(), body)));
    }
    return events;
  }

  /** RFC 3720, appendix B.4, masked as TensorFlow's crc32c.h does. */
  @Test
  void theCheckSumIsThatOfThePublishedVector() {
    int zeros = Integer.rotateRight(0x8A9136AA, 15) + 0xA282EAD8;
    assertEquals(zeros, EventFile.maskedSum(new byte[32], 0, 32));
  }

  @Test
  void aSessionIsAFileOfItsStepsEvaluationsAndPictures() throws IOException {
    Files.createDirectories(run.resolve("predictions"));
    Path picture = run.resolve("predictions/validation-00.png");
    ImageFiles.writeRgb(picture, new Picture(3, 2, new byte[18]));
    try (TensorBoard board = new TensorBoard(run, CONFIG)) {
      assertFalse(Files.exists(TensorBoard.folder(run)), "nothing before the first step");
      board.step(step(1, 2.5));
      board.step(step(2, 1.5));
      board.evaluated(evaluation(2));
    }
    List<Read> events = read(files().get(0));
    assertEquals("brain.Event:2", events.get(0).value("file_version"));
    assertEquals("START", events.get(1).of("session_log").value("status").toString());
    Read config = events.get(2).of("summary").all("value").get(0);
    assertEquals("text", config.of("metadata").of("plugin_data").value("plugin_name"));
    List<?> texts = (List<?>) config.of("tensor").value("string_val");
    String table = ((ByteString) texts.get(0)).toStringUtf8();
    assertTrue(table.contains("\n|schedule.iterations|2|\n"), table);
    assertEquals(1L, events.get(3).value("step"));
    Map<String, Float> first = events.get(3).scalars();
    assertEquals(2.5f, first.get("train/loss"));
    assertEquals(2f, first.get("train/losses/0"));
    assertEquals(1e-4f, first.get("train/learning_rate"));
    Map<String, Float> found = events.get(5).scalars();
    assertEquals(0.75f, found.get("IoU/sky"));
    assertEquals(0.75f, found.get("validation/aAcc"));
    assertEquals(2 / 6f, found.get("validation/mBIoU"));
    Read image = events.get(6).of("summary").all("value").get(0);
    assertEquals("predictions/validation-00", image.value("tag"));
    assertEquals(3, image.of("image").value("width"));
    assertEquals(
        Files.size(picture),
        ((ByteString) image.of("image").value("encoded_image_string")).size(),
        "the file itself");
    Read end = events.get(7).of("summary").all("value").get(0);
    assertEquals("_hparams_/session_end_info", end.value("tag"));
    assertEquals(8, events.size());
  }

  /** By the schema plugins/hparams/plugin_data.proto, of which no library has classes. */
  @Test
  void hyperparametersHaveTheirKinds() throws IOException {
    try (TensorBoard board = new TensorBoard(run, CONFIG)) {
      board.step(step(1, 2));
    }
    Read start = read(files().get(0)).get(2).of("summary").all("value").get(1);
    assertEquals("_hparams_/session_start_info", start.value("tag"));
    Read plugin = start.of("metadata").of("plugin_data");
    assertEquals("hparams", plugin.value("plugin_name"));
    UnknownFieldSet data = UnknownFieldSet.parseFrom((ByteString) plugin.value("content"));
    ByteString session = data.getField(3).getLengthDelimitedList().get(0);
    Map<String, Value> values = Struct.parseFrom(session).getFieldsMap();
    assertEquals(2.0, values.get("schedule.iterations").getNumberValue());
    assertEquals("shapes", values.get("data.dataset").getStringValue());
    assertTrue(values.get("evaluation.flip").hasBoolValue(), values.toString());
    UnknownFieldSet others = UnknownFieldSet.parseFrom(session);
    long started = others.getField(5).getFixed64List().get(0);
    assertTrue(Double.longBitsToDouble(started) > 1.7e9, "seconds since 1970");
  }

  @Test
  void eachSessionHasAFileThatSaysFromWhichStepItIsMadeAgain() throws IOException {
    for (int session = 0; session < 2; session++) {
      try (TensorBoard board = new TensorBoard(run, CONFIG)) {
        board.step(step(1, 2));
      }
    }
    List<Path> files = files();
    assertEquals(2, files.size());
    assertEquals(1L, read(files.get(1)).get(1).value("step"));
    assertTrue(files.stream().allMatch(file -> file.toString().contains("tfevents")));
  }

  @Test
  void aClassThatIsNowhereHasNoNumber() throws IOException {
    try (TensorBoard board = new TensorBoard(run, CONFIG)) {
      board.evaluated(evaluation(1));
    }
    List<Read> events = read(files().get(0));
    Map<String, Float> found = events.get(3).scalars();
    assertEquals(0f, found.get("IoU/tree"));
    assertFalse(found.containsKey("IoU/never"));
  }
}
