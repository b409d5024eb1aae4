package org.segtrain.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Configuration;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.ModelConfig;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.Counted;
import org.segtrain.names.Choice;
import org.segtrain.page.internal.Markup;
import org.segtrain.page.internal.Page;
import org.segtrain.recipes.Settings;

/**
 * The values of a configuration, first those that differ from the defaults of its model and data.
 */
record ValueSection(TrainConfig config, Optional<Session> session) {

  /** Markup: one table, and another that opens. */
  String markup() {
    Map<String, String> values = Configuration.texts(config);
    Map<String, String> usual = Configuration.texts(defaults().config());
    Map<String, String> own = new LinkedHashMap<>(values);
    own.entrySet().removeIf(value -> value.getValue().equals(usual.get(value.getKey())));
    Map<String, String> others = new LinkedHashMap<>(values);
    others.keySet().removeAll(own.keySet());
    Markup body = new Markup();
    body.line(
        "<p>These differ from the defaults of %s on %s.</p>",
        Page.escaped(config.model().backbone()), data());
    body.add(table(own, usual));
    body.line(
        "<details><summary>%s at their defaults</summary>", Counted.of(others.size(), "value"));
    return body.add(table(others, Map.of())).add("</details>").toString();
  }

  /** The defaults of the same model on the same kind of data. */
  private Settings defaults() {
    ModelConfig model = config.model();
    DatasetVariant data = data();
    return model.isKnown() && !model.head().isEmpty()
        ? Settings.of(BackboneVariant.of(model.backbone()), model.headVariant(), data)
        : Settings.ofOwnModel(model.backbone(), data);
  }

  /** The kind of data whose defaults a program's own data have, too. */
  private DatasetVariant data() {
    String name = config.data().dataset();
    return Choice.names(DatasetVariant.values()).contains(name)
        ? DatasetVariant.of(name)
        : DatasetVariant.FOLDER;
  }

  private String table(Map<String, String> values, Map<String, String> usual) {
    boolean hasOrigins = session.map(known -> !known.origins().isEmpty()).orElse(false);
    Markup body = new Markup();
    body.add("<div class=\"wide\"><table class=\"values\"><thead><tr>");
    List<String> heads =
        usual.isEmpty() ? List.of("key", "value") : List.of("key", "value", "default");
    heads.forEach(head -> body.line("<th scope=\"col\">%s</th>", head));
    body.add(
        hasOrigins ? "<th scope=\"col\">from</th></tr></thead><tbody>" : "</tr></thead><tbody>");
    values.forEach(
        (key, value) -> {
          body.line("<tr><th scope=\"row\">%s</th><td>%s</td>", Page.escaped(key), text(value));
          if (!usual.isEmpty()) {
            body.line("<td>%s</td>", text(usual.getOrDefault(key, "")));
          }
          if (hasOrigins) {
            body.line("<td>%s</td>", Page.escaped(origin(key)));
          }
          body.add("</tr>");
        });
    return body.add("</tbody></table></div>").toString();
  }

  private String origin(String key) {
    return session.flatMap(known -> known.origin(key)).orElse("program");
  }

  static String text(String value) {
    return value.isEmpty() ? "none" : Page.breakable(value);
  }
}
