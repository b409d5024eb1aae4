package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Recording;

/** The far side of a recording array: the real array, and the expression that computes it. */
final class RecordedArray implements InvocationHandler {

  private static final Class<?>[] TYPES = {NDArray.class, NDArrayEx.class, Recording.class};

  /** Methods that give several arrays; others that return a list give one. */
  private static final Set<String> LISTS = Set.of("split", "topK");

  private final Recorder recorder;
  private final NDArray real;
  private final Expr value;

  RecordedArray(Recorder recorder, NDArray real, Expr value) {
    this.recorder = recorder;
    this.real = real;
    this.value = value;
  }

  /** Whether {@code array} records. */
  static boolean is(NDArray array) {
    return array instanceof Recording;
  }

  /** What is behind {@code array}, which records. */
  static RecordedArray of(NDArray array) {
    return (RecordedArray) Proxy.getInvocationHandler(array);
  }

  NDArray proxy() {
    return (NDArray) Proxy.newProxyInstance(Recording.class.getClassLoader(), TYPES, this);
  }

  NDArray real() {
    return real;
  }

  Expr value() {
    return value;
  }

  @Override
  public Object invoke(Object self, Method method, Object[] nullable) throws Throwable {
    Object[] arguments = nullable == null ? new Object[0] : nullable;
    return switch (method.getName()) {
      case "getShape", "getDataType", "getDevice", "getSparseFormat", "getUid", "getName" ->
          method.invoke(real);
      case "hashCode" -> System.identityHashCode(self);
      case "equals" -> self == arguments[0];
      case "toString" -> Code.of(value) + ": " + real.getShape();
      case "getManager" -> recorder.manager();
      case "getNDArrayInternal", "getArray", "toDevice" -> self;
      case "getResourceNDArrays" -> List.of(self);
      case "isReleased", "hasGradient" -> false;
      case "attach", "tempAttach", "returnResource", "detach", "close", "setName" ->
          null; // the recorder owns the arrays until the recording is done
      case "record" -> recorder.call((String) arguments[0], (Object[]) arguments[1]);
      case "refusal" -> recorder.refusal((String) arguments[0]);
      case "toByteBuffer" ->
          throw recorder.refusal(
              "values of an array are read, or it is an argument of an operation on an array that"
                  + " is neither computed from the input nor a parameter");
      default -> operation(self, method, arguments);
    };
  }

  private Object operation(Object self, Method method, Object[] arguments) throws Throwable {
    Object[] known = Arrays.stream(arguments).map(recorder::known).toArray();
    Expr expr = expr(method, known);
    if (expr == null) {
      return InvocationHandler.invokeDefault(self, method, arguments);
    }
    recorder.met(method);
    boolean internal = method.getDeclaringClass() == NDArrayEx.class;
    Object target = internal ? real.getNDArrayInternal() : real;
    Object[] behind = Arrays.stream(known).map(Arguments::real).toArray();
    Object result = Recorder.invoke(method, target, behind);
    return recorder.record(result, expr, LISTS.contains(method.getName()));
  }

  /** What the method computes; null if it is to be broken into other methods. */
  private Expr expr(Method method, Object[] arguments) {
    try {
      Expr expr = OddMethods.expr(this, method, arguments);
      if (expr != null) {
        return expr;
      }
      String template = Methods.template(method);
      if (template == null && method.isDefault()) {
        return null;
      } else if (template == null) {
        throw recorder.refusal(Methods.signature(method) + " has no row in the table of methods");
      }
      Expr.Call call = Methods.call(template, value, arguments);
      recorder.refuseChanges(call, Methods.signature(method));
      return call;
    } catch (UnsupportedOperationException e) {
      throw recorder.refusal(Methods.signature(method) + " " + e.getMessage());
    }
  }
}
