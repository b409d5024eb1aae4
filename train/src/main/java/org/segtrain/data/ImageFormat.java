package org.segtrain.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.segtrain.files.Regular;

/** Kinds of image files: those that are read, and those that are only known by name. */
public enum ImageFormat {
  JPEG("JPEG", true, "jpg", "jpeg", "jpe", "jfif"),
  PNG("PNG", true, "png"),
  TIFF("TIFF", true, "tif", "tiff"),
  BMP("BMP", true, "bmp", "dib"),
  GIF("GIF", true, "gif"),
  WEBP("WebP", true, "webp"),
  HEIC("HEIC", false, "heic", "heif", "hif"),
  AVIF("AVIF", false, "avif"),
  JPEG_2000("JPEG 2000", false, "jp2", "j2k", "jpx", "jpf"),
  JPEG_XL("JPEG XL", false, "jxl"),
  PSD("Photoshop", false, "psd"),
  NETPBM("Netpbm", false, "ppm", "pgm", "pbm", "pnm"),
  OPENEXR("OpenEXR", false, "exr"),
  SVG("SVG", false, "svg"),
  DICOM("DICOM", false, "dcm"),
  RAW("camera raw", false, "cr2", "cr3", "nef", "arw", "dng", "orf", "rw2", "raf"),
  TARGA("Targa", false, "tga");

  /** Enough of a file's beginning to tell its kind. */
  static final int HEAD = 132;

  private static final Map<String, ImageFormat> BY_ENDING = new HashMap<>();

  /** The name in decoders of a TIFF with numbers of 64 bits, which has the same endings. */
  private static final String LARGE_TIFF = "bigtiff";

  static {
    for (ImageFormat format : values()) {
      format.endings.forEach(ending -> BY_ENDING.put(ending, format));
    }
  }

  private final String title;
  private final boolean read;
  private final List<String> endings;

  ImageFormat(String title, boolean read, String... endings) {
    this.title = title;
    this.read = read;
    this.endings = List.of(endings);
  }

  /** Whether files of this kind are read. */
  public boolean isRead() {
    return read;
  }

  /** The kind that the ending of a name promises. */
  public static Optional<ImageFormat> promisedBy(Path file) {
    return promisedBy(String.valueOf(file.getFileName())); // the root has none
  }

  /** The kind that the ending of a name promises. */
  public static Optional<ImageFormat> promisedBy(String name) {
    return Optional.ofNullable(BY_ENDING.get(ending(name)));
  }

  /** The kind that the content of a file says; empty if it says none, or cannot be read. */
  static Optional<ImageFormat> in(Path file) {
    try (InputStream in = Regular.open(file)) {
      return of(in.readNBytes(HEAD));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether a decoder means files of this kind by that name. */
  boolean isCalled(String name) {
    String kind = name.toLowerCase(Locale.ROOT);
    return endings.contains(kind) || (this == TIFF && kind.equals(LARGE_TIFF));
  }

  /** The usual ending of names, without the dot. */
  String ending() {
    return endings.get(0);
  }

  /** The ending of a name in lower case, without the dot; empty if it has none. */
  public static String ending(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 1 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** The kinds that are read, as people list them. */
  public static String readOnes() {
    return Arrays.stream(values())
        .filter(ImageFormat::isRead)
        .map(ImageFormat::toString)
        .collect(Collectors.joining(", "));
  }

  /** The kind that the first bytes of a file show, whatever its name. */
  static Optional<ImageFormat> of(byte[] head) {
    String text =
        new String(head, 0, Math.min(head.length, HEAD), StandardCharsets.ISO_8859_1); // as bytes
    if (text.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    } else if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    } else if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
      return Optional.of(WEBP);
    } else if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
      return Optional.of(GIF);
    } else if (text.startsWith("ftyp", 4)) {
      return Optional.of(ofBrand(text.substring(8, Math.min(text.length(), 12))));
    }
    return text.startsWith("BM") && text.length() > 26 ? Optional.of(BMP) : rarer(text);
  }

  private static Optional<ImageFormat> rarer(String text) {
    if (Set.of("II*\0", "MM\0*", "II+\0", "MM\0+")
        .contains(text.substring(0, Math.min(4, text.length())))) {
      return Optional.of(text.startsWith("CR", 8) ? RAW : TIFF);
    } else if (text.startsWith("\0\0\0\fjP  ") || text.startsWith("\u00ffO\u00ffQ")) {
      return Optional.of(JPEG_2000);
    } else if (text.startsWith("\u00ff\n") || text.startsWith("\0\0\0\fJXL ")) {
      return Optional.of(JPEG_XL);
    } else if (text.startsWith("8BPS")) {
      return Optional.of(PSD);
    } else if (text.startsWith("v/1\u0001")) {
      return Optional.of(OPENEXR);
    } else if (text.startsWith("DICM", 128)) {
      return Optional.of(DICOM);
    } else if (text.matches("(?s)P[1-7]\\s.*")) {
      return Optional.of(NETPBM);
    }
    return text.contains("<svg") ? Optional.of(SVG) : Optional.empty();
  }

  private static ImageFormat ofBrand(String brand) {
    return switch (brand) {
      case "avif", "avis" -> AVIF;
      case "crx " -> RAW;
      default -> HEIC;
    };
  }

  /** "WebP". */
  @Override
  public String toString() {
    return title;
  }
}
