package org.segtrain.serving;

import ai.djl.Model;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.modality.cv.translator.wrapper.FileImagePreProcessor;
import ai.djl.modality.cv.translator.wrapper.InputStreamImagePreProcessor;
import ai.djl.modality.cv.translator.wrapper.StringImagePreProcessor;
import ai.djl.modality.cv.translator.wrapper.UrlImagePreProcessor;
import ai.djl.translate.PreProcessor;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.segtrain.images.Arguments;

/**
 * Gives DJL's {@code Criteria} a translator from {@code Image}, {@code Path}, {@code URL}, {@code
 * String} (an address), {@code InputStream} or {@code byte[]} (a file's content) to {@code
 * CategoryMask}, and from {@code Input} to {@code Output}.
 */
public final class SegmentationTranslatorFactory implements TranslatorFactory {

  private static final Map<Type, Function<PreProcessor<Image>, PreProcessor<?>>> OPENED =
      Map.of(
          Path.class, FileImagePreProcessor::new,
          URL.class, UrlImagePreProcessor::new,
          String.class, StringImagePreProcessor::new,
          InputStream.class, InputStreamImagePreProcessor::new,
          byte[].class, SegmentationTranslatorFactory::ofBytes);

  /** DJL makes it by its name. */
  public SegmentationTranslatorFactory() {}

  @Override
  public Set<Pair<Type, Type>> getSupportedTypes() {
    Set<Pair<Type, Type>> types = new HashSet<>();
    OPENED.keySet().forEach(input -> types.add(new Pair<>(input, CategoryMask.class)));
    types.add(new Pair<>(Image.class, CategoryMask.class));
    types.add(new Pair<>(Input.class, Output.class));
    return types;
  }

  /**
   * {@inheritDoc}
   *
   * @param arguments those of the model's {@code serving.properties} among them
   */
  @Override
  @SuppressWarnings("unchecked") // the translator is made for these types
  public <I, O> Translator<I, O> newInstance(
      Class<I> input, Class<O> output, Model model, Map<String, ?> arguments) {
    if (!isSupported(input, output)) {
      throw new IllegalArgumentException(
          "there is no segmentation from %s to %s; known are %s"
              .formatted(input.getSimpleName(), output.getSimpleName(), getSupportedTypes()));
    }
    if (input == Input.class) {
      SegmentationServingTranslator translator = new SegmentationServingTranslator();
      translator.setArguments(arguments);
      return (Translator<I, O>) translator;
    }
    SegmentationTranslator translator = SegmentationTranslator.of(new Arguments(arguments));
    return (Translator<I, O>)
        (input == Image.class
            ? translator
            : new Opening<>(OPENED.get(input).apply(translator), translator));
  }

  private static PreProcessor<byte[]> ofBytes(PreProcessor<Image> images) {
    InputStreamImagePreProcessor<Image> streams = new InputStreamImagePreProcessor<>(images);
    return (context, file) -> streams.processInput(context, new ByteArrayInputStream(file));
  }
}
