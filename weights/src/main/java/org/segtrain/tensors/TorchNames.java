package org.segtrain.tensors;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Names of PyTorch and Python in pickles. */
final class TorchNames {

  /** The classes of storages, within {@code torch}. */
  static final Map<ElementType, String> STORAGES = new EnumMap<>(ElementType.class);

  static {
    STORAGES.put(ElementType.F64, "DoubleStorage");
    STORAGES.put(ElementType.F32, "FloatStorage");
    STORAGES.put(ElementType.F16, "HalfStorage");
    STORAGES.put(ElementType.BF16, "BFloat16Storage");
    STORAGES.put(ElementType.I64, "LongStorage");
    STORAGES.put(ElementType.I32, "IntStorage");
    STORAGES.put(ElementType.I16, "ShortStorage");
    STORAGES.put(ElementType.I8, "CharStorage");
    STORAGES.put(ElementType.U8, "ByteStorage");
    STORAGES.put(ElementType.BOOL, "BoolStorage");
  }

  /** The types of numbers. */
  static final Map<String, ElementType> DTYPES =
      Map.of(
          "torch.float64", ElementType.F64,
          "torch.float32", ElementType.F32,
          "torch.float16", ElementType.F16,
          "torch.bfloat16", ElementType.BF16,
          "torch.int64", ElementType.I64,
          "torch.int32", ElementType.I32,
          "torch.int16", ElementType.I16,
          "torch.int8", ElementType.I8,
          "torch.uint8", ElementType.U8,
          "torch.bool", ElementType.BOOL);

  /** Names that only stand for themselves. */
  static final Set<String> INERT =
      Set.of(
          "builtins.dict",
          "__builtin__.dict",
          "builtins.list",
          "__builtin__.list",
          "builtins.int",
          "__builtin__.int",
          "builtins.float",
          "__builtin__.float",
          "builtins.str",
          "__builtin__.str",
          "builtins.bool",
          "__builtin__.bool",
          "builtins.tuple",
          "__builtin__.tuple",
          "torch.float64",
          "torch.float32",
          "torch.float16",
          "torch.bfloat16",
          "torch.int64",
          "torch.int32",
          "torch.int16",
          "torch.int8",
          "torch.uint8",
          "torch.bool",
          "torch.complex64",
          "torch.complex128",
          "torch.strided",
          "torch.contiguous_format",
          "torch.channels_last",
          "torch.preserve_format",
          "torch.Tensor",
          "torch.nn.parameter.Parameter",
          "torch.nn.parameter.Buffer");

  private TorchNames() {}
}
