// An allocator of the CPU's arrays that keeps freed blocks for arrays of the same size: the native
// methods of org.segtrain.engine.internal.CpuMemory.
//
// PyTorch takes arrays from posix_memalign. That of glibc before 2.38 seldom gives a freed block of
// the same size again, so the heap of a training grows with its steps. It gives the largest blocks
// back to the system as they are freed, which hands them out again page by page.
#include <c10/core/Allocator.h>
#include <c10/core/alignment.h>
#include <c10/util/Exception.h>
#include <jni.h>
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>

#include "older_systems.hpp"

namespace {

constexpr size_t kLeastPower = 8;  // the smallest block has 256 bytes
constexpr size_t kSteps = 8;       // sizes between two powers of two
constexpr size_t kMostPower = 46;
constexpr size_t kMapped = size_t{1} << 20;  // blocks from here on are mapped one by one
constexpr size_t kSizes = (kMostPower - kLeastPower + 1) * kSteps;
constexpr uint8_t kPriority = 100;  // over PyTorch's own

// What a free block holds.
struct Block {
  Block* next;  // of this size
};

// The smallest size with so many bytes.
size_t size_of(size_t bytes) {
  bytes = std::max(bytes, size_t{1} << kLeastPower);
  const auto power = 63 - static_cast<size_t>(__builtin_clzll(bytes));
  const size_t step = (size_t{1} << power) / kSteps;
  const size_t above = bytes - (size_t{1} << power);
  return (power - kLeastPower) * kSteps + (above + step - 1) / step;
}

size_t bytes_of(size_t size) {
  const size_t power = size_t{1} << (size / kSteps + kLeastPower);
  return power + size % kSteps * (power / kSteps);
}

// Blocks, free ones by their sizes. All blocks together have at most an eighth more bytes than
// arrays ever had at a time.
class Blocks {
 public:
  void* take(size_t bytes) {
    Block* block = bytes < size_t{1} << kMostPower ? find(size_of(bytes)) : nullptr;
    TORCH_CHECK(block != nullptr,
                "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes,
                " bytes. Error code 12 (Cannot allocate memory)");
    return block;
  }

  // Says no to what is not of these blocks.
  bool put(void* array) {
    const std::lock_guard<std::mutex> hold(mutex_);
    const auto found = sizes_.find(array);
    if (found == sizes_.end()) {
      return false;
    }
    const size_t size = found->second;
    sizes_.erase(found);
    live_ -= bytes_of(size);
    kept_ += bytes_of(size);
    free_[size] = new (array) Block{free_[size]};
    return true;
  }

  // Gives all free blocks back to the system.
  void give_back() {
    const std::lock_guard<std::mutex> hold(mutex_);
    most_ = live_;
    shrink(0);
    malloc_trim(0);
  }

 private:
  Block* find(size_t size) {
    const size_t bytes = bytes_of(size);
    const std::lock_guard<std::mutex> hold(mutex_);
    Block* block = free_[size];
    if (block != nullptr) {
      free_[size] = block->next;
      kept_ -= bytes;
    } else {
      const size_t most = std::max(most_, live_ + bytes);
      shrink(most + most / kSteps - bytes);
      block = fresh(bytes);
      if (block == nullptr) {
        shrink(0);
        block = fresh(bytes);
      }
      if (block == nullptr) {
        return nullptr;
      }
    }
    sizes_.emplace(block, size);
    live_ += bytes;
    most_ = std::max(most_, live_);
    return block;
  }

  // Gives the largest free blocks back until all blocks have at most so many bytes.
  void shrink(size_t most) {
    for (size_t size = kSizes; size-- > 0 && kept_ > 0 && live_ + kept_ > most;) {
      const size_t bytes = bytes_of(size);
      while (free_[size] != nullptr && live_ + kept_ > most) {
        Block* block = free_[size];
        free_[size] = block->next;
        kept_ -= bytes;
        if (bytes >= kMapped) {
          munmap(block, bytes);
        } else {
          free(block);
        }
      }
    }
  }

  static Block* fresh(size_t bytes) {
    void* block = nullptr;
    if (bytes >= kMapped) {
      block = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      return block == MAP_FAILED ? nullptr : static_cast<Block*>(block);
    }
    return posix_memalign(&block, c10::gAlignment, bytes) == 0 ? static_cast<Block*>(block)
                                                               : nullptr;
  }

  std::mutex mutex_;
  std::array<Block*, kSizes> free_{};
  std::unordered_map<void*, size_t> sizes_;  // of the blocks that arrays have
  size_t live_ = 0;                          // bytes of the blocks that arrays have
  size_t kept_ = 0;                          // bytes of the free ones
  size_t most_ = 0;                          // the most of live_
};

Blocks& blocks() {
  static auto* all = new Blocks;  // arrays may outlive static objects
  return *all;
}

// The allocator before ours. oneDNN's packed weights go back to the allocator of the moment, also
// those that came from this one.
c10::Allocator* before = nullptr;

void put(void* array) {
  if (array != nullptr && !blocks().put(array)) {
    before->raw_deleter()(array);
  }
}

struct KeepingAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) override {
    void* array = bytes == 0 ? nullptr : blocks().take(bytes);
    return {array, array, &put, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &put; }

  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
};

}  // namespace

extern "C" {

JNIEXPORT void JNICALL Java_org_segtrain_engine_internal_CpuMemory_setAllocator(JNIEnv*, jclass) {
  static auto* allocator = new KeepingAllocator;
  before = c10::GetAllocator(c10::DeviceType::CPU);
  c10::SetAllocator(c10::DeviceType::CPU, allocator, kPriority);
}

JNIEXPORT void JNICALL Java_org_segtrain_engine_internal_CpuMemory_shrink(JNIEnv*, jclass) {
  blocks().give_back();
}
}
