package org.segtrain.collectives;

import ai.djl.pytorch.jni.LibUtils;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why the system does not load the library, by what its dynamic loader says. */
final class LinkFailure {

  private static final Pattern VERSION = Pattern.compile("(\\S+): version [`'](\\S+)' not found");
  private static final Pattern SYMBOL = Pattern.compile("undefined symbol: ([^\\s,]+)");
  private static final Pattern LIBRARY =
      Pattern.compile("(\\S+): cannot open shared object file: No such file");

  private LinkFailure() {}

  /** The reason, and what to do. */
  static String sentence(String said, String file) {
    Matcher version = VERSION.matcher(said);
    if (version.find()) {
      return "joining processes needs %s, which %s of this system lacks; run on a newer Linux%s"
          .formatted(
              version.group(2),
              version.group(1),
              version.group(1).contains("libstdc++")
                  ? ", or name a newer libstdc++.so.6 in LIBSTDCXX_LIBRARY_PATH"
                  : "");
    }
    Matcher symbol = SYMBOL.matcher(said);
    if (symbol.find()) {
      return "the PyTorch in %s lacks %s, which joining processes needs; set PYTORCH_LIBRARY_PATH to a PyTorch %s of pip or DJL"
          .formatted(LibUtils.getLibtorchPath(), symbol.group(1), SharedLibrary.PYTORCH);
    }
    Matcher library = LIBRARY.matcher(said);
    if (library.find()) {
      return "joining processes needs %s, which the engine has not loaded from %s; set PYTORCH_LIBRARY_PATH to a PyTorch %s of pip or DJL"
          .formatted(library.group(1), LibUtils.getLibtorchPath(), SharedLibrary.PYTORCH);
    }
    String reason = said.replace(file + ": ", "");
    if (reason.contains("failed to map segment")) {
      return "the system maps no code of %s (%s); set DJL_CACHE_DIR to a folder that is not mounted with noexec, or raise the limit of memory (ulimit -v)"
          .formatted(file, reason);
    }
    return "the system cannot load %s (%s); remove that file and start again"
        .formatted(file, reason);
  }
}
