package org.segtrain.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.segtrain.data.ImageFormat;
import org.segtrain.errors.DataException;

/**
 * The images of a folder or a pattern, on any file system of Hadoop.
 *
 * @param images their paths, sorted
 * @param root the folder, or that of the pattern before its first letter of patterns
 * @param leftOut files that are no images by their endings, and links that lead back
 */
record Listing(List<String> images, String root, int leftOut) {

  private static final Pattern LETTERS = Pattern.compile("[*?{}\\[\\]]");

  Listing {
    images = images.stream().sorted().distinct().toList();
  }

  /** Whether it has a letter of patterns. */
  static boolean isPattern(String path) {
    return LETTERS.matcher(path).find();
  }

  /** Those of a folder and its subfolders. */
  static Listing inFolder(FileSystem files, Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    int leftOut = collect(files, folder, found);
    return new Listing(found, HadoopFiles.text(folder), leftOut);
  }

  /** The files of a pattern, and those in folders of it. */
  static Listing matching(FileSystem files, Path pattern) throws IOException {
    Path fixed = files.makeQualified(fixed(pattern));
    if (files instanceof LocalFileSystem local) {
      HadoopFiles.requireReadableNames(local.pathToFile(fixed).toPath());
    }
    String root = HadoopFiles.text(fixed);
    boolean isAnyFile = pattern.getName().endsWith("*");
    FileStatus[] matches = matches(files, pattern);
    List<String> found = new ArrayList<>();
    int leftOut = 0;
    for (FileStatus match : matches) {
      String file = HadoopFiles.text(match.getPath());
      boolean isHidden = file.substring(Math.min(root.length(), file.length())).contains("/.");
      if (!isHidden && match.isDirectory()) {
        leftOut += collect(files, match.getPath(), found);
      } else if (!isHidden && (!isAnyFile || isImage(file))) {
        found.add(file);
      } else {
        leftOut++;
      }
    }
    return new Listing(found, root, leftOut);
  }

  private static FileStatus[] matches(FileSystem files, Path pattern) throws IOException {
    try {
      FileStatus[] matches = files.globStatus(pattern);
      return matches == null ? new FileStatus[0] : matches;
    } catch (IllegalArgumentException e) { // of a name that Hadoop takes for a scheme
      throw new DataException(
          "cannot list %s: %s; a name there has a colon perhaps, so rename it, or name the folder or a list"
              .formatted(HadoopFiles.text(pattern), e.getMessage()),
          e);
    }
  }

  /** The folders of a pattern before the first that has a letter of patterns. */
  private static Path fixed(Path pattern) {
    Path fixed = pattern.getParent();
    for (Path at = pattern; at != null; at = at.getParent()) {
      if (isPattern(at.getName())) {
        fixed = at.getParent();
      }
    }
    return fixed;
  }

  /** Adds the images of a folder, and returns how many files are left out. */
  private static int collect(FileSystem files, Path folder, List<String> found) throws IOException {
    String top = HadoopFiles.text(folder);
    if (files instanceof LocalFileSystem local) {
      HadoopFiles.requireReadableNames(local.pathToFile(folder).toPath());
      return collectLocal(local, top, folder, Set.of(), found);
    }
    int leftOut = 0;
    RemoteIterator<LocatedFileStatus> all = files.listFiles(folder, true);
    while (all.hasNext()) {
      leftOut += taken(top, all.next().getPath(), found) ? 0 : 1;
    }
    return leftOut;
  }

  /** A local link may lead back to a folder that it is in. */
  private static int collectLocal(
      LocalFileSystem files, String top, Path folder, Set<String> around, List<String> found)
      throws IOException {
    Set<String> in = new HashSet<>(around);
    if (!in.add(files.pathToFile(folder).getCanonicalPath())) {
      return 1;
    }
    int leftOut = 0;
    for (FileStatus status : files.listStatus(folder)) {
      leftOut +=
          status.isDirectory()
              ? collectLocal(files, top, status.getPath(), in, found)
              : taken(top, status.getPath(), found) ? 0 : 1;
    }
    return leftOut;
  }

  private static boolean taken(String top, Path path, List<String> found) {
    String file = HadoopFiles.text(path);
    boolean isTaken = !file.substring(top.length()).contains("/.") && isImage(file);
    if (isTaken) {
      found.add(file);
    }
    return isTaken;
  }

  private static boolean isImage(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    return ImageFormat.promisedBy(name).filter(ImageFormat::isRead).isPresent();
  }
}
