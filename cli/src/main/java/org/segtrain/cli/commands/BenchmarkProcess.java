package org.segtrain.cli.commands;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.cli.options.DeviceOptions;
import org.segtrain.errors.DataException;
import org.segtrain.measure.internal.Benchmark;
import org.segtrain.measure.internal.Benchmark.Measurement;
import org.segtrain.measure.internal.NewModel;
import org.segtrain.measure.internal.Subject;

/** One measurement in another process of this command, whose memory is then that of the model. */
record BenchmarkProcess(Subject subject, Benchmark benchmark, DeviceOptions device) {

  /** The option with which the command measures rather than asks. */
  static final String ONE = "--one";

  /**
   * Starts the process and waits for it.
   *
   * @throws DataException if it fails, or is killed for its memory
   */
  Measurement measure() {
    try {
      Process process =
          new ProcessBuilder(OwnProcess.command(arguments()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new DataException(
            "the process that measured %s in %s ended with exit code %d; 137 means that memory ran"
                    .formatted(subject, benchmark.precision(), code)
                + " out: use a smaller --size or --batch");
      }
      return new ObjectMapper().readValue(text, Measurement.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted", e);
    }
  }

  private List<String> arguments() {
    List<String> command = new ArrayList<>(List.of("benchmark", ONE));
    if (subject instanceof NewModel model) {
      option(command, "--backbone", model.backbone());
      model.head().ifPresent(head -> option(command, "--head", head));
      model.head().ifPresent(head -> option(command, "--classes", model.classes()));
    }
    option(command, "--size", benchmark.size());
    option(command, "--batch", benchmark.batch());
    option(command, "--mode", benchmark.mode());
    option(command, "--precision", benchmark.precision());
    option(command, "--warm-up", benchmark.warmUp());
    option(command, "--repeats", benchmark.repeats());
    option(command, "--device", device.device());
    option(command, "--threads", device.threads());
    if (!(subject instanceof NewModel)) {
      command.addAll(List.of("--", subject.toString()));
    }
    return command;
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(value.toString());
  }
}
