// The steps of PyTorch's c10d that libtorch offers to C++ and Python alone: making a store, and a
// process group on it. Everything else (all_reduce_, broadcast_, wait_tensor ...) is a TorchScript
// operator already, and these become operators too.
#include <arpa/inet.h>
#include <c10/util/Logging.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <torch/library.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <torch/csrc/distributed/c10d/GroupRegistry.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include "older_systems.hpp"

namespace {

struct Membership {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroup> group;
};

std::mutex mutex;

// c10d's own registry holds groups weakly. Never destroyed: PyTorch may be unloaded before.
std::map<std::string, Membership>& members() {
  static auto* all = new std::map<std::string, Membership>();
  return *all;
}

Membership member(const std::string& name) {
  std::lock_guard<std::mutex> lock(mutex);
  auto found = members().find(name);
  TORCH_CHECK(found != members().end(), "no group ", name);
  return found->second;
}

// The store itself listens on all interfaces; this socket listens on one address of this machine.
int listening(const std::string& address, uint16_t port) {
  sockaddr_in ip4{};
  sockaddr_in6 ip6{};
  const bool six = inet_pton(AF_INET, address.c_str(), &ip4.sin_addr) != 1;
  TORCH_CHECK(!six || inet_pton(AF_INET6, address.c_str(), &ip6.sin6_addr) == 1,
              "no IP address: ", address);
  ip4.sin_family = AF_INET;
  ip4.sin_port = htons(port);
  ip6.sin6_family = AF_INET6;
  ip6.sin6_port = htons(port);
  const int made = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TORCH_CHECK(made >= 0, "no socket: ", std::strerror(errno));
  const int on = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto* where = six ? reinterpret_cast<sockaddr*>(&ip6) : reinterpret_cast<sockaddr*>(&ip4);
  const socklen_t length = six ? sizeof ip6 : sizeof ip4;
  if (bind(made, where, length) != 0 || listen(made, SOMAXCONN) != 0) {
    const int wrong = errno;
    close(made);
    TORCH_CHECK(false, "cannot listen on ", address, " port ", port, ": ", std::strerror(wrong));
  }
  return made;
}

// address: the IP address that a server listens on; empty for all.
void meet(const std::string& name, const std::string& host, int64_t port, bool server,
          const std::string& address, int64_t timeout_ms) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(port);
  options.isServer = server;
  options.waitWorkers = false;
  options.timeout = std::chrono::milliseconds(timeout_ms);
  if (server && !address.empty()) {
    options.masterListenFd = listening(address, options.port);
    options.useLibUV = false;  // it opens sockets of its own
  }
  auto store = c10::make_intrusive<c10d::TCPStore>(host, options);
  std::lock_guard<std::mutex> lock(mutex);
  members()[name] = {store, nullptr};
}

void put(const std::string& name, const std::string& key, const std::string& value) {
  member(name).store->set(key, std::vector<uint8_t>(value.begin(), value.end()));
}

// The value, or "" if there is none yet.
std::string look(const std::string& name, const std::string& key) {
  auto store = member(name).store;
  if (!store->check({key})) {
    return "";
  }
  auto value = store->get(key);
  return std::string(value.begin(), value.end());
}

// Adds one to a counter that starts at 0, and returns it.
int64_t count(const std::string& name, const std::string& key) {
  return member(name).store->add(key, 1);
}

// prefix: of this group's keys in the store. local: the IP address or host name whose network Gloo
// uses; or "interface NAME".
void join(const std::string& name, const std::string& prefix, const std::string& backend,
          int64_t rank, int64_t size, int64_t timeout_ms, const std::string& local) {
  const std::chrono::milliseconds timeout(timeout_ms);
  auto store = c10::make_intrusive<c10d::PrefixStore>(prefix, member(name).store);
  auto group = c10::make_intrusive<c10d::ProcessGroup>(store, rank, size);
  const std::string interface = "interface ";
  auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  options->devices.push_back(
      local.rfind(interface, 0) == 0
          ? c10d::ProcessGroupGloo::createDeviceForInterface(local.substr(interface.size()))
          : c10d::ProcessGroupGloo::createDeviceForHostname(local));
  options->threads = 2;
  auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, options);
  group->setBackend(c10::kCPU, c10d::ProcessGroup::GLOO, gloo);
  if (backend == "gloo") {
    group->setDefaultBackend(c10d::ProcessGroup::GLOO);
#ifdef USE_C10D_NCCL
  } else if (backend == "nccl") {
    auto made = c10d::ProcessGroupNCCL::Options::create();
    made->timeout = timeout;
    auto prefixed = c10::make_intrusive<c10d::PrefixStore>("nccl", store);
    auto nccl = c10::make_intrusive<c10d::ProcessGroupNCCL>(prefixed, rank, size, made);
    group->setBackend(c10::kCUDA, c10d::ProcessGroup::NCCL, nccl);
    group->setDefaultBackend(c10d::ProcessGroup::NCCL);
#endif
  } else {
    TORCH_CHECK(false, "no backend ", backend, " in this build");
  }
  group->setGroupName(name);
  c10d::register_process_group(name, group);
  std::lock_guard<std::mutex> lock(mutex);
  members()[name].group = group;
}

void leave(const std::string& name) {
  Membership left;
  {
    std::lock_guard<std::mutex> lock(mutex);
    left = members()[name];
    members().erase(name);
  }
  if (left.group) {
    c10d::unregister_process_group(name);
  }
}

// The sum of the bits of each float32 array, taken for whole numbers. TorchScript has no view of
// another type.
at::Tensor sums_of_bits(const std::vector<at::Tensor>& arrays) {
  std::vector<at::Tensor> sums;
  for (const auto& array : arrays) {
    sums.push_back(array.reshape({-1}).view(at::kInt).sum(at::kLong));
  }
  return at::stack(sums);
}

}  // namespace

// Conservative: TorchScript must not drop a call whose result nobody uses.
TORCH_LIBRARY(segtrain, library) {
  if (std::getenv("TORCH_CPP_LOG_LEVEL") == nullptr) {
    FLAGS_caffe2_log_level = 3;  // nothing: the program says in a sentence what fails
  } else {
    c10::initLogging();
  }
  const auto define = [&library](const char* schema, auto* function) {
    library.def(torch::schema(schema, c10::AliasAnalysisKind::CONSERVATIVE), function);
  };
  define("meet(str name, str host, int port, bool server, str address, int timeout_ms) -> ()",
         meet);
  define("put(str name, str key, str value) -> ()", put);
  define("look(str name, str key) -> str", look);
  define("count(str name, str key) -> int", count);
  define(
      "join(str name, str prefix, str backend, int rank, int size, int timeout_ms, str local)"
      " -> ()",
      join);
  define("sums_of_bits(Tensor[] arrays) -> Tensor", sums_of_bits);
  define("leave(str name) -> ()", leave);
}
