package org.segtrain.onnx.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ONNX file in ONNX Runtime, fed with arrays of DJL. It needs {@code
 * com.microsoft.onnxruntime:onnxruntime} on the class path.
 */
public final class OnnxRuntime implements AutoCloseable {

  private static final Map<DataType, OnnxJavaType> TYPES =
      Map.of(
          DataType.BOOLEAN, OnnxJavaType.BOOL,
          DataType.UINT8, OnnxJavaType.UINT8,
          DataType.INT8, OnnxJavaType.INT8,
          DataType.INT32, OnnxJavaType.INT32,
          DataType.INT64, OnnxJavaType.INT64,
          DataType.FLOAT32, OnnxJavaType.FLOAT,
          DataType.FLOAT64, OnnxJavaType.DOUBLE);

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Loads a file to run on all processors. */
  public OnnxRuntime(Path file) throws OrtException {
    this(file, processors());
  }

  /** Loads a file to run on that many threads. */
  public OnnxRuntime(Path file, int threads) throws OrtException {
    this(threads, (environment, options) -> environment.createSession(file.toString(), options));
  }

  /** Loads the bytes of a file. */
  public OnnxRuntime(byte[] model) throws OrtException {
    this(processors(), (environment, options) -> environment.createSession(model, options));
  }

  private OnnxRuntime(int threads, Loading loading) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      session = loading.session(environment, options);
    }
  }

  private interface Loading {
    OrtSession session(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException;
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  public OrtSession session() {
    return session;
  }

  /**
   * The outputs for {@code inputs}, in the manager of the first.
   *
   * @param inputs as many as the file has, in its order and of its types and axes
   * @throws IllegalArgumentException if an input or output is of a type that cannot be passed
   * @throws OrtException if they do not fit the file
   */
  public NDList run(NDList inputs) throws OrtException {
    NDManager manager = inputs.head().getManager();
    Map<String, OnnxTensor> fed = new LinkedHashMap<>();
    try {
      for (String name : session.getInputNames()) {
        fed.put(name, tensor(inputs.get(fed.size())));
      }
      NDList outputs = new NDList();
      try (OrtSession.Result result = session.run(fed)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.add(array(manager, (OnnxTensor) output.getValue()));
        }
      }
      return outputs;
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(NDArray array) throws OrtException {
    OnnxJavaType type = TYPES.get(array.getDataType());
    if (type == null) {
      throw new IllegalArgumentException(
          "an input of type %s cannot be passed to ONNX Runtime; convert it to float32"
              .formatted(array.getDataType()));
    }
    ByteBuffer bytes = array.toByteBuffer();
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder());
    return OnnxTensor.createTensor(
        environment, direct.put(bytes).flip(), array.getShape().getShape(), type);
  }

  private static NDArray array(NDManager manager, OnnxTensor tensor) {
    DataType type =
        TYPES.entrySet().stream()
            .filter(known -> known.getValue() == tensor.getInfo().type)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        ("an output of type %s cannot be read from ONNX Runtime; let the model"
                                + " give float32")
                            .formatted(tensor.getInfo().type)));
    return manager.create(tensor.getByteBuffer(), new Shape(tensor.getInfo().getShape()), type);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
