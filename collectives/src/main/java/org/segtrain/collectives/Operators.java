package org.segtrain.collectives;

import org.segtrain.engine.internal.CompiledModule;

/** c10d's operators, and those of our own library, which {@link SharedLibrary} must load before. */
final class Operators {

  /** Methods that take the name of the group last. */
  static final CompiledModule MODULE =
      CompiledModule.compile(
          """
          def meet(self: __torch__.Model, host: str, port: int, server: bool, address: str,
              timeout: int, name: str) -> None:
            _0 = ops.segtrain.meet(name, host, port, server, address, timeout)
            return None
          def put(self: __torch__.Model, key: str, value: str, name: str) -> None:
            _0 = ops.segtrain.put(name, key, value)
            return None
          def look(self: __torch__.Model, key: str, name: str) -> str:
            return ops.segtrain.look(name, key)
          def count(self: __torch__.Model, key: str, name: str) -> int:
            return ops.segtrain.count(name, key)
          def join(self: __torch__.Model, prefix: str, backend: str, rank: int, size: int,
              timeout: int, local: str, name: str) -> None:
            _0 = ops.segtrain.join(name, prefix, backend, rank, size, timeout, local)
            return None
          def leave(self: __torch__.Model, name: str) -> None:
            _0 = ops.segtrain.leave(name)
            return None
          def start_sum(self: __torch__.Model, arrays: List[Tensor], name: str) -> Tensor:
            flat = annotate(List[Tensor], [])
            for i in range(torch.len(arrays)):
              _0 = torch.append(flat, torch.reshape(arrays[i], [-1]))
            return ops._c10d_functional.all_reduce_(torch.cat(flat), "sum", name)
          def start_broadcast(self: __torch__.Model, arrays: List[Tensor], name: str) -> Tensor:
            flat = annotate(List[Tensor], [])
            for i in range(torch.len(arrays)):
              _0 = torch.append(flat, torch.reshape(arrays[i], [-1]))
            return ops._c10d_functional.broadcast_(torch.cat(flat), 0, name)
          def finish(self: __torch__.Model, bucket: List[Tensor], arrays: List[Tensor]) -> None:
            flat = ops._c10d_functional.wait_tensor(bucket[0])
            parts = annotate(List[Tensor], [])
            at = 0
            for i in range(torch.len(arrays)):
              end = torch.add(at, torch.numel(arrays[i]))
              part = torch.slice(flat, 0, at, end, 1)
              _0 = torch.append(parts, torch.view_as(part, arrays[i]))
              at = end
            torch._foreach_copy_(arrays, parts)
            return None
          def gather(self: __torch__.Model, array: List[Tensor], size: int, name: str) -> Tensor:
            all = ops._c10d_functional.all_gather_into_tensor(array[0], size, name)
            return ops._c10d_functional.wait_tensor(all)
          def wait(self: __torch__.Model, array: List[Tensor]) -> Tensor:
            return ops._c10d_functional.wait_tensor(array[0])
          def prints(self: __torch__.Model, arrays: List[Tensor]) -> Tensor:
            return ops.segtrain.sums_of_bits(arrays)
          """);

  private Operators() {}
}
