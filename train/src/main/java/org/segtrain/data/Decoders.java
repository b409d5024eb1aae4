package org.segtrain.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * ImageIO's decoders by the kind of file that they read, in ImageIO's order. Its own search lets
 * those of every kind look at every file.
 */
final class Decoders {

  private static final Map<ImageFormat, List<ImageReaderSpi>> BY_FORMAT =
      new EnumMap<>(ImageFormat.class);

  static {
    for (ImageFormat format : ImageFormat.values()) {
      BY_FORMAT.put(format, providers(format));
    }
  }

  private Decoders() {}

  private static List<ImageReaderSpi> providers(ImageFormat format) {
    var all = IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(all, 0), false)
        .filter(provider -> Arrays.stream(provider.getFormatNames()).anyMatch(format::isCalled))
        .toList();
  }

  /** The first of that kind that takes what {@code in} holds, from its beginning. */
  static Optional<ImageReader> find(ImageFormat format, ImageInputStream in) throws IOException {
    for (ImageReaderSpi provider : BY_FORMAT.get(format)) {
      if (provider.canDecodeInput(in)) {
        return Optional.of(provider.createReaderInstance());
      }
    }
    return Optional.empty();
  }
}
