package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.engine.internal.CpuKernels;
import org.segtrain.files.UnpackedLibrary;

/** The kernels of ours beside PyTorch's operations. */
@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
final class KernelsTest {

  private static final double TOLERANCE = 2e-3; // of sums up to 3,000
  private static final double EPSILON = 1e-5;
  private static final int IGNORED = 255;

  private final NDManager manager = Agreement.newManager();

  @BeforeEach
  void thisMachineHasThem() {
    assumeTrue(UnpackedLibrary.platform().equals("linux-x86_64"));
    assertTrue(CpuKernels.serve(normal(1)));
  }

  @AfterEach
  void free() {
    manager.close();
  }

  /** Channels that fill vectors, that leave some over, and that are fewer than a vector has. */
  @Test
  void depthwiseConvolutions() {
    for (int kernel : new int[] {3, 5, 7}) {
      depthwise(kernel, 2, 9, 14, 32);
      depthwise(kernel, 1, 23, 5, 21);
      depthwise(kernel, 3, 2, 1, 3);
      depthwise(kernel, 1, 1, 40, 16);
    }
  }

  /** What PyTorch's kernel is for: other strides, dilated, grouped and even kernels, gaps. */
  @Test
  void otherConvolutionsAreThoseOfPyTorch() {
    for (String sizes :
        List.of(
            "[2, 2], [1, 1], [1, 1], 8",
            "[1, 1], [2, 2], [2, 2], 8",
            "[1, 1], [0, 0], [1, 1], 8",
            "[1, 1], [1, 1], [1, 1], 4")) {
      NDArray kernels = normal(8, sizes.endsWith("4") ? 2 : 1, 3, 3);
      convolution("torch.conv2d($0, $1, $2, " + sizes + ")", normal(2, 9, 7, 8), kernels);
    }
    convolution(
        "torch.conv2d($0, $1, $2, [1, 1], [1, 1], [1, 1], 8)",
        normal(2, 9, 7, 8),
        normal(8, 1, 2, 2));
    convolution(
        "torch.conv2d($0, $1, $2, [1, 1], [1, 2], [1, 1], 8)",
        normal(2, 9, 7, 8),
        normal(8, 1, 3, 5));
  }

  @Test
  void feedForwardNetworks() {
    for (long[] sizes :
        new long[][] {
          {1, 5, 7, 6, 40, 9}, {2, 70, 50, 24, 96, 24}, {1, 1, 1, 3, 2, 5}, {0, 2, 2, 3, 4, 3}
        }) {
      new Agreement(
              TOLERANCE,
              of -> Aten.mlp(of.get(0), of.subNDList(1, 3), of.subNDList(3, 5)),
              of ->
                  linear(
                      Activation.gelu(linear(of.get(0), of.subNDList(1, 3))), of.subNDList(3, 5)))
          .on(
              normal(sizes[0], sizes[1], sizes[2], sizes[3]),
              small(sizes[4], sizes[3]),
              normal(sizes[4]),
              small(sizes[5], sizes[4]),
              normal(sizes[5]));
    }
  }

  @Test
  void feedForwardNetworksWithDepthwiseConvolutions() {
    for (long[] sizes :
        new long[][] {{1, 6, 9, 20}, {2, 3, 5, 70}, {3, 85, 70, 32}, {0, 3, 3, 20}}) {
      long channels = sizes[3];
      for (boolean residual : new boolean[] {false, true}) {
        new Agreement(
                TOLERANCE,
                of ->
                    Aten.depthwiseGeluLinear(
                        of.get(0), of.subNDList(1, 3), new NDList(), residual, of.subNDList(3, 5)),
                of ->
                    linear(
                        Activation.gelu(mixed(of.get(0), of.subNDList(1, 3), residual)),
                        of.subNDList(3, 5)))
            .on(
                normal(sizes),
                normal(channels, 1, 5, 5),
                normal(channels),
                small(7, channels),
                normal(7));
      }
      long half = channels / 2;
      new Agreement(
              TOLERANCE,
              of ->
                  Aten.depthwiseGeluLinear(
                      of.get(0), of.subNDList(1, 3), of.subNDList(3, 5), true, of.subNDList(5, 7)),
              of -> {
                NDList parts = of.get(0).split(2, 3);
                NDArray near = mixed(parts.get(0), of.subNDList(1, 3), true);
                NDArray far = mixed(parts.get(1), of.subNDList(3, 5), true);
                return linear(Activation.gelu(near.concat(far, 3)), of.subNDList(5, 7));
              })
          .on(
              normal(sizes),
              normal(half, 1, 3, 3),
              normal(half),
              normal(half, 1, 7, 7),
              normal(half),
              small(6, channels),
              normal(6));
    }
  }

  @Test
  void normsWithConvolutions() {
    for (boolean ofBatch : new boolean[] {false, true}) {
      for (long[] sizes : new long[][] {{2, 20, 9, 7}, {3, 128, 20, 41}, {1, 3, 1, 2}}) {
        long channels = sizes[1];
        NDList running = new NDList(normal(channels), normal(channels).abs().add(0.5f));
        norms(ofBatch, running, normal(sizes), normal(channels, 1, 3, 3));
        norms(ofBatch, running, normal(sizes), small(5, channels, 1, 1));
      }
    }
  }

  /** Larger, as large, smaller, one class, one place, and classes that leave vectors over. */
  @Test
  void crossEntropiesOfEnlargedScores() {
    for (long[] sizes :
        new long[][] {
          {1, 5, 5, 6, 17, 23},
          {2, 21, 7, 3, 40, 12},
          {3, 16, 1, 1, 4, 4},
          {1, 1, 3, 4, 6, 8},
          {1, 150, 9, 9, 9, 9},
          {2, 33, 6, 5, 3, 2},
          {1, 150, 10, 12, 37, 48},
          {0, 4, 3, 3, 6, 6}
        }) {
      for (boolean alignCorners : new boolean[] {false, true}) {
        entropies(sizes, null, 0, alignCorners);
        entropies(sizes, normal(sizes[1]).abs(), 0.3, alignCorners);
      }
    }
  }

  private void entropies(
      long[] sizes, NDArray weights, double smoothing, boolean alignCorners) { // B K h w H W
    NDArray labels = labels(sizes[0], sizes[4], sizes[5], sizes[1]);
    NDArray twice = manager.create(new float[] {1, 2}); // the gradient of one number alone is 0
    new Agreement(
            TOLERANCE,
            of ->
                Aten.toFloat32(
                        Aten.enlargedCrossEntropySum(
                            of.get(0), labels, weights, IGNORED, smoothing, alignCorners))
                    .mul(twice),
            of -> {
              NDArray large = Aten.resizeBilinear(of.get(0), sizes[4], sizes[5], alignCorners);
              return Aten.crossEntropySum(large, labels, weights, IGNORED, smoothing).mul(twice);
            })
        .on(normal(sizes[0], sizes[1], sizes[2], sizes[3]));
  }

  /** {@code B H W}, some of them ignored. */
  private NDArray labels(long batch, long height, long width, long classes) {
    long[] values = new long[(int) (batch * height * width)];
    Arrays.setAll(values, i -> i % 6 == 1 ? IGNORED : i * 31L % classes);
    return manager.create(values, new Shape(batch, height, width));
  }

  @Test
  void crossEntropiesOfExtremeScoresAreThoseOfPyTorch() {
    float[] values = {0, 200, -200, 1e30f, -1e30f, 88, Float.NEGATIVE_INFINITY, Float.NaN, 3};
    NDArray labels = manager.zeros(new Shape(1, 1, 1), DataType.INT64);
    for (float first : values) {
      for (float second : values) {
        NDArray scores = manager.create(new float[] {first, second}, new Shape(1, 2, 1, 1));
        NDArray ours = Aten.enlargedCrossEntropySum(scores, labels, null, IGNORED, 0, false);
        float theirs = Aten.crossEntropySum(scores, labels, null, IGNORED, 0).getFloat();
        assertEquals(theirs, (float) ours.getDouble(), 1e-6f, first + " and " + second);
      }
    }
  }

  /** Also if some of its bits, which come from a file, look like a number's. */
  @Test
  void aNumberThatIsNoneStaysNone() {
    NDArray labels = manager.zeros(new Shape(1, 1, 1), DataType.INT64);
    for (int bits : new int[] {0x7fc00000, 0x7fc00001, 0x7fc00003, 0xffc00001}) {
      float[] values = {0, Float.intBitsToFloat(bits), 0};
      NDArray scores = manager.create(values, new Shape(1, 3, 1, 1));
      NDArray sum = Aten.enlargedCrossEntropySum(scores, labels, null, IGNORED, 0, false);
      assertTrue(Double.isNaN(sum.getDouble()), Integer.toHexString(bits));
    }
  }

  @Test
  void weightsOfClassesAreConstants() {
    NDArray weights = manager.ones(new Shape(3));
    weights.setRequiresGradient(true);
    NDArray labels = manager.zeros(new Shape(1, 2, 2), DataType.INT64);
    try (Autograd on = Autograd.on()) {
      NDArray sum =
          Aten.enlargedCrossEntropySum(normal(1, 3, 2, 2), labels, weights, IGNORED, 0, false);
      assertFalse(Autograd.isRecorded(sum));
    }
  }

  @Test
  void labelsThatAreNoClassesAreRefused() {
    NDArray scores = normal(1, 5, 4, 4);
    for (long label : new long[] {5, -1, 254, Long.MAX_VALUE, Long.MIN_VALUE}) {
      NDArray labels = manager.create(new long[64], new Shape(1, 8, 8));
      labels.set(new NDIndex("0, 7, 7"), label);
      EngineException refused =
          assertThrows(
              EngineException.class,
              () -> Aten.enlargedCrossEntropySum(scores, labels, null, IGNORED, 0, false));
      String message = refused.getMessage();
      assertTrue(message.contains("Target " + label + " is out of bounds."), message);
      assertFalse(message.contains("frame #"), message);
    }
    for (NDArray labels :
        List.of(
            manager.zeros(new Shape(2, 8, 8), DataType.INT64),
            manager.zeros(new Shape(8, 8), DataType.INT64),
            manager.zeros(new Shape(1, 0, 4), DataType.INT64),
            manager.zeros(new Shape(1, 4, 0), DataType.INT64),
            manager.zeros(new Shape(1, 8, 8), DataType.INT32))) {
      assertRefused(() -> Aten.enlargedCrossEntropySum(scores, labels, null, IGNORED, 0, false));
    }
    NDArray labels = manager.zeros(new Shape(1, 8, 8), DataType.INT64);
    assertRefused(() -> Aten.enlargedCrossEntropySum(scores, labels, normal(4), IGNORED, 0, false));
  }

  @Test
  void withoutAutogradValuesAreTheSame() {
    NDArray x = normal(1, 40, 30, 12);
    NDList first = new NDList(normal(48, 12), normal(48));
    NDList second = new NDList(normal(12, 48), normal(12));
    float[] recorded;
    try (Autograd on = Autograd.on()) {
      recorded = Aten.mlp(x, first, second).toFloatArray();
    }
    assertArrayEquals(recorded, Aten.mlp(x, first, second).toFloatArray());
  }

  @Test
  void extremeValuesAreThoseOfPyTorch() {
    float[] values = {-1e30f, -100, -20, -9, -4, -0.0f, 1e-30f, 0.5f, 4, 9, 100, 1e30f, Float.NaN};
    NDArray x = manager.create(values, new Shape(values.length, 1));
    NDList one = new NDList(manager.ones(new Shape(1, 1)), manager.zeros(new Shape(1)));
    float[] ours = Aten.mlp(x, one, one).toFloatArray();
    float[] theirs = Activation.gelu(x).toFloatArray();
    for (int i = 0; i < values.length; i++) {
      float allowed = 4e-7f * Math.max(1, Math.abs(theirs[i]));
      assertEquals(theirs[i], ours[i], Float.isFinite(allowed) ? allowed : 0, "of " + values[i]);
    }
  }

  @Test
  void otherArraysAreNotServed() {
    assertFalse(CpuKernels.serve(Aten.toBfloat16(normal(2))));
    assertFalse(CpuKernels.serve(manager.arange(3)));
  }

  /** The vectors of processors without AVX-512, and more threads than parts can be shared by. */
  @Test
  void inOtherProcesses(@TempDir Path dir) throws IOException, InterruptedException {
    String ours = gradients(dir, "avx2", 2);
    assertNotEquals(gradients(dir, "pytorch", 2), ours); // the last bits
    Set<String> entropies = new HashSet<>();
    for (int threads : new int[] {1, 3, 4, 5, 7}) {
      gradients(dir, "any", threads);
      entropies.addAll(
          Files.readAllLines(dir.resolve("any" + threads)).stream()
              .filter(line -> line.startsWith("entropies "))
              .toList());
    }
    assertEquals(1, entropies.size(), entropies.toString());
  }

  /** Runs {@link #main}, and returns what it prints. */
  private static String gradients(Path dir, String kernels, int threads)
      throws IOException, InterruptedException {
    Path report = dir.resolve(kernels + threads);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dsegtrain.kernels=" + kernels,
            "-Dai.djl.pytorch.num_threads=" + threads,
            "-Doffline=true",
            "-cp",
            System.getProperty("java.class.path"),
            KernelsTest.class.getName());
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
    Process process = builder.redirectErrorStream(true).redirectOutput(report.toFile()).start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    List<String> lines = Files.readAllLines(report);
    assertTrue(ended && process.exitValue() == 0, lines.toString());
    String served = kernels.equals("pytorch") ? "not served" : "served by " + threads;
    assertTrue(lines.contains(served), lines.toString());
    return lines.get(lines.size() - 1);
  }

  /** Runs what depends on vectors and threads, and prints a sum of gradients to the last bit. */
  public static void main(String[] unused) {
    KernelsTest test = new KernelsTest();
    boolean served = CpuKernels.serve(test.normal(1));
    System.out.println(served ? "served by " + JniUtils.getNumThreads() : "not served");
    test.depthwiseConvolutions();
    if (served) {
      test.feedForwardNetworks();
      test.feedForwardNetworksWithDepthwiseConvolutions();
      test.normsWithConvolutions();
      test.crossEntropiesOfEnlargedScores();
      System.out.println("entropies " + Arrays.toString(test.entropies()));
    }
    System.out.println(Arrays.hashCode(test.gradientOfKernels()));
    test.free();
  }

  /** Hashes of a sum of cross-entropies and of its gradient, to the last bit. */
  private int[] entropies() {
    NDArray scores = normal(2, 21, 13, 9);
    scores.setRequiresGradient(true);
    try (Autograd on = Autograd.on()) {
      NDArray sum =
          Aten.enlargedCrossEntropySum(scores, labels(2, 101, 67, 21), null, IGNORED, 0.1, false);
      float[] gradient = Autograd.gradients(sum, List.of(scores)).get(0).toFloatArray();
      return new int[] {Double.hashCode(sum.getDouble()), Arrays.hashCode(gradient)};
    }
  }

  private float[] gradientOfKernels() {
    NDArray map = normal(2, 40, 40, 32);
    NDArray kernels = normal(32, 1, 5, 5);
    kernels.setRequiresGradient(true);
    try (Autograd on = Autograd.on()) {
      NDArray y =
          Aten.call(
              "torch.conv2d($0, $1, None, [1, 1], [2, 2], [1, 1], 32)",
              map.transpose(0, 3, 1, 2),
              kernels);
      return Autograd.gradients(y.square().sum(), List.of(kernels)).get(0).toFloatArray();
    }
  }

  /** What does not fit is refused: the loops would read memory of others. */
  @Test
  void sizesThatDoNotFitAreRefused() {
    NDArray x = normal(1, 4, 4, 8);
    NDList layer = new NDList(normal(16, 8), normal(16));
    assertRefused(() -> Aten.mlp(x, layer, new NDList(normal(8, 16), normal(1, 8))));
    assertRefused(() -> Aten.mlp(x, new NDList(normal(16, 8), normal(1)), layer));
    NDList linear = new NDList(normal(3, 8), normal(3));
    for (long[] sizes :
        new long[][] {{4, 1, 3, 3}, {80, 1, 3, 3}, {8, 1, 1, 1}, {8, 1, 9, 9}, {8, 1, 3, 5}}) {
      NDList kernels = new NDList(normal(sizes), normal(sizes[0]));
      assertRefused(() -> Aten.depthwiseGeluLinear(x, kernels, new NDList(), false, linear));
    }
    NDList norm = new NDList(normal(4), normal(4), normal(4), normal(3));
    NDList convolution = new NDList(normal(4, 1, 3, 3), normal(4));
    assertRefused(() -> Aten.normGeluConvolution(x, norm, true, 0.1, EPSILON, convolution));
  }

  private static void assertRefused(Executable call) {
    assertThrows(EngineException.class, call);
  }

  /** As PyTorch does, and does not compute gradients of other values. */
  @Test
  void aChangeInPlaceIsNoticed() {
    NDArray x = normal(2, 3, 3, 8);
    NDList layer = new NDList(normal(8, 8), normal(8));
    layer.get(0).setRequiresGradient(true);
    try (Autograd on = Autograd.on()) {
      NDArray y = Aten.mlp(x, layer, layer).sum();
      Aten.call("torch.mul_($0, 0)", x);
      EngineException noticed =
          assertThrows(EngineException.class, () -> Autograd.gradients(y, List.of(layer.get(0))));
      assertTrue(noticed.getMessage().contains("inplace"), noticed.getMessage());
    }
  }

  /** A mean far from zero, against the same in float64. */
  @Test
  void normsOfValuesFarFromZero() {
    NDArray x = normal(2, 16, 30, 40).add(300f);
    NDArray ones = manager.ones(new Shape(16));
    NDList norm = new NDList(ones, ones.mul(0), ones.mul(0), ones.duplicate());
    NDArray identity = manager.eye(16).reshape(16, 16, 1, 1);
    NDList convolution = new NDList(identity, ones.mul(0));
    float[] ours =
        Aten.normGeluConvolution(x, norm, true, 0.1, EPSILON, convolution).toFloatArray();
    NDList own = new NDList(x.toType(DataType.FLOAT64, true));
    own.addAll(new NDList(norm.stream().map(each -> each.toType(DataType.FLOAT64, true)).toList()));
    NDArray exact =
        Activation.gelu(normalised(own, new NDList(own.get(3), own.get(4)), true))
            .toType(DataType.FLOAT32, true);
    assertArrayEquals(exact.toFloatArray(), ours, 3e-4f);
  }

  private void depthwise(int kernel, long... mapSizes) {
    convolution(
        "torch.conv2d($0, $1, $2, [1, 1], [%1$d, %1$d], [1, 1], %2$d)"
            .formatted(kernel / 2, mapSizes[3]),
        normal(mapSizes),
        normal(mapSizes[3], 1, kernel, kernel));
  }

  /** Of a map {@code B H W C} beside one whose channels are first in memory too. */
  private void convolution(String expression, NDArray map, NDArray kernels) {
    new Agreement(
            TOLERANCE,
            of -> Aten.call(expression, of.get(0).transpose(0, 3, 1, 2), of.get(1), of.get(2)),
            of -> {
              NDArray first = Aten.call("torch.contiguous($0)", of.get(0).transpose(0, 3, 1, 2));
              return Aten.call(expression, first, of.get(1), of.get(2));
            })
        .on(map, kernels, normal(kernels.size(0)));
  }

  private void norms(boolean ofBatch, NDList running, NDArray map, NDArray kernels) {
    long channels = map.size(1);
    String conv =
        "torch.conv2d($0, $1, $2, [1, 1], [%1$d, %1$d], [1, 1], %2$d)"
            .formatted(kernels.size(2) / 2, channels / kernels.size(1));
    new Agreement(
            TOLERANCE,
            of -> {
              NDList norm =
                  new NDList(
                      of.get(1), of.get(2), running.get(0).duplicate(), running.get(1).duplicate());
              NDArray y =
                  Aten.normGeluConvolution(
                      of.get(0), norm, ofBatch, 0.1, EPSILON, of.subNDList(3, 5));
              NDList expected = new NDList(running.get(0).duplicate(), running.get(1).duplicate());
              normalised(of, expected, ofBatch);
              assertArrayEquals(expected.get(0).toFloatArray(), norm.get(2).toFloatArray(), 1e-5f);
              assertArrayEquals(expected.get(1).toFloatArray(), norm.get(3).toFloatArray(), 1e-5f);
              return y;
            },
            of -> {
              NDList own = new NDList(running.get(0).duplicate(), running.get(1).duplicate());
              return Aten.call(
                  conv, Activation.gelu(normalised(of, own, ofBatch)), of.get(3), of.get(4));
            })
        .on(map, normal(channels), normal(channels), kernels, normal(kernels.size(0)));
  }

  private static NDArray normalised(NDList of, NDList running, boolean ofBatch) {
    return Aten.call(
        "torch.batch_norm($0, $1, $2, $3, $4, $5, 0.1, 1e-05, False)",
        of.get(0),
        of.get(1),
        of.get(2),
        running.get(0),
        running.get(1),
        ofBatch);
  }

  private static NDArray mixed(NDArray map, NDList kernels, boolean residual) { // B H W C
    long side = kernels.get(0).size(2);
    NDArray y =
        Aten.call(
                "torch.conv2d($0, $1, $2, [1, 1], [%1$d, %1$d], [1, 1], %2$d)"
                    .formatted(side / 2, map.size(3)),
                Aten.call("torch.contiguous($0)", map.transpose(0, 3, 1, 2)),
                kernels.get(0),
                kernels.get(1))
            .transpose(0, 2, 3, 1);
    return residual ? y.add(map) : y;
  }

  private static NDArray linear(NDArray x, NDList layer) {
    return Aten.call("torch.linear($0, $1, $2)", x, layer.get(0), layer.get(1));
  }

  private NDArray normal(long... shape) {
    return Agreement.normal(manager, shape);
  }

  private NDArray small(long... shape) {
    return normal(shape).mul(0.2f);
  }
}
