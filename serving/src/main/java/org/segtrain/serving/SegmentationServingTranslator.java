package org.segtrain.serving;

import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.modality.cv.translator.ImageServingTranslator;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.ServingTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.segtrain.images.Arguments;

/**
 * The translator for DJL Serving: the content of an image file to a PNG whose values are class
 * numbers. A request that accepts {@code application/json} gets DJL's JSON of a {@code
 * CategoryMask}.
 */
public final class SegmentationServingTranslator implements ServingTranslator {

  /** The property with the colours of the classes, {@code 800000,008000}. */
  public static final String PALETTE = "palette";

  private static final String JSON = "application/json";
  private static final Waiting<Boolean> WANTS_JSON = new Waiting<>("segtrain.json");

  private static final Arguments NOTHING = new Arguments(Map.of());

  private SegmentationTranslator translator = SegmentationTranslator.of(NOTHING);
  private ImageServingTranslator served = new ImageServingTranslator(translator);
  private Requests requests = Requests.of(NOTHING);
  private MaskPng png = new MaskPng("");

  /** DJL makes it by its name. */
  public SegmentationServingTranslator() {}

  @Override
  public void setArguments(Map<String, ?> arguments) {
    Arguments given = new Arguments(arguments);
    translator = SegmentationTranslator.of(given);
    served = new ImageServingTranslator(translator);
    requests = Requests.of(given);
    png = new MaskPng(given.text(PALETTE, ""));
  }

  @Override
  public Batchifier getBatchifier() {
    return translator.getBatchifier();
  }

  @Override
  public void prepare(TranslatorContext context) throws IOException {
    translator.prepare(context);
  }

  @Override
  public NDList processInput(TranslatorContext context, Input request) throws Exception {
    refuseAddress(request);
    requests.check(request.getData());
    WANTS_JSON.add(context, request.getProperty("Accept", "").contains(JSON));
    return served.processInput(context, request);
  }

  /**
   * DJL would open the address in a JSON object: a place in the server's network, or a file of the
   * server.
   */
  private static void refuseAddress(Input request) throws TranslateException {
    if (request.getProperty("Content-Type", "").toLowerCase(Locale.ROOT).contains(JSON)) {
      throw new TranslateException(
          "a request is the content of an image file; addresses in JSON are not opened");
    }
  }

  @Override
  public Output processOutput(TranslatorContext context, NDList output) throws Exception {
    return WANTS_JSON.next(context)
        ? served.processOutput(context, output)
        : picture(translator.processOutput(context, output));
  }

  private Output picture(CategoryMask mask) throws IOException {
    Output response = new Output();
    response.addProperty("Content-Type", "image/png");
    response.add(png.of(mask.getMask()));
    return response;
  }
}
