package org.segtrain.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The line that {@code segtrain --version} prints; the build fills in its numbers. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() throws IOException {
    Properties versions = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      versions.load(in);
    }
    return new String[] {
      "segtrain %s (DJL %s, PyTorch %s)"
          .formatted(
              versions.getProperty("segtrain"),
              versions.getProperty("djl"),
              versions.getProperty("pytorch"))
    };
  }
}
