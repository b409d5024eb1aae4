package org.segtrain.cli.texts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The line that {@code segtrain --version} prints; the build fills in its numbers. */
public final class Version implements IVersionProvider {

  /** The number of this version, {@code 1.2.3}. */
  public static String number() {
    return versions().getProperty("segtrain");
  }

  private static Properties versions() {
    Properties versions = new Properties();
    try (InputStream in =
        Version.class.getResourceAsStream("/org/segtrain/cli/version.properties")) {
      versions.load(in);
      return versions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String[] getVersion() {
    Properties versions = versions();
    return new String[] {
      "segtrain %s (DJL %s, PyTorch %s)"
          .formatted(
              versions.getProperty("segtrain"),
              versions.getProperty("djl"),
              versions.getProperty("pytorch"))
    };
  }
}
