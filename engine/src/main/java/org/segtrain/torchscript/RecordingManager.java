package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.segtrain.engine.internal.Expr;

/** The manager of recording arrays: what it creates is recorded, and nothing is ever freed. */
final class RecordingManager implements InvocationHandler {

  private final Recorder recorder;

  private RecordingManager(Recorder recorder) {
    this.recorder = recorder;
  }

  static NDManager create(Recorder recorder) {
    return (NDManager)
        Proxy.newProxyInstance(
            NDManager.class.getClassLoader(),
            new Class<?>[] {NDManager.class},
            new RecordingManager(recorder));
  }

  static NDManager real(NDManager manager) {
    return Proxy.isProxyClass(manager.getClass())
        ? ((RecordingManager) Proxy.getInvocationHandler(manager)).recorder.real()
        : manager;
  }

  @Override
  public Object invoke(Object self, Method method, Object[] nullable) throws Throwable {
    Object[] arguments = nullable == null ? new Object[0] : nullable;
    return switch (method.getName()) {
      case "newSubManager", "getParentManager" -> self;
      case "getDevice", "defaultDevice", "getEngine", "isOpen" ->
          Recorder.invoke(method, recorder.real(), arguments);
      case "hashCode" -> System.identityHashCode(self);
      case "equals" -> self == arguments[0];
      case "toString" -> "RecordingManager";
      case "close",
          "cap",
          "setName",
          "attachAll",
          "tempAttachAll",
          "attachInternal",
          "detachInternal" ->
          null;
      default -> creation(self, method, arguments);
    };
  }

  private Object creation(Object self, Method method, Object[] arguments) throws Throwable {
    String signature = Methods.signature(method);
    String template = Methods.template(method);
    if (template != null) {
      Expr expr = expr(signature, template, arguments);
      recorder.met(method);
      return recorder.record(Recorder.invoke(method, recorder.real(), arguments), expr, false);
    } else if (signature.equals("create(Buffer,Shape,DataType)")) {
      return recorder.constant((NDArray) Recorder.invoke(method, recorder.real(), arguments));
    } else if (method.isDefault()) {
      return InvocationHandler.invokeDefault(self, method, arguments);
    }
    throw recorder.refusal("NDManager." + signature + " has no row in the table of methods");
  }

  private Expr expr(String signature, String template, Object[] arguments) {
    try {
      return Methods.call(template, Recorder.device(), arguments);
    } catch (UnsupportedOperationException e) {
      throw recorder.refusal("NDManager.%s %s".formatted(signature, e.getMessage()));
    }
  }
}
