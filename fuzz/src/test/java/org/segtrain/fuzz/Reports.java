package org.segtrain.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.report.RunPage;

/** A run whose report is written from what lies in its folder. */
final class Reports {

  private static final String SESSION =
      """
      {
        "state": "ended",
        "environment": {"PyTorch": "2.7.1", "Java heap": "512 MiB at most"},
        "origins": {"model.backbone": "command line", "data.path": "file own.json"}
      }
      """;

  private static Path page; // beside the run, since nothing may be written there

  private Reports() {}

  private static RunFolder run(Path folder) throws IOException {
    RunFolder run = new RunFolder(folder);
    Files.writeString(run.config(), TextFiles.configOfRun());
    Files.write(run.log(), TextFiles.log(folder).get(0));
    TextFiles.shard(1, 1).write(run.evaluation());
    Files.writeString(run.session(), SESSION);
    page = Files.createTempDirectory("report").resolve("report.html");
    return run;
  }

  static List<byte[]> sessions(Path folder) throws IOException {
    run(folder);
    return List.of(SESSION.getBytes(UTF_8), "{\"state\": \"running\"}".getBytes(UTF_8));
  }

  static List<byte[]> evaluations(Path folder) throws IOException {
    RunFolder run = run(folder);
    return List.of(Files.readAllBytes(run.evaluation()));
  }

  static void write(Path file) {
    RunPage.write(file.getParent(), page);
  }
}
