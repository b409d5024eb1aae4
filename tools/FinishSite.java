import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finishes the rendered site and checks it: {@code java tools/FinishSite.java CHECKOUT SITE}.
 *
 * <p>Headings get the anchors that GitHub gives them. Files of the checkout that a page links to
 * are copied to the same place in the site; Java becomes a page, since browsers download it
 * otherwise. Then every link must lead to a file, every link of a page to an anchor, and no page
 * may load anything from a network.
 */
final class FinishSite {

  private static final Pattern HEADING = Pattern.compile("(?s)<h([1-6])>(.*?)</h\\1>");
  private static final Pattern LINK = Pattern.compile("(?<=\\s(?:href|src)=\")[^\"]*(?=\")");
  private static final Pattern ANCHOR = Pattern.compile("\\s(?:id|name)=\"([^\"]*)\"");
  private static final Pattern LOADED =
      Pattern.compile("<(?:link|script|img|iframe)\\s[^>]*(?:href|src)=\"(?:https?:)?//[^>]*>");
  private static final Pattern WITH_SCHEME = Pattern.compile("[a-z]+:.*");

  /** Where the skin's own headings end. */
  private static final String CONTENT = "<main id=\"bodyColumn\"";

  private final Path checkout;
  private final Path site;
  private final Map<Path, Set<String>> anchors = new HashMap<>();
  private final Set<String> faults = new TreeSet<>();

  private FinishSite(Path checkout, Path site) {
    this.checkout = checkout;
    this.site = site;
  }

  public static void main(String[] args) throws IOException {
    FinishSite finish = new FinishSite(path(args[0]), path(args[1]));
    List<Path> pages = finish.pages();
    for (Path page : pages) {
      if (!finish.isJavadoc(page)) {
        finish.finish(page);
      }
    }
    for (Path page : pages) {
      finish.check(page);
    }
    finish.faults.forEach(System.err::println);
    System.out.printf("%d pages, %d faults%n", pages.size(), finish.faults.size());
    System.exit(finish.faults.isEmpty() ? 0 : 1);
  }

  private static Path path(String argument) {
    return Path.of(argument).toAbsolutePath().normalize();
  }

  private List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(site)) {
      return files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    }
  }

  private boolean isJavadoc(Path page) {
    return page.startsWith(site.resolve("apidocs"));
  }

  private void finish(Path page) throws IOException {
    String text = Files.readString(page);
    int from = Math.max(0, text.indexOf(CONTENT));
    String content = withAnchors(text.substring(from));
    StringBuilder finished = new StringBuilder(text.substring(0, from));
    Matcher links = LINK.matcher(content);
    while (links.find()) {
      links.appendReplacement(finished, Matcher.quoteReplacement(brought(page, links.group())));
    }
    links.appendTail(finished);
    Files.writeString(page, finished);
  }

  /** The second heading of the same text gets "-1", as on GitHub. */
  private static String withAnchors(String content) {
    Map<String, Integer> seen = new HashMap<>();
    return HEADING
        .matcher(content)
        .replaceAll(
            heading -> {
              String slug =
                  unescaped(heading.group(2).replaceAll("<[^>]*>", ""))
                      .strip()
                      .toLowerCase(Locale.ROOT)
                      .replaceAll("[^\\w -]", "")
                      .replace(' ', '-');
              if (slug.matches("\\d.*")) { // as Doxia has it in links
                slug = "a" + slug;
              }
              int before = seen.merge(slug, 1, Integer::sum) - 1;
              return Matcher.quoteReplacement(
                  "<h%s id=\"%s\">%s</h%1$s>"
                      .formatted(
                          heading.group(1),
                          before == 0 ? slug : slug + "-" + before,
                          heading.group(2)));
            });
  }

  /** The link, after the file that it names is there. */
  private String brought(Path page, String link) throws IOException {
    if (WITH_SCHEME.matcher(link).matches() || link.contains("#")) {
      return link;
    }
    Path target = page.resolveSibling(link).normalize();
    if (Files.exists(target) || !target.startsWith(site)) {
      return link;
    }
    Path source = checkout.resolve(site.relativize(target));
    if (!Files.isRegularFile(source)) {
      return link;
    }
    Files.createDirectories(target.getParent());
    if (!link.endsWith(".java")) {
      Files.copy(source, target);
      return link;
    }
    String name = target.getFileName().toString();
    String shown = escaped(Files.readString(source));
    Files.writeString(
        target.resolveSibling(name + ".html"),
        """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="UTF-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <pre>%s</pre>
        </html>
        """
            .formatted(name, shown));
    return link + ".html";
  }

  private void check(Path page) throws IOException {
    String text = Files.readString(page);
    LOADED.matcher(text).results().forEach(tag -> fault(page, "loads " + tag.group()));
    for (String link : LINK.matcher(text).results().map(one -> unescaped(one.group())).toList()) {
      if (!WITH_SCHEME.matcher(link).matches()) {
        String[] parts = link.split("#", 2);
        String file = parts[0].replaceFirst("\\?.*", "");
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!target.startsWith(site) || !Files.isRegularFile(target)) {
          fault(page, "links to " + link + ", which is no file of the site");
        } else if (parts.length > 1 && !isJavadoc(page) && !anchors(target).contains(parts[1])) {
          fault(page, "links to " + link + ", which has no such anchor");
        }
      }
    }
  }

  private void fault(Path page, String fault) {
    faults.add(site.relativize(page) + " " + fault);
  }

  private Set<String> anchors(Path page) throws IOException {
    Set<String> known = anchors.get(page);
    if (known == null) {
      known =
          ANCHOR
              .matcher(Files.readString(page))
              .results()
              .map(anchor -> unescaped(anchor.group(1)))
              .collect(Collectors.toCollection(HashSet::new));
      known.add(""); // the top
      anchors.put(page, known);
    }
    return known;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String unescaped(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
  }
}
