// A GPU that is none, for tests: device type CUDA for a libtorch that is built for a CPU. Its memory
// is the host's, and the CPU's kernels compute on it, so results are the CPU's. What a GPU refuses is
// refused: operands of two devices, and types that CUDA's kernels do not mix. What makes the host
// wait is counted. Asynchronous copies come late, as those of a GPU may.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/native/Resize.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/set_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "older_systems.hpp"

namespace {

constexpr auto GPU = c10::DeviceType::CUDA;
const c10::Device DEVICE(GPU, 0);

// ---- what tests read ----

std::atomic<int64_t> allocated{0};
std::atomic<int64_t> peak{0};
std::atomic<int64_t> launches{0};
std::mutex mutex;
// Never destroyed: threads of PyTorch may outlive them.
std::map<std::string, int64_t>& counted() {
  static auto* all = new std::map<std::string, int64_t>();
  return *all;
}

void count(const std::string& what) {
  std::lock_guard<std::mutex> lock(mutex);
  counted()[what]++;
}

std::atomic<int64_t> allowed{std::numeric_limits<int64_t>::max()};

// Notes that the host waits for the device, and fails once that is no longer allowed.
void wait(const std::string& why) {
  count("wait: " + why);
  TORCH_CHECK(allowed-- > 0, "the host waits for the GPU once more than the test allows: ", why);
}

void take(int64_t bytes) {
  const int64_t now = allocated += bytes;
  int64_t most = peak;
  while (now > most && !peak.compare_exchange_weak(most, now)) {
  }
}

// ---- memory ----

struct Held {
  c10::Storage storage;
  int64_t bytes;
};

void release(void* context) {
  auto* held = static_cast<Held*>(context);
  allocated -= held->bytes;
  delete held;
}

void release_alias(void* context) { delete static_cast<c10::Storage*>(context); }

struct DeviceAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) override {
    c10::DataPtr memory = c10::GetCPUAllocator()->allocate(bytes);
    void* data = memory.get();
    auto storage = c10::Storage(c10::Storage::use_byte_size_t(), bytes, std::move(memory));
    take(static_cast<int64_t>(bytes));
    return {data, new Held{storage, static_cast<int64_t>(bytes)}, &release, DEVICE};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
};

DeviceAllocator& device_allocator() {
  static auto* all = new DeviceAllocator();
  return *all;
}

// Pinned memory of the host: ranges that copies may read later.
std::map<const char*, size_t>& pinned() {
  static auto* all = new std::map<const char*, size_t>();
  return *all;
}

struct PinnedAllocator final : c10::Allocator {
  static void free(void* context) {
    auto* storage = static_cast<c10::Storage*>(context);
    {
      std::lock_guard<std::mutex> lock(mutex);
      pinned().erase(static_cast<const char*>(storage->data()));
    }
    delete storage;
  }
  c10::DataPtr allocate(size_t bytes) override {
    c10::DataPtr memory = c10::GetCPUAllocator()->allocate(bytes);
    void* data = memory.get();
    auto* storage =
        new c10::Storage(c10::Storage::use_byte_size_t(), bytes, std::move(memory));
    std::lock_guard<std::mutex> lock(mutex);
    pinned()[static_cast<const char*>(data)] = bytes;
    return {data, storage, &free, c10::kCPU};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
};

PinnedAllocator& pinned_allocator() {
  static auto* all = new PinnedAllocator();
  return *all;
}

bool is_pinned(const void* data) {
  std::lock_guard<std::mutex> lock(mutex);
  auto after = pinned().upper_bound(static_cast<const char*>(data));
  if (after == pinned().begin()) {
    return false;
  }
  --after;
  return static_cast<const char*>(data) < after->first + std::max<size_t>(after->second, 1);
}

// ---- the device and its streams ----

struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return GPU; }
  c10::Device exchangeDevice(c10::Device) const override { return DEVICE; }
  c10::Device getDevice() const override { return DEVICE; }
  void setDevice(c10::Device device) const override {
    TORCH_CHECK(device.index() <= 0, "CUDA error: invalid device ordinal");
  }
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const override {
    return c10::Stream(c10::Stream::DEFAULT, DEVICE);
  }
  c10::Stream getDefaultStream(c10::Device device) const override { return getStream(device); }
  c10::Stream exchangeStream(c10::Stream) const override { return getStream(DEVICE); }
  void record(void**, const c10::Stream&, const c10::DeviceIndex,
              const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream&) const override { wait("stream"); }
  void synchronizeEvent(void*) const override { wait("event"); }
  void synchronizeDevice(const c10::DeviceIndex) const override { wait("device"); }
};
C10_REGISTER_GUARD_IMPL(CUDA, Guard)

// A generator of its own, as a GPU has: a seed that is set for the CPU alone does not reach it.
at::Generator& generator() {
  static auto* all = new at::Generator(at::make_generator<at::CPUGeneratorImpl>(c10::detail::getNonDeterministicRandom()));
  return *all;
}

struct CUDAHooks final : at::CUDAHooksInterface {  // the name is the key
  explicit CUDAHooks(at::CUDAHooksArgs) {}
  void init() const override {}
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasCUDA() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override { return 1; }
  c10::DeviceIndex current_device() const override { return 0; }
  c10::DeviceIndex getCurrentDevice() const override { return 0; }
  int getNumGPUs() const override { return 1; }
  bool isPinnedPtr(const void* data) const override { return is_pinned(data); }
  c10::Allocator* getPinnedMemoryAllocator() const override { return &pinned_allocator(); }
  c10::Device getDeviceFromPtr(void*) const override { return DEVICE; }
  const at::Generator& getDefaultGenerator(c10::DeviceIndex) const override { return generator(); }
  at::Generator getNewGenerator(c10::DeviceIndex) const override {
    return at::make_generator<at::CPUGeneratorImpl>();
  }
  void deviceSynchronize(c10::DeviceIndex) const override { wait("device"); }
};
using at::CUDAHooksRegistry;
using at::RegistererCUDAHooksRegistry;
REGISTER_CUDA_HOOKS(CUDAHooks)

// ---- arrays of the device as arrays of the CPU, and back ----

bool is_ours(const at::Tensor& x) { return x.defined() && x.device().type() == GPU; }

c10::intrusive_ptr<c10::StorageImpl> alias(const c10::Storage& storage) {
  auto* context = new c10::Storage(storage);
  return c10::make_intrusive<c10::StorageImpl>(
      c10::StorageImpl::use_byte_size_t(), storage.nbytes(),
      c10::DataPtr(storage.mutable_data(), context, &release_alias, c10::kCPU),
      c10::GetCPUAllocator(), true);
}

at::Tensor made(c10::Storage storage, c10::DispatchKey key, const at::Tensor& like) {
  auto x = at::detail::make_tensor<c10::TensorImpl>(std::move(storage), c10::DispatchKeySet(key),
                                                    like.dtype());
  auto* impl = x.unsafeGetTensorImpl();
  impl->set_sizes_and_strides(like.sizes(), like.strides(), like.storage_offset());
  if (like.unsafeGetTensorImpl()->is_wrapped_number()) {
    impl->set_wrapped_number(true);
  }
  return x;
}

at::Tensor on_host(const at::Tensor& x) {
  return made(c10::Storage(alias(x.storage())), c10::DispatchKey::CPU, x);
}

at::Tensor on_device(const at::Tensor& host) {
  const auto storage = host.storage();
  const auto bytes = static_cast<int64_t>(storage.nbytes());
  take(bytes);
  auto moved = c10::make_intrusive<c10::StorageImpl>(
      c10::StorageImpl::use_byte_size_t(), storage.nbytes(),
      c10::DataPtr(storage.mutable_data(), new Held{storage, bytes}, &release, DEVICE),
      &device_allocator(), true);
  return made(c10::Storage(moved), c10::DispatchKey::CUDA, host);
}

// ---- copies ----

struct Late {
  at::Tensor to, from;
};

std::vector<Late>& late() {
  static auto* all = new std::vector<Late>();
  return *all;
}

std::recursive_mutex stream;  // operations come one after the other, from whichever thread

void finish_copies() {
  auto copies = std::move(late());
  late().clear();
  for (auto& copy : copies) {
    copy.to.copy_(copy.from);
  }
}

at::Tensor& copy(at::Tensor& self, const at::Tensor& from, bool non_blocking) {
  std::lock_guard<std::recursive_mutex> lock(stream);
  const bool to_device = is_ours(self);
  const bool from_device = is_ours(from);
  at::Tensor to = to_device ? on_host(self) : self;
  at::Tensor source = from_device ? on_host(from) : from;
  if (to_device && !from_device && non_blocking && is_pinned(from.const_data_ptr())) {
    launches++;
    count("copy: to the device, later");
    late().push_back({to, source});
    return self;
  }
  finish_copies();
  launches++;
  if (to_device && from_device) {
    count("copy: on the device");
  } else {
    wait(to_device ? "copy to the device" : "copy to the host");
  }
  to.copy_(source);
  return self;
}

at::Scalar number(const at::Tensor& x) {
  std::lock_guard<std::recursive_mutex> lock(stream);
  finish_copies();
  wait("number");
  return on_host(x).item();
}

// ---- every other operation ----

const std::set<std::string>& waiting() {  // operations whose result has a size that depends on values
  static const auto* all = new std::set<std::string>{
      "aten::nonzero",     "aten::masked_select",      "aten::_unique2",
      "aten::unique_dim",  "aten::unique_consecutive", "aten::bincount",
      "aten::equal",       "aten::repeat_interleave",  "aten::is_nonzero",
      "aten::unique_dim_consecutive"};
  return *all;
}

struct Call {
  std::string name;
  bool broadcasts;
  std::vector<std::pair<at::Tensor, at::Tensor>> aliases;  // of the host, of the device

  at::Tensor argument(const at::Tensor& x) {
    if (!x.defined()) {
      return x;
    }
    if (is_ours(x)) {
      aliases.emplace_back(on_host(x), x);
      return aliases.back().first;
    }
    TORCH_CHECK(x.dim() == 0 && broadcasts,
                "Expected all tensors to be on the same device, but found at least two devices, "
                "cuda:0 and cpu! (",
                name, " got ", x.sizes(), " of the cpu)");
    return x;
  }

  at::Tensor result(const at::Tensor& x) {
    if (!x.defined()) {
      return x;
    }
    for (auto& [host, device] : aliases) {
      if (x.unsafeGetTensorImpl() == host.unsafeGetTensorImpl()) {
        if (x.sizes() != device.sizes() || x.storage().data() != device.storage().data()) {
          auto* impl = device.unsafeGetTensorImpl();  // an empty result that was given its size
          impl->set_storage_keep_dtype(on_device(x).storage());
          impl->set_sizes_and_strides(x.sizes(), x.strides(), x.storage_offset());
        }
        return device;
      }
    }
    for (auto& [host, device] : aliases) {
      if (x.storage().unsafeGetStorageImpl() == host.storage().unsafeGetStorageImpl()) {
        return made(device.storage(), c10::DispatchKey::CUDA, x);
      }
    }
    at::Tensor moved = on_device(x);
    aliases.emplace_back(x, moved);  // results may share memory
    return moved;
  }
};

// Types that the CPU mixes and CUDA does not (layer_norm_kernel.cu, group_norm_kernel.cu).
void check_types(const std::string& name, const c10::IValue& input, const c10::IValue& weight) {
  if (input.isTensor() && weight.isTensor() && weight.toTensor().defined()) {
    TORCH_CHECK(input.toTensor().scalar_type() == weight.toTensor().scalar_type(),
                "expected scalar type ", input.toTensor().scalar_type(), " but found ",
                weight.toTensor().scalar_type(), " (", name, ")");
  }
}

void compute(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  std::lock_guard<std::recursive_mutex> lock(stream);
  finish_copies();
  const auto& schema = op.schema();
  Call call{schema.name(), op.hasTag(at::Tag::pointwise), {}};
  const auto size = schema.arguments().size();
  const auto begin = stack->size() - size;
  if (call.name == "aten::native_layer_norm" || call.name == "aten::native_group_norm") {
    check_types(call.name, (*stack)[begin], (*stack)[begin + (call.name == "aten::native_layer_norm" ? 2 : 1)]);
  } else if (call.name == "aten::native_layer_norm_backward") {
    check_types(call.name, (*stack)[begin + 1], (*stack)[begin + 5]);
  }
  for (size_t i = 0; i < size; i++) {
    auto& value = (*stack)[begin + i];
    if (value.isTensor()) {
      value = call.argument(value.toTensor());
    } else if (value.isTensorList()) {
      std::vector<at::Tensor> list;
      for (const auto& x : value.toTensorVector()) {
        list.push_back(call.argument(x));
      }
      value = list;
    } else if (value.isOptionalTensorList()) {
      c10::List<std::optional<at::Tensor>> list;
      for (const std::optional<at::Tensor>& x : value.toOptionalTensorList()) {
        list.push_back(x.has_value() ? std::optional<at::Tensor>(call.argument(*x)) : x);
      }
      value = list;
    } else if (value.isDevice()) {
      value = c10::Device(c10::kCPU);
    } else if (value.isNone() && schema.arguments()[i].type()->str() == "Generator?") {
      value = generator();
    }
  }
  launches++;
  count(call.name);
  if (waiting().count(call.name)) {
    wait(call.name);
  }
  op.callBoxed(stack);
  const auto results = schema.returns().size();
  for (size_t i = stack->size() - results; i < stack->size(); i++) {
    auto& value = (*stack)[i];
    if (value.isTensor()) {
      value = call.result(value.toTensor());
    } else if (value.isTensorList()) {
      std::vector<at::Tensor> list;
      for (const auto& x : value.toTensorVector()) {
        list.push_back(call.result(x));
      }
      value = list;
    }
  }
}

// ---- arrays without computation ----

at::Tensor empty_strided(c10::SymIntArrayRef sizes, c10::SymIntArrayRef strides,
                         std::optional<at::ScalarType> type, std::optional<at::Layout>,
                         std::optional<at::Device>, std::optional<bool>) {
  return at::detail::empty_strided_generic(C10_AS_INTARRAYREF_SLOW(sizes), C10_AS_INTARRAYREF_SLOW(strides),
                                           &device_allocator(),
                                           c10::DispatchKeySet(c10::DispatchKey::CUDA),
                                           type.value_or(at::kFloat));
}

at::Tensor empty(c10::SymIntArrayRef sizes, std::optional<at::ScalarType> type,
                 std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>,
                 std::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(C10_AS_INTARRAYREF_SLOW(sizes), &device_allocator(),
                                   c10::DispatchKeySet(c10::DispatchKey::CUDA),
                                   type.value_or(at::kFloat), format);
}

at::Tensor as_strided(const at::Tensor& x, c10::SymIntArrayRef sizes, c10::SymIntArrayRef strides,
                      std::optional<c10::SymInt> offset) {
  return at::native::as_strided_tensorimpl(
      x, C10_AS_INTARRAYREF_SLOW(sizes), C10_AS_INTARRAYREF_SLOW(strides),
      offset.has_value() ? std::optional<int64_t>(offset->guard_int(__FILE__, __LINE__)) : std::nullopt);
}

at::Tensor view(const at::Tensor& x, c10::SymIntArrayRef sizes) {
  return at::native::view(x, C10_AS_INTARRAYREF_SLOW(sizes));
}

const at::Tensor& resize(const at::Tensor& x, c10::SymIntArrayRef sizes,
                         std::optional<at::MemoryFormat> format) {
  const auto size = C10_AS_INTARRAYREF_SLOW(sizes);
  const auto bytes = static_cast<size_t>(c10::multiply_integers(size)) * x.itemsize();
  auto* impl = x.unsafeGetTensorImpl();
  impl->set_sizes_contiguous(size);
  if (x.storage().nbytes() < bytes + static_cast<size_t>(x.storage_offset()) * x.itemsize()) {
    auto* storage = x.storage().unsafeGetStorageImpl();
    storage->set_data_ptr_noswap(device_allocator().allocate(bytes));
    storage->set_nbytes(bytes);
  }
  if (format.has_value()) {
    impl->empty_tensor_restride(*format);
  }
  return x;
}

at::Tensor& set_storage(at::Tensor& x, c10::Storage storage, c10::SymInt offset,
                        c10::SymIntArrayRef sizes, c10::SymIntArrayRef strides) {
  x.unsafeGetTensorImpl()->set_storage_keep_dtype(std::move(storage));
  x.unsafeGetTensorImpl()->set_sizes_and_strides(C10_AS_INTARRAYREF_SLOW(sizes),
                                                 C10_AS_INTARRAYREF_SLOW(strides),
                                                 offset.guard_int(__FILE__, __LINE__));
  return x;
}

TORCH_LIBRARY_IMPL(aten, CUDA, m) {
  m.impl("empty.memory_format", &empty);
  m.impl("empty_strided", &empty_strided);
  m.impl("as_strided", &as_strided);
  m.impl("view", &view);
  m.impl("resize_", &resize);
  m.impl("set_.source_Storage_storage_offset", &set_storage);
  m.impl("copy_", &copy);
  m.impl("_local_scalar_dense", &number);
  // Kernels of CUDA's own, where other devices take several operations.
  const std::set<std::string> own = {"aten::convolution", "aten::convolution_backward",
                                     "aten::native_layer_norm", "aten::native_group_norm"};
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    if (name.name.rfind("aten::_foreach_", 0) == 0 || own.count(name.name)) {
      const auto full = name.overload_name.empty() ? name.name : name.name + "." + name.overload_name;
      m.impl(full.c_str(), torch::CppFunction::makeFromBoxedFunction<&compute>());
    }
  }
}

TORCH_LIBRARY_IMPL(_, CUDA, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&compute>());
}

struct Registered {
  Registered() { c10::SetAllocator(GPU, &device_allocator()); }
} registered;

}  // namespace

// ---- for JNA ----

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT int64_t stand_in_allocated() { return allocated; }
EXPORT int64_t stand_in_peak() { return peak; }
EXPORT int64_t stand_in_launches() { return launches; }
EXPORT void stand_in_allow_waits(int64_t count) { allowed = count; }
EXPORT void stand_in_reset() {
  std::lock_guard<std::mutex> lock(mutex);
  counted().clear();
  launches = 0;
  peak = allocated.load();
}
// Lines of a count and a name; valid until the next call.
EXPORT const char* stand_in_counts() {
  static auto* text = new std::string();
  std::lock_guard<std::mutex> lock(mutex);
  text->clear();
  for (const auto& [name, n] : counted()) {
    *text += std::to_string(n) + " " + name + "\n";
  }
  return text->c_str();
}
