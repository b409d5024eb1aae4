package org.segtrain.collectives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the dynamic loader reads of a 64-bit library, by the sections of ELF.
 *
 * @param needed libraries
 * @param exported symbols
 * @param imported symbols, each with its version behind an @ if it has one; no weak ones
 * @param versions of other libraries that it needs, such as GLIBC_2.14
 * @param bindsNow whether all symbols are resolved before any code runs
 */
record Elf(
    List<String> needed,
    Set<String> exported,
    Set<String> imported,
    Set<String> versions,
    boolean bindsNow) {

  private static final int DYNAMIC = 6;
  private static final int SYMBOLS = 11;
  private static final int VERSIONS = 0x6ffffffe; // that it needs
  private static final int VERSION_OF_SYMBOL = 0x6fffffff;
  private static final long NEEDED = 1; // of DYNAMIC
  private static final long FLAGS_1 = 0x6ffffffb;
  private static final int WEAK = 2;

  /** Place and size of a section, and the number of the one with its strings. */
  private record Section(int type, int offset, int size, int link) {}

  static Elf of(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      return of(in.map(FileChannel.MapMode.READ_ONLY, 0, in.size()));
    }
  }

  static Elf of(ByteBuffer bytes) {
    ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
    List<Section> sections = sections(in);
    List<String> needed = new ArrayList<>();
    boolean bindsNow = false;
    Section dynamic = first(sections, DYNAMIC);
    for (int i = dynamic.offset(); i < dynamic.offset() + dynamic.size(); i += 16) {
      if (in.getLong(i) == NEEDED) {
        needed.add(text(in, sections.get(dynamic.link()), in.getInt(i + 8)));
      } else if (in.getLong(i) == FLAGS_1) {
        bindsNow = (in.getInt(i + 8) & 1) != 0;
      }
    }
    Map<Integer, String> versions = versions(in, sections);
    Set<String> exported = new TreeSet<>();
    Set<String> imported = new TreeSet<>();
    Section symbols = first(sections, SYMBOLS);
    Section numbers = first(sections, VERSION_OF_SYMBOL);
    for (int i = 1; i < symbols.size() / 24; i++) {
      int at = symbols.offset() + 24 * i;
      String name = text(in, sections.get(symbols.link()), in.getInt(at));
      if (in.getShort(at + 6) != 0) {
        exported.add(name);
      } else if (in.get(at + 4) >> 4 != WEAK) {
        String version = versions.get(in.getShort(numbers.offset() + 2 * i) & 0x7fff);
        imported.add(version == null ? name : name + "@" + version);
      }
    }
    return new Elf(needed, exported, imported, new TreeSet<>(versions.values()), bindsNow);
  }

  private static List<Section> sections(ByteBuffer in) {
    int start = (int) in.getLong(0x28);
    int size = in.getShort(0x3a);
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < in.getShort(0x3c); i++) {
      int at = start + i * size;
      sections.add(
          new Section(
              in.getInt(at + 4),
              (int) in.getLong(at + 24),
              (int) in.getLong(at + 32),
              in.getInt(at + 40)));
    }
    return sections;
  }

  /**
   * Versions by their numbers: of each library a list, of which each entry says how far the next.
   */
  private static Map<Integer, String> versions(ByteBuffer in, List<Section> sections) {
    Section section = first(sections, VERSIONS);
    Section texts = sections.get(section.link());
    Map<Integer, String> versions = new HashMap<>();
    int library = section.offset();
    for (int more = -1; more != 0; library += more) {
      int at = library + in.getInt(library + 8);
      for (int i = 0; i < in.getShort(library + 2); i++) {
        versions.put((int) in.getShort(at + 6), text(in, texts, in.getInt(at + 8)));
        at += in.getInt(at + 12);
      }
      more = in.getInt(library + 12);
    }
    return versions;
  }

  private static Section first(List<Section> sections, int type) {
    return sections.stream().filter(section -> section.type() == type).findFirst().orElseThrow();
  }

  private static String text(ByteBuffer in, Section texts, int offset) {
    int start = texts.offset() + offset;
    int end = start;
    while (in.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - start];
    in.get(start, name);
    return new String(name, ISO_8859_1);
  }
}
