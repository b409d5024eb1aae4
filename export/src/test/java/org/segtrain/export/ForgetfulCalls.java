package org.segtrain.export;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.segtrain.engine.Aten;
import org.segtrain.tensors.TensorFile;
import org.segtrain.torchscript.LoadedScript;

/** Calls that hold on to something, each to another kind. */
final class ForgetfulCalls {

  private static final List<TensorFile> FILES = new ArrayList<>(); // or the collector closes them

  private ForgetfulCalls() {}

  static List<Call> of(Materials given) {
    Path script = given.folder.resolve("block.pt"); // of ArrayCalls
    return List.of(
        new Call("forgets an array", () -> Aten.scaled(given.map, 0.5)),
        new Call("forgets a detached array", () -> Aten.scaled(given.map, 0.5).detach()),
        new Call("forgets a scope", () -> NDManager.newBaseManager(Device.cpu(), "PyTorch")),
        new Call("forgets a module", () -> LoadedScript.of(script, Device.cpu())),
        new Call("forgets a file", () -> FILES.add(TensorFile.open(given.safetensors))),
        new Call(
            "forgets a thread",
            () -> {
              Thread thread = new Thread(LockSupport::park, "forgotten");
              thread.setDaemon(true);
              thread.start();
            }));
  }
}
