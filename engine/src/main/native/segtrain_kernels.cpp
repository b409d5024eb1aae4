// Kernels of the CPU that PyTorch lacks: the native method of
// org.segtrain.engine.internal.CpuKernels.
//
// aten::convolution_backward gets a kernel for depthwise convolutions, for which PyTorch's takes up
// to fifteen times as long. The operations of the library segtrain are feed-forward networks: they
// are computed by parts that stay in the caches, and their backward passes recompute what is cheap.
// One more is the cross-entropy of scores that are enlarged a row at a time.
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/convolution_backward_compositeexplicitautograd_dispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <jni.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "segtrain_loops.h"

namespace {

using at::IntArrayRef;
using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kCached = int64_t{1} << 19;  // bytes of a part: four fit in a cache of 2 MB
constexpr int64_t kManyRows = 4;               // for each channel
constexpr int64_t kStrips = 16;                // of a map, whose sums are added in this order

const Loops* loops_ = nullptr;  // of this processor

const Loops& loops() { return *loops_; }

// Calls act with 0 to count - 1, on PyTorch's threads. at::parallel_for would need a libstdc++ of
// GCC 11, for the exceptions that it passes on.
template <class Act>
void parallel(int64_t count, Act act) {
  if (count <= 1 || at::in_parallel_region() || at::get_num_threads() == 1) {
    for (int64_t i = 0; i < count; i++) {
      act(i);
    }
    return;
  }
  std::string failure;
// All threads, also if some have nothing to do: a smaller team would end the others.
#pragma omp parallel for schedule(static) num_threads(at::get_num_threads())
  for (int64_t i = 0; i < count; i++) {
    try {
      act(i);
    } catch (const c10::Error& e) {
#pragma omp critical
      failure = e.what_without_backtrace();
    } catch (const std::exception& e) {
#pragma omp critical
      failure = e.what();
    }
  }
  TORCH_CHECK(failure.empty(), failure);
}

Tensor channels_last(const Tensor& x) { return x.contiguous(at::MemoryFormat::ChannelsLast); }

// Of an array whose elements lie side by side.
const float* floats(const Tensor& x) {
  TORCH_INTERNAL_ASSERT(x.is_non_overlapping_and_dense());
  return x.const_data_ptr<float>();
}

// Depthwise convolutions

// Of the kernels that the loops are made for.
bool is_side(int64_t side) { return side == 3 || side == 5 || side == 7; }

bool serves(const Tensor& gy, const Tensor& x, const Tensor& weight, IntArrayRef stride,
            IntArrayRef padding, IntArrayRef dilation, bool transposed, int64_t groups) {
  if (x.dim() != 4 || transposed || groups != x.size(1) || weight.size(0) != groups ||
      x.scalar_type() != at::kFloat || gy.scalar_type() != at::kFloat ||
      weight.scalar_type() != at::kFloat || x.numel() == 0) {
    return false;
  }
  const int64_t kernel = weight.size(2);
  const auto are = [](IntArrayRef sizes, int64_t value) {
    return std::all_of(sizes.begin(), sizes.end(), [value](int64_t size) { return size == value; });
  };
  return is_side(kernel) && weight.size(3) == kernel && are(stride, 1) && are(dilation, 1) &&
         are(padding, kernel / 2) && x.suggest_memory_format() == at::MemoryFormat::ChannelsLast;
}

// B maps in strips of rows.
struct Strips {
  Strips(int64_t batch, int64_t height, int64_t each)
      : height(height), each(each), per_map((height + each - 1) / each), count(batch * per_map) {}

  int64_t map(int64_t strip) const { return strip / per_map; }
  int64_t from(int64_t strip) const { return strip % per_map * each; }
  int64_t to(int64_t strip) const { return std::min(from(strip) + each, height); }

  int64_t height;
  int64_t each;
  int64_t per_map;
  int64_t count;
};

// k k C, of C 1 k k.
Tensor taps_of(const Tensor& weight) {
  return weight.reshape({weight.size(0), -1}).t().contiguous();
}

// Gradients of depthwise convolutions of B maps H W with the given pitch: what is wanted of those
// of the map, the weights and the biases.
struct DepthwiseGradients {
  Tensor weights;  // C 1 k k
  Tensor biases;

  DepthwiseGradients(const Depthwise& sizes, int64_t batch, const float* x, const float* gy,
                     const Tensor& weight, float* gx, bool of_weights, bool of_biases) {
    const Strips strips(batch, sizes.height, (sizes.height + kStrips - 1) / kStrips);
    const Tensor taps = taps_of(weight);
    Tensor gws, gbs;
    if (of_weights) {
      gws = at::zeros({strips.count, taps.size(0), taps.size(1)}, taps.options());
    }
    if (of_biases) {
      gbs = at::zeros({strips.count, sizes.channels}, taps.options());
    }
    parallel(strips.count, [&](int64_t strip) {
      const int64_t map = strips.map(strip) * sizes.height * sizes.width * sizes.pitch;
      const int64_t from = strips.from(strip), to = strips.to(strip);
      if (gx != nullptr || of_weights) {
        loops().depthwise_gradients(
            sizes, x + map, gy + map, floats(taps), from, to, gx == nullptr ? nullptr : gx + map,
            of_weights ? gws.data_ptr<float>() + strip * taps.numel() : nullptr);
      }
      if (of_biases) {
        float* sum = gbs.data_ptr<float>() + strip * sizes.channels;
        for (int64_t i = from * sizes.width; i < to * sizes.width; i++) {
          loops().add_rows(gy + map + i * sizes.pitch, sum, 1, sizes.channels);
        }
      }
    });
    if (of_weights) {
      weights = gws.sum(0).t().reshape_as(weight).contiguous();
    }
    if (of_biases) {
      biases = gbs.sum(0);
    }
  }
};

std::tuple<Tensor, Tensor, Tensor> depthwise_backward(const Tensor& some_gy, const Tensor& some_x,
                                                      const Tensor& weight,
                                                      const std::array<bool, 3>& wanted) {
  const Tensor gy = channels_last(some_gy), x = channels_last(some_x);
  const int64_t channels = x.size(1);
  const Tensor gx = wanted[0] ? at::empty_like(x) : Tensor();
  const DepthwiseGradients all({x.size(2), x.size(3), channels, channels, weight.size(2), false},
                               x.size(0), floats(x), floats(gy), weight,
                               wanted[0] ? gx.data_ptr<float>() : nullptr, wanted[1], wanted[2]);
  return {gx, all.weights, all.biases};
}

std::tuple<Tensor, Tensor, Tensor> convolution_backward(
    const Tensor& gy, const Tensor& x, const Tensor& weight, at::OptionalIntArrayRef bias_sizes,
    IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed,
    IntArrayRef output_padding, int64_t groups, std::array<bool, 3> wanted) {
  return serves(gy, x, weight, stride, padding, dilation, transposed, groups)
             ? depthwise_backward(gy, x, weight, wanted)
             : at::compositeexplicitautograd::convolution_backward(
                   gy, x, weight, bias_sizes, stride, padding, dilation, transposed, output_padding,
                   groups, wanted);
}

// Feed-forward networks

// Rows of so many channels, in parts that stay in a cache.
struct Parts {
  Parts(int64_t rows, int64_t channels) : Parts(of_each(rows, fitting(rows, channels))) {}

  static Parts of_each(int64_t rows, int64_t each) {
    return {rows, each, each == 0 ? 0 : (rows + each - 1) / each};
  }

  int64_t from(int64_t part) const { return part * each; }
  int64_t size(int64_t part) const { return std::min(each, rows - from(part)); }

  int64_t rows;
  int64_t each;
  int64_t count;

 private:
  Parts(int64_t rows, int64_t each, int64_t count) : rows(rows), each(each), count(count) {}

  static int64_t fitting(int64_t rows, int64_t channels) {
    const int64_t row = std::max<int64_t>(channels, 1) * static_cast<int64_t>(sizeof(float));
    const int64_t fit = kCached / row / 32 * 32;
    return std::clamp<int64_t>(fit, 32, std::max<int64_t>(rows, 32));
  }
};

// Calls act with the number of each part, its first row and the number of its rows.
template <class Act>
void each_part(const Parts& parts, Act act) {
  parallel(parts.count, [&](int64_t part) {
    const at::AutoDispatchBelowADInplaceOrView below;
    act(part, parts.from(part), parts.size(part));
  });
}

Tensor rows_of(const Tensor& x) { return x.reshape({-1, x.size(-1)}).contiguous(); }

// Rows in the shape of `like`, up to the last axis.
Tensor shaped(const Tensor& rows, const Tensor& like) {
  auto shape = like.sizes().vec();
  shape.back() = rows.size(1);
  return rows.view(shape);
}

// Sums of products of matrices, one for each group of parts.
class Products {
 public:
  Products(int64_t groups, const Tensor& like)
      : sums_(at::empty({groups, like.size(0), like.size(1)}, like.options())), begun_(groups) {}

  void add(int64_t group, const Tensor& a, const Tensor& b) {
    Tensor sum = sums_[group];
    if (begun_[group]) {
      sum.addmm_(a, b);
    } else {
      at::mm_out(sum, a, b);
      begun_[group] = 1;
    }
  }

  Tensor total() const {
    for (size_t group = 0; group < begun_.size(); group++) {
      if (!begun_[group]) {
        sums_[static_cast<int64_t>(group)].zero_();
      }
    }
    return sums_.size(0) == 1 ? sums_[0] : sums_.sum(0);
  }

 private:
  Tensor sums_;
  std::vector<char> begun_;
};

// Parts that one thread each sends through all operations if there are so many rows that packing
// the weights for each part costs little, or else one part for all threads.
Parts parts_of(int64_t rows, int64_t channels) {
  return rows >= kManyRows * channels ? Parts(rows, channels) : Parts::of_each(rows, rows);
}

// Calls act with the number of a group, and for each of its parts the first row and the number of
// rows.
template <class Act>
void each_group(const Parts& parts, int64_t groups, Act act) {
  each_part(Parts::of_each(groups, 1), [&](int64_t group, int64_t, int64_t) {
    const int64_t end = (group + 1) * parts.count / groups;
    for (int64_t part = group * parts.count / groups; part < end; part++) {
      act(group, parts.from(part), parts.size(part));
    }
  });
}

int64_t groups_of(int64_t parts) { return std::clamp<int64_t>(parts, 1, at::get_num_threads()); }

// linear, GELU, linear.
class Mlp : public torch::autograd::Function<Mlp> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& w1,
                        const Tensor& some_b1, const Tensor& w2, const Tensor& b2) {
    const at::AutoDispatchBelowADInplaceOrView below;
    const Tensor rows = rows_of(x), b1 = some_b1.contiguous();
    const Tensor kept = at::empty({rows.size(0), w1.size(0)}, rows.options());
    const Tensor y = compute(rows, kept, w1, b1, w2, b2);
    ctx->save_for_backward({x, kept, w1, b1, w2});  // x, whose changes are noticed
    return shaped(y, x);
  }

  // Keeps the products of the first layer if `kept` is defined.
  static Tensor compute(const Tensor& rows, const Tensor& kept, const Tensor& w1, const Tensor& b1,
                        const Tensor& w2, const Tensor& b2) {
    const int64_t hidden = w1.size(0);
    const Tensor y = at::empty({rows.size(0), w2.size(0)}, rows.options());
    each_part(parts_of(rows.size(0), hidden), [&](int64_t, int64_t from, int64_t size) {
      Tensor activated = at::empty({size, hidden}, rows.options());
      Tensor products = kept.defined() ? kept.narrow(0, from, size) : activated;
      Tensor out = y.narrow(0, from, size);
      at::mm_out(products, rows.narrow(0, from, size), w1.t());
      each_part(Parts(size, hidden), [&](int64_t, int64_t first, int64_t some) {
        loops().bias_gelu(floats(products) + first * hidden, floats(b1),
                          activated.data_ptr<float>() + first * hidden, some, hidden);
      });
      at::addmm_out(out, b2, activated, w2.t());
    });
    return y;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& outputs) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &kept = saved[1], &w1 = saved[2], &b1 = saved[3], &w2 = saved[4];
    const at::AutoDispatchBelowADInplaceOrView below;
    const Tensor rows = rows_of(saved[0]), gy = rows_of(outputs[0]);
    const bool of_w1 = ctx->needs_input_grad(1), of_w2 = ctx->needs_input_grad(3);
    const int64_t hidden = w1.size(0);
    const Parts parts = parts_of(rows.size(0), hidden);
    const Tensor gx = at::empty_like(rows);
    const int64_t groups = groups_of(parts.count);
    const Tensor gb1 = at::zeros({groups, hidden}, rows.options());
    Products gw1(groups, w1), gw2(groups, w2);
    each_group(parts, groups, [&](int64_t group, int64_t from, int64_t size) {
      const Tensor in = rows.narrow(0, from, size);
      const Tensor out = gy.narrow(0, from, size);
      Tensor to = gx.narrow(0, from, size);
      Tensor gradient = at::mm(out, w2);
      const Tensor activated = at::empty_like(gradient);
      const Parts small(size, hidden);
      const Tensor sums = at::zeros({small.count, hidden}, rows.options());
      each_part(small, [&](int64_t some_part, int64_t first, int64_t some) {
        loops().bias_gelu_gradient(floats(kept) + (from + first) * hidden, floats(b1),
                                   activated.data_ptr<float>() + first * hidden,
                                   gradient.data_ptr<float>() + first * hidden,
                                   sums.data_ptr<float>() + some_part * hidden, some, hidden);
      });
      gb1[group].add_(sums.sum(0));
      if (of_w2) {
        gw2.add(group, out.t(), activated);
      }
      if (of_w1) {
        gw1.add(group, gradient.t(), in);
      }
      at::mm_out(to, gradient, w1);
    });
    return {shaped(gx, outputs[0]), of_w1 ? gw1.total() : Tensor(), gb1.sum(0),
            of_w2 ? gw2.total() : Tensor(), gy.sum(0)};
  }
};

// Says what does not fit: the loops read where these sizes say.
void check_layer(const char* name, const Tensor& weight, const Tensor& bias, int64_t in) {
  TORCH_CHECK(weight.dim() == 2 && weight.size(1) == in && bias.dim() == 1 &&
                  bias.size(0) == weight.size(0),
              name, " reads ", in, " channels, but has a weight of ", weight.sizes(),
              " and a bias of ", bias.sizes());
}

void check_floats(at::TensorList arrays) {
  for (const Tensor& array : arrays) {
    TORCH_CHECK(array.scalar_type() == at::kFloat && array.is_cpu(),
                "kernels of the CPU compute in float32, but got ", array.scalar_type(), " on ",
                array.device());
  }
}

Tensor mlp(const Tensor& x, const Tensor& w1, const Tensor& b1, const Tensor& w2,
           const Tensor& b2) {
  check_floats({x, w1, b1, w2, b2});
  TORCH_CHECK(x.dim() > 0, "mlp reads arrays of at least one axis");
  check_layer("the first layer", w1, b1, x.size(-1));
  check_layer("the second layer", w2, b2, w1.size(0));
  if (at::GradMode::is_enabled()) {
    return Mlp::apply(x, w1, b1, w2, b2);
  }
  const at::AutoDispatchBelowADInplaceOrView below;
  return shaped(Mlp::compute(rows_of(x), Tensor(), w1, b1.contiguous(), w2, b2), x);
}

// Depthwise convolutions, each of as many of the channels, GELU and a linear layer, on maps
// B H W C.
class DepthwiseGeluLinear : public torch::autograd::Function<DepthwiseGeluLinear> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& some_x, const Tensor& k1,
                        const Tensor& b1, const std::optional<Tensor>& k2,
                        const std::optional<Tensor>& b2, bool residual, const Tensor& w,
                        const Tensor& b) {
    const at::AutoDispatchBelowADInplaceOrView below;
    const Tensor x = some_x.contiguous();
    ctx->saved_data["residual"] = residual;
    ctx->save_for_backward({x, k1, b1, k2.value_or(Tensor()), b2.value_or(Tensor()), w});
    const Maps maps(x, {k1, k2.value_or(Tensor())}, {b1, b2.value_or(Tensor())}, residual);
    const Tensor y = at::empty({maps.rows(), w.size(0)}, x.options());
    maps.each_strip([&](int64_t, int64_t first, const Tensor& u) {
      Tensor out = y.narrow(0, first, u.size(0));
      each_part(Parts(u.size(0), maps.channels), [&](int64_t, int64_t from, int64_t size) {
        float* values = u.data_ptr<float>() + from * maps.channels;
        loops().bias_gelu(values, nullptr, values, size, maps.channels);
      });
      at::addmm_out(out, b, u, w.t());
    });
    return shaped(y, x);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& outputs) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &w = saved[5];
    const at::AutoDispatchBelowADInplaceOrView below;
    const Maps maps(x, {saved[1], saved[3]}, {saved[2], saved[4]},
                    ctx->saved_data["residual"].toBool());
    const Tensor gy = rows_of(outputs[0]);
    const Tensor g = at::empty({maps.rows(), maps.channels}, x.options());  // of the convolutions
    const bool of_w = ctx->needs_input_grad(maps.kernels[1].defined() ? 5 : 3);
    Products gw(maps.groups(), w);
    maps.each_strip([&](int64_t group, int64_t first, const Tensor& u) {
      const Tensor out = gy.narrow(0, first, u.size(0));
      Tensor gradient = g.narrow(0, first, u.size(0));
      at::mm_out(gradient, out, w);
      each_part(Parts(u.size(0), maps.channels), [&](int64_t, int64_t from, int64_t size) {
        float* values = u.data_ptr<float>() + from * maps.channels;
        loops().bias_gelu_gradient(values, nullptr, values,
                                   gradient.data_ptr<float>() + from * maps.channels, nullptr, size,
                                   maps.channels);
      });
      if (of_w) {
        gw.add(group, out.t(), u);
      }
    });
    const Tensor gx = at::empty_like(x);
    variable_list of_kernels;
    for (size_t i = 0; i < 2; i++) {
      if (!maps.kernels[i].defined()) {
        of_kernels.insert(of_kernels.end(), 2, Tensor());
        continue;
      }
      const int64_t start = maps.start(i);
      const DepthwiseGradients all(maps.sizes(i), x.size(0), floats(x) + start, floats(g) + start,
                                   maps.kernels[i], gx.data_ptr<float>() + start,
                                   ctx->needs_input_grad(1 + 2 * i),
                                   ctx->needs_input_grad(2 + 2 * i));
      of_kernels.push_back(all.weights);
      of_kernels.push_back(all.biases);
    }
    return {gx,
            of_kernels[0],
            of_kernels[1],
            of_kernels[2],
            of_kernels[3],
            Tensor(),
            of_w ? gw.total() : Tensor(),
            gy.sum(0)};
  }

 private:
  // The maps and the convolutions of their channels.
  struct Maps {
    Maps(const Tensor& x, std::array<Tensor, 2> kernels, std::array<Tensor, 2> some_biases,
         bool residual)
        : x(x),
          kernels(std::move(kernels)),
          biases(std::move(some_biases)),
          residual(residual),
          channels(x.size(3)) {
      for (Tensor& bias : biases) {
        bias = bias.defined() ? bias.contiguous() : bias;
      }
    }

    int64_t rows() const { return x.size(0) * x.size(1) * x.size(2); }

    int64_t start(size_t convolution) const { return convolution == 0 ? 0 : kernels[0].size(0); }

    Depthwise sizes(size_t convolution) const {
      const Tensor& of = kernels[convolution];
      return {x.size(1), x.size(2), of.size(0), channels, of.size(2), residual};
    }

    int64_t groups() const { return groups_of(strips().count); }

    // Calls act with the number of a group, and for each of its strips the first pixel, and the
    // convolved channels of its pixels.
    template <class Act>
    void each_strip(Act act) const {
      const std::array<Tensor, 2> taps{taps_of(kernels[0]),
                                       kernels[1].defined() ? taps_of(kernels[1]) : Tensor()};
      each_group(strips(), groups(), [&](int64_t group, int64_t from, int64_t size) {
        act(group, from * x.size(2), convolved(taps, from, size));
      });
    }

    const Tensor x;
    const std::array<Tensor, 2> kernels;
    std::array<Tensor, 2> biases;
    const bool residual;
    const int64_t channels;

   private:
    // Rows of pixels, of all maps.
    Parts strips() const {
      const int64_t count = x.size(0) * x.size(1);
      const int64_t row = x.size(2) * channels * static_cast<int64_t>(sizeof(float));
      const bool many = rows() >= kManyRows * channels;
      return Parts::of_each(count, many ? std::max<int64_t>(1, kCached / (row + 1)) : count);
    }

    // So many rows of pixels from `first` on.
    Tensor convolved(const std::array<Tensor, 2>& taps, int64_t first, int64_t count) const {
      const int64_t height = x.size(1), row = x.size(2) * channels;
      const Tensor u = at::empty({count * x.size(2), channels}, x.options());
      each_part(Parts::of_each(count, std::max<int64_t>(1, count / kStrips)),
                [&](int64_t, int64_t from, int64_t size) {
                  const int64_t end = first + from + size;
                  for (int64_t y = first + from; y < end;) {
                    const int64_t top = y / height * height;  // of this map
                    const int64_t to = std::min(end, top + height);
                    for (size_t i = 0; i < 2 && taps[i].defined(); i++) {
                      loops().depthwise(sizes(i), floats(x) + top * row + start(i), floats(taps[i]),
                                        floats(biases[i]), y - top, to - top,
                                        u.data_ptr<float>() + (top - first) * row + start(i));
                    }
                    y = to;
                  }
                });
      return u;
    }
  };
};

void check_kernels(const Tensor& kernels, const Tensor& biases) {
  TORCH_CHECK(kernels.dim() == 4 && kernels.size(1) == 1 && is_side(kernels.size(2)) &&
                  kernels.size(3) == kernels.size(2) && biases.dim() == 1 &&
                  biases.size(0) == kernels.size(0),
              "depthwise kernels are C 1 k k with k of 3, 5 or 7, and biases C, but they are ",
              kernels.sizes(), " and ", biases.sizes());
}

Tensor depthwise_gelu_linear(const Tensor& x, const Tensor& k1, const Tensor& b1,
                             const std::optional<Tensor>& k2, const std::optional<Tensor>& b2,
                             bool residual, const Tensor& w, const Tensor& b) {
  check_floats({x, k1, b1, w, b});
  TORCH_CHECK(x.dim() == 4, "depthwise convolutions read maps B H W C, but got ", x.sizes());
  check_kernels(k1, b1);
  int64_t channels = k1.size(0);
  TORCH_CHECK(k2.has_value() == b2.has_value(), "kernels and biases come together");
  if (k2.has_value()) {
    check_floats({*k2, *b2});
    check_kernels(*k2, *b2);
    channels += k2->size(0);
  }
  TORCH_CHECK(channels == x.size(3), "kernels are for ", channels, " channels, but the map has ",
              x.size(3));
  check_layer("the linear layer", w, b, channels);
  return DepthwiseGeluLinear::apply(x, k1, b1, k2, b2, residual, w, b);
}

// Batch norm, GELU and a convolution

int64_t rows_in(const Tensor& x) { return x.size(0) * x.size(2) * x.size(3); }

// Mean and biased variance of each channel, B C H W -> C: Chan, Golub and LeVeque (1979), part
// after part.
std::tuple<Tensor, Tensor> moments(const Tensor& x) {
  const int64_t channels = x.size(1);
  const Parts parts(rows_in(x), channels);
  const Tensor means = at::empty({parts.count, channels}, x.options());
  const Tensor squares = at::empty_like(means);
  each_part(parts, [&](int64_t part, int64_t from, int64_t size) {
    loops().moments(floats(x) + from * channels, means.data_ptr<float>() + part * channels,
                    squares.data_ptr<float>() + part * channels, size, channels);
  });
  const Tensor mean = at::empty({channels}, means.options());
  const Tensor var = at::empty_like(mean);
  for (int64_t c = 0; c < channels; c++) {
    double count = 0, middle = 0, rest = 0;
    for (int64_t part = 0; part < parts.count; part++) {
      const double more = static_cast<double>(parts.size(part));
      const double away = floats(means)[part * channels + c] - middle;
      rest += floats(squares)[part * channels + c] + away * away * count * more / (count + more);
      middle += away * more / (count + more);
      count += more;
    }
    mean.data_ptr<float>()[c] = static_cast<float>(middle);
    var.data_ptr<float>()[c] = static_cast<float>(rest / count);
  }
  return {mean, var};
}

// gelu(scale * x + shift), B C H W.
Tensor activated(const Tensor& x, const Tensor& scale, const Tensor& shift) {
  const int64_t channels = x.size(1);
  const Tensor a = at::empty_like(x);
  each_part(Parts(rows_in(x), channels), [&](int64_t, int64_t from, int64_t size) {
    loops().affine_gelu(floats(x) + from * channels, floats(scale), floats(shift),
                        a.data_ptr<float>() + from * channels, size, channels);
  });
  return a;
}

class NormGeluConvolution : public torch::autograd::Function<NormGeluConvolution> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& some_x, const Tensor& weight,
                        const Tensor& bias, const Tensor& running_mean, const Tensor& running_var,
                        bool of_batch, double momentum, double eps, const Tensor& kernels,
                        const std::optional<Tensor>& biases, int64_t padding, int64_t groups) {
    const at::AutoDispatchBelowADInplaceOrView below;
    const Tensor x = channels_last(some_x);
    Tensor mean = running_mean, var = running_var;
    if (of_batch) {
      std::tie(mean, var) = moments(x);
      const double n = static_cast<double>(rows_in(x));
      running_mean.mul_(1 - momentum).add_(mean, momentum);
      running_var.mul_(1 - momentum).add_(var, momentum * n / (n - 1));
    } else {
      mean = mean.clone();
    }
    const Tensor inverse = var.add(eps).rsqrt();
    const Tensor scale = weight.mul(inverse);
    const Tensor shift = bias.sub(mean.mul(scale));
    ctx->saved_data["of_batch"] = of_batch;
    ctx->saved_data["padding"] = padding;
    ctx->saved_data["groups"] = groups;
    ctx->saved_data["biased"] = biases.has_value();
    ctx->save_for_backward({x, mean, inverse, scale, shift, kernels});
    return at::convolution(activated(x, scale, shift), kernels, biases, {1, 1}, {padding, padding},
                           {1, 1}, false, {0, 0}, groups);
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& outputs) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &x = saved[0], &mean = saved[1], &inverse = saved[2], &scale = saved[3],
                 &shift = saved[4], &kernels = saved[5];
    const at::AutoDispatchBelowADInplaceOrView below;
    const int64_t padding = ctx->saved_data["padding"].toInt();
    const bool biased = ctx->saved_data["biased"].toBool();
    auto [some_g, gw, gb] = at::convolution_backward(
        channels_last(outputs[0]), activated(x, scale, shift), kernels,
        IntArrayRef(kernels.sizes().slice(0, 1)), {1, 1}, {padding, padding}, {1, 1}, false, {0, 0},
        ctx->saved_data["groups"].toInt(),
        {true, ctx->needs_input_grad(5), biased && ctx->needs_input_grad(6)});
    const Tensor g = channels_last(some_g);
    const int64_t channels = x.size(1);
    const Parts parts(rows_in(x), channels);
    const Tensor sums = at::zeros({parts.count, 2, channels}, scale.options());
    each_part(parts, [&](int64_t part, int64_t from, int64_t size) {
      float* of_part = sums.data_ptr<float>() + part * 2 * channels;
      loops().affine_gelu_gradient(floats(x) + from * channels, floats(scale), floats(shift),
                                   floats(mean), g.data_ptr<float>() + from * channels, of_part,
                                   of_part + channels, size, channels);
    });
    const Tensor all = sums.sum(0);
    const Tensor gbias = all[0];
    const Tensor gweight = all[1].mul(inverse);
    Tensor b = at::zeros({channels}, scale.options()), c = b;
    if (ctx->saved_data["of_batch"].toBool()) {
      const double n = static_cast<double>(rows_in(x));
      b = scale.mul(inverse).mul(gweight).div(-n);
      c = scale.mul(gbias).div(-n);
    }
    each_part(parts, [&](int64_t, int64_t from, int64_t size) {
      loops().combine(floats(x) + from * channels, floats(mean), floats(scale), floats(b),
                      floats(c), g.data_ptr<float>() + from * channels, size, channels);
    });
    return {g,        gweight,  gbias, Tensor(), Tensor(), Tensor(),
            Tensor(), Tensor(), gw,    gb,       Tensor(), Tensor()};
  }
};

Tensor norm_gelu_convolution(const Tensor& x, const Tensor& weight, const Tensor& bias,
                             const Tensor& running_mean, const Tensor& running_var, bool of_batch,
                             double momentum, double eps, const Tensor& kernels,
                             const std::optional<Tensor>& biases, int64_t padding, int64_t groups) {
  check_floats({x, weight, bias, running_mean, running_var, kernels});
  TORCH_CHECK(x.dim() == 4, "batch norms read maps B C H W, but got ", x.sizes());
  for (const Tensor& array : {weight, bias, running_mean, running_var}) {
    TORCH_CHECK(array.dim() == 1 && array.size(0) == x.size(1), "the batch norm is of ",
                array.sizes(), " channels, but the map has ", x.size(1));
  }
  return NormGeluConvolution::apply(x, weight, bias, running_mean, running_var, of_batch, momentum,
                                    eps, kernels, biases, padding, groups);
}

// Cross-entropies of enlarged scores

// Where bilinear interpolation takes each of `to` places from, as PyTorch's does.
std::vector<Between> between(int64_t from, int64_t to, bool align_corners) {
  const float step = !align_corners ? static_cast<float>(from) / static_cast<float>(to)
                     : to > 1       ? static_cast<float>(from - 1) / static_cast<float>(to - 1)
                                    : 0.0f;
  std::vector<Between> places;
  for (int64_t i = 0; i < to; i++) {
    const float at =
        align_corners ? step * static_cast<float>(i) : step * (static_cast<float>(i) + 0.5f) - 0.5f;
    const float place = std::max(at, 0.0f);
    const int64_t first = std::min(static_cast<int64_t>(place), from - 1);
    const float share = std::clamp(place - static_cast<float>(first), 0.0f, 1.0f);
    places.push_back({first, std::min(first + 1, from - 1), share});
  }
  return places;
}

// Of scores B h w C and labels B H W. Each strip of labels adds to rows of its own, and these are
// added one strip after another, so the number of threads changes no bit.
struct CrossEntropies {
  Tensor sum;       // float64
  Tensor gradient;  // of the sum, B h w C, if wanted

  CrossEntropies(const Tensor& scores, const Tensor& labels, const Targets& targets,
                 bool align_corners, bool wanted) {
    const int64_t height = labels.size(1), width = labels.size(2);
    const int64_t row = scores.size(2) * targets.classes;
    const auto rows = between(scores.size(1), height, align_corners);
    const auto columns = between(scores.size(2), width, align_corners);
    const Strips strips(scores.size(0), height, (height + kStrips - 1) / kStrips);
    const auto top = [&](int64_t strip) { return rows[strips.from(strip)].first; };
    const auto count = [&](int64_t strip) {
      return rows[strips.to(strip) - 1].second - top(strip) + 1;
    };
    Tensor gradients;
    if (wanted) {
      int64_t most = 0;
      for (int64_t strip = 0; strip < strips.count; strip++) {
        most = std::max(most, count(strip));
      }
      gradients =
          at::empty({strips.count, most, scores.size(2), targets.classes}, scores.options());
    }
    std::vector<double> sums(strips.count);
    parallel(strips.count, [&](int64_t strip) {
      const at::AutoDispatchBelowADInplaceOrView below;
      const float* map = floats(scores) + strips.map(strip) * scores.size(1) * row;
      const int64_t* of_map = labels.const_data_ptr<int64_t>() + strips.map(strip) * height * width;
      const Tensor blended = at::empty({row}, scores.options());
      const Tensor some = at::empty({targets.classes + kMostLanes}, scores.options());
      Tensor of_row, own;
      if (wanted) {
        of_row = at::empty({row}, scores.options());
        own = gradients[strip].zero_();
      }
      for (int64_t y = strips.from(strip); y < strips.to(strip); y++) {
        const Between& place = rows[y];
        const int64_t* of_labels = of_map + y * width;
        check_labels(targets, of_labels, width);
        loops().blend(map + place.first * row, map + place.second * row, place.share,
                      blended.data_ptr<float>(), row);
        float* g = wanted ? of_row.zero_().data_ptr<float>() : nullptr;
        sums[strip] += loops().cross_entropies(targets, columns.data(), of_labels, width,
                                               floats(blended), some.data_ptr<float>(), g);
        if (wanted) {
          float* to = own.data_ptr<float>();
          loops().add_blend(g, place.share, to + (place.first - top(strip)) * row,
                            to + (place.second - top(strip)) * row, row);
        }
      }
    });
    double all = 0;
    for (const double of_strip : sums) {
      all += of_strip;
    }
    sum = at::full({}, all, scores.options().dtype(at::kDouble));
    if (wanted) {
      gradient = at::zeros_like(scores);
      for (int64_t strip = 0; strip < strips.count; strip++) {
        gradient[strips.map(strip)]
            .narrow(0, top(strip), count(strip))
            .add_(gradients[strip].narrow(0, 0, count(strip)));
      }
    }
  }

 private:
  static void check_labels(const Targets& targets, const int64_t* labels, int64_t width) {
    for (int64_t x = 0; x < width; x++) {
      TORCH_CHECK(labels[x] == targets.ignored || (labels[x] >= 0 && labels[x] < targets.classes),
                  "Target ", labels[x], " is out of bounds.");
    }
  }
};

class EnlargedCrossEntropy : public torch::autograd::Function<EnlargedCrossEntropy> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& scores, const Tensor& labels,
                        const std::optional<Tensor>& weights, int64_t ignored, double smoothing,
                        bool align_corners, bool wanted) {
    const at::AutoDispatchBelowADInplaceOrView below;
    const int64_t classes = scores.size(1);
    const Tensor ones = at::ones({classes}, scores.options());
    const Tensor weight = weights.has_value() ? weights->contiguous() : ones;
    const Tensor own = weight.mul(1 - smoothing);
    const Tensor spread = weight.mul(smoothing / static_cast<double>(classes));
    const bool smooths = smoothing != 0;
    const Targets targets{classes, ignored, floats(own), smooths ? floats(spread) : nullptr,
                          smooths ? spread.sum().item<float>() : 0.0f};
    const CrossEntropies all(scores.permute({0, 2, 3, 1}).contiguous(), labels.contiguous(),
                             targets, align_corners, wanted);
    if (wanted) {
      ctx->save_for_backward({all.gradient});
    }
    return all.sum;
  }

  static variable_list backward(AutogradContext* ctx, const variable_list& outputs) {
    const at::AutoDispatchBelowADInplaceOrView below;
    const Tensor gradient = ctx->get_saved_variables()[0].mul(outputs[0]).permute({0, 3, 1, 2});
    return {gradient, Tensor(), Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

Tensor enlarged_cross_entropy(const Tensor& scores, const Tensor& labels,
                              const std::optional<Tensor>& weights, int64_t ignored,
                              double smoothing, bool align_corners) {
  check_floats({scores});
  TORCH_CHECK(scores.dim() == 4 && labels.dim() == 3 && labels.size(0) == scores.size(0) &&
                  scores.size(1) > 0 && scores.size(2) > 0 && scores.size(3) > 0 &&
                  labels.size(1) > 0 && labels.size(2) > 0,
              "scores are B C h w and labels B H W, but they are ", scores.sizes(), " and ",
              labels.sizes());
  TORCH_CHECK(labels.scalar_type() == at::kLong && labels.is_cpu(),
              "labels must be int64 on the CPU, but they are ", labels.scalar_type(), " on ",
              labels.device());
  if (weights.has_value()) {
    check_floats({*weights});
    TORCH_CHECK(weights->dim() == 1 && weights->size(0) == scores.size(1), "there are ",
                scores.size(1), " classes, but weights of ", weights->sizes());
  }
  const bool wanted = at::GradMode::is_enabled() && scores.requires_grad();
  // Weights of classes are no parameters.
  const auto constants = weights.has_value() ? std::optional<Tensor>(weights->detach()) : weights;
  return EnlargedCrossEntropy::apply(scores, labels, constants, ignored, smoothing, align_corners,
                                     wanted);
}

// Operations and kernels stay for good.
void define() {
  static auto* ours = new torch::Library(torch::Library::FRAGMENT, "segtrain", std::nullopt,
                                         "segtrain_kernels.cpp", 0);
  ours->def("mlp(Tensor x, Tensor w1, Tensor b1, Tensor w2, Tensor b2) -> Tensor", &mlp);
  ours->def(
      "depthwise_gelu_linear(Tensor x, Tensor k1, Tensor b1, Tensor? k2, Tensor? b2, "
      "bool residual, Tensor w, Tensor b) -> Tensor",
      &depthwise_gelu_linear);
  ours->def(
      "norm_gelu_convolution(Tensor x, Tensor weight, Tensor bias, Tensor(a!) running_mean, "
      "Tensor(b!) running_var, bool of_batch, float momentum, float eps, Tensor kernels, "
      "Tensor? biases, int padding, int groups) -> Tensor",
      &norm_gelu_convolution);
  ours->def(
      "enlarged_cross_entropy(Tensor scores, Tensor labels, Tensor? weights, int ignored, "
      "float smoothing, bool align_corners) -> Tensor",
      &enlarged_cross_entropy);
  static auto* aten = new torch::Library(torch::Library::IMPL, "aten", c10::DispatchKey::CPU,
                                         "segtrain_kernels.cpp", 0);
  aten->impl("convolution_backward", &convolution_backward);
}

}  // namespace

extern "C" {

// Says whether this processor has what the kernels need. Wide vectors are those of AVX-512.
JNIEXPORT jboolean JNICALL Java_org_segtrain_engine_internal_CpuKernels_register(JNIEnv*, jclass,
                                                                                 jboolean wide) {
  if (!__builtin_cpu_supports("x86-64-v3")) {
    return JNI_FALSE;
  }
  loops_ = wide && __builtin_cpu_supports("x86-64-v4") ? &avx512::loops : &avx2::loops;
  try {
    define();
  } catch (const std::exception&) {
    return JNI_FALSE;  // those of another segtrain are there
  }
  return JNI_TRUE;
}
}
