package org.segtrain.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.Value;
import java.util.Map;
import org.tensorflow.framework.DataType;
import org.tensorflow.framework.Summary;
import org.tensorflow.framework.SummaryMetadata;
import org.tensorflow.framework.TensorProto;
import org.tensorflow.framework.TensorShapeProto;

/**
 * The configuration as TensorBoard's plugin for hyperparameters reads it, which compares runs by
 * it. No library has the classes of the plugin's schema, plugins/hparams/plugin_data.proto, so its
 * fields are written by their numbers.
 */
final class Hparams {

  private static final String NAME = "hparams";
  private static final int SESSION_START = 3; // of HParamsPluginData
  private static final int SESSION_END = 4;
  private static final int START_TIME = 5; // of SessionStartInfo
  private static final int STATUS = 1; // of SessionEndInfo
  private static final int END_TIME = 2;
  private static final int SUCCESS = 1; // of Status

  private Hparams() {}

  /**
   * A session that begins.
   *
   * @param values by key; numbers and truth values are written as such
   * @param now seconds since 1970
   */
  static Summary.Value start(Map<String, String> values, double now) {
    Struct.Builder start = Struct.newBuilder(); // field 1 of both is a map to values
    values.forEach((key, value) -> start.putFields(key, value(value)));
    start.setUnknownFields(UnknownFieldSet.newBuilder().addField(START_TIME, fixed(now)).build());
    return summary("session_start_info", SESSION_START, start.build().toByteString());
  }

  /** A session whose run came to its end. */
  static Summary.Value end(double now) {
    UnknownFieldSet end =
        UnknownFieldSet.newBuilder()
            .addField(STATUS, Field.newBuilder().addVarint(SUCCESS).build())
            .addField(END_TIME, fixed(now))
            .build();
    return summary("session_end_info", SESSION_END, end.toByteString());
  }

  private static Field fixed(double value) {
    return Field.newBuilder().addFixed64(Double.doubleToLongBits(value)).build();
  }

  private static Value value(String text) {
    Value.Builder value = Value.newBuilder();
    if (text.equals("true") || text.equals("false")) {
      return value.setBoolValue(Boolean.parseBoolean(text)).build();
    }
    try {
      return value.setNumberValue(Double.parseDouble(text)).build();
    } catch (NumberFormatException e) {
      return value.setStringValue(text).build();
    }
  }

  private static Summary.Value summary(String tag, int field, ByteString message) {
    UnknownFieldSet data =
        UnknownFieldSet.newBuilder()
            .addField(field, Field.newBuilder().addLengthDelimited(message).build())
            .build();
    return Summary.Value.newBuilder()
        .setTag("_hparams_/" + tag)
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setPluginData(
                    SummaryMetadata.PluginData.newBuilder()
                        .setPluginName(NAME)
                        .setContent(data.toByteString())))
        .setTensor(
            TensorProto.newBuilder() // which the plugin wants to be there
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(TensorShapeProto.getDefaultInstance())
                .addFloatVal(0))
        .build();
  }
}
