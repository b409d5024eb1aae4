package org.segtrain.serving;

import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.PreProcessor;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;

/**
 * The translator for inputs that must be opened first, such as paths. DJL's own {@code
 * BasicTranslator} stacks images even without a batchifier.
 *
 * @param opened opens an image and has {@code translator} process it
 */
record Opening<I>(PreProcessor<I> opened, SegmentationTranslator translator)
    implements Translator<I, CategoryMask> {

  @Override
  public Batchifier getBatchifier() {
    return translator.getBatchifier();
  }

  @Override
  public void prepare(TranslatorContext context) throws IOException {
    translator.prepare(context);
  }

  @Override
  public NDList processInput(TranslatorContext context, I input) throws Exception {
    return opened.processInput(context, input);
  }

  @Override
  public CategoryMask processOutput(TranslatorContext context, NDList output) throws IOException {
    return translator.processOutput(context, output);
  }
}
