package org.segtrain.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Copies from the host to a GPU that nothing waits for: through pinned memory, which PyTorch keeps
 * until the GPU has read it. DJL's own copy waits until the GPU has done all that was asked of it.
 */
public final class Staging {

  private static final String COPY =
      "torch.to(torch.pin_memory($0), torch.device(\"cuda:%d\"), None, True)";

  private Staging() {}

  /**
   * {@code host} on the device of {@code manager}, in {@code manager}: on a CPU {@code host}
   * itself, on a GPU a copy. {@code host} may then be overwritten on a GPU, and be closed.
   */
  public static NDArray onDevice(NDArray host, NDManager manager) {
    Device device = manager.getDevice();
    NDArray moved = device.isGpu() ? Aten.call(COPY.formatted(device.getDeviceId()), host) : host;
    moved.attach(manager);
    return moved;
  }
}
