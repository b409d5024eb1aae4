package org.segtrain.data;

import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.ImageOutputStreamImpl;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;

/** Writes PNG, row by row, with a word that says who wrote it. */
final class PngFile {

  /** Bytes of a file in which that word is, behind the header and the palette. */
  static final int HEAD = 1024;

  private static final String FORMAT = "javax_imageio_png_1.0";

  private PngFile() {}

  /**
   * Writes a file.
   *
   * @throws DataException if there can be no file
   */
  static void write(Path file, RenderedImage image, String software) {
    try {
      Draft.write(file, channel -> write(channel, image, software));
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** Writes the same bytes to a stream, which stays open. */
  static void write(OutputStream stream, RenderedImage image, String software) throws IOException {
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(stream)) {
      write(out, image, software);
    }
  }

  private static void write(FileChannel channel, RenderedImage image, String software)
      throws IOException {
    try (Output out = new Output(channel)) {
      write(out, image, software);
    }
  }

  private static void write(ImageOutputStream out, RenderedImage image, String software)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try {
      writer.setOutput(out);
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
      metadata.mergeTree(FORMAT, text(software));
      writer.write(new IIOImage(image, null, metadata));
    } catch (IIOException e) { // which does not say why
      throw e.getCause() instanceof IOException why ? why : e;
    } finally {
      writer.dispose();
    }
  }

  private static IIOMetadataNode text(String software) {
    IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
    entry.setAttribute("keyword", "Software");
    entry.setAttribute("value", software);
    IIOMetadataNode text = new IIOMetadataNode("tEXt");
    text.appendChild(entry);
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    root.appendChild(text);
    return root;
  }

  /** A stream of ImageIO into a file that is only written. */
  private static final class Output extends ImageOutputStreamImpl {

    private final FileChannel channel;

    Output(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      flushBits();
      channel.position(streamPos);
      Draft.append(channel, ByteBuffer.wrap(bytes, from, length));
      streamPos += length;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("it is only written");
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      throw new UnsupportedOperationException("it is only written");
    }
  }
}
