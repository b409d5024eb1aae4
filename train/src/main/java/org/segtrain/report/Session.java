package org.segtrain.report;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.config.internal.Json;
import org.segtrain.cuda.Gpus;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;
import org.segtrain.inference.Resources;

/**
 * Facts of a run that neither its log nor its configuration has.
 *
 * @param state of the run when this was written
 * @param environment of its last session: machine and versions, by name
 * @param origins who gave each value of the configuration, by key; none where a program gave them
 */
record Session(RunState state, Map<String, String> environment, Map<String, String> origins) {

  private static final String RESUMED = "run "; // begins the origin of what a run had before

  Session {
    environment = new LinkedHashMap<>(environment);
    origins = new LinkedHashMap<>(origins);
  }

  /** Of a training that begins now. */
  static Session of(Map<String, String> origins, Optional<Session> before, Resources resources) {
    Map<String, String> known = new LinkedHashMap<>(before.map(Session::origins).orElse(Map.of()));
    origins.forEach(
        (key, origin) -> {
          if (!(origin.startsWith(RESUMED) && known.containsKey(key))) {
            known.put(key, origin);
          }
        });
    return new Session(RunState.RUNNING, environment(resources), known);
  }

  private static Map<String, String> environment(Resources resources) {
    Engine engine = Engine.getEngine("PyTorch");
    Map<String, String> found = new LinkedHashMap<>();
    found.put("PyTorch", engine.getVersion());
    found.put("DJL", Engine.getDjlVersion());
    found.put(
        "Java", "%s, %s".formatted(System.getProperty("java.version"), property("java.vm.name")));
    found.put(
        "system",
        "%s %s, %s".formatted(property("os.name"), property("os.version"), property("os.arch")));
    processor().ifPresent(name -> found.put("processor", name));
    found.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    found.put("device", device(resources.device()));
    if (resources.device().isGpu()) {
      found.put("driver", Gpus.find().driver());
      found.put("CUDA", Gpus.find().library());
    }
    found.put("threads", String.valueOf(resources.threads()));
    found.put("workers", String.valueOf(resources.workers()));
    found.put("Java heap", (Runtime.getRuntime().maxMemory() >> 20) + " MiB at most");
    return found;
  }

  /** "cpu" or "gpu 0, NVIDIA H200". */
  private static String device(Device device) {
    return device.isGpu()
        ? "%s %d, %s"
            .formatted(
                device.getDeviceType(),
                device.getDeviceId(),
                Gpus.find().all().get(device.getDeviceId()).name())
        : device.getDeviceType();
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  /** Its model, where Linux tells it. */
  private static Optional<String> processor() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst("^[^:]*:\\s*", ""))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Session with(RunState other) {
    return new Session(other, environment, origins);
  }

  /** Who gave a value; empty if nobody knows. */
  Optional<String> origin(String key) {
    return Optional.ofNullable(origins.get(key));
  }

  /**
   * Writes it.
   *
   * @throws DataException if it cannot be written
   */
  void write(Path file) {
    try {
      Draft.write(file, Json.page(this));
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /**
   * That of a run, if it has one; runs of older versions have none.
   *
   * @throws DataException if it is there and cannot be read
   */
  static Optional<Session> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.readWhole(Json.parse(Files.readString(file)), Session.class));
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s is no file of a run: %s; remove it".formatted(file, Json.reason(e)), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
