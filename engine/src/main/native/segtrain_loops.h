// Loops over float32 maps, channels last, on one thread each. segtrain_loops.cpp is compiled once
// for each set of vector instructions, without headers whose code could leak out of it.
#pragma once

#include <cstdint>

// Sizes of a depthwise convolution of stride 1 that keeps height and width.
struct Depthwise {
  int64_t height;
  int64_t width;
  int64_t channels;
  int64_t pitch;   // floats from a pixel to the next, in maps
  int64_t kernel;  // side: 3, 5 or 7
  bool residual;   // whether the map is added to what the convolution makes of it
};

// A place between two others: the share of the second, the rest being that of the first.
struct Between {
  int64_t first;
  int64_t second;
  float share;
};

// What the cross-entropies of pixels count.
struct Targets {
  int64_t classes;
  int64_t ignored;      // label of pixels that do not count
  const float* own;     // for each class, the weight of its logarithm in pixels of this class
  const float* spread;  // the same in all pixels, or null
  float all_spread;     // sum of these
};

struct Loops {
  // The rows from `from` to `to` of y, which is a map as x is. weights is k k C, bias C.
  void (*depthwise)(const Depthwise& sizes, const float* x, const float* weights, const float* bias,
                    int64_t from, int64_t to, float* y);

  // Gradients of these rows. x, gy and gx are maps; weights and gw are k k C. Adds to gw. gx, or x
  // and gw, may be null.
  void (*depthwise_gradients)(const Depthwise& sizes, const float* x, const float* gy,
                              const float* weights, int64_t from, int64_t to, float* gx, float* gw);

  // Adds n rows to sum.
  void (*add_rows)(const float* x, float* sum, int64_t n, int64_t channels);

  // a = gelu(x + bias) of n rows of so many channels. a may be x; the bias may be null.
  void (*bias_gelu)(const float* x, const float* bias, float* a, int64_t n, int64_t channels);

  // The same, and g = g * gelu'(x + bias), whose sum over the rows is added to gb, if not null.
  void (*bias_gelu_gradient)(const float* x, const float* bias, float* a, float* g, float* gb,
                             int64_t n, int64_t channels);

  // Mean of n rows, and the sum of squares of what remains.
  void (*moments)(const float* x, float* mean, float* squares, int64_t n, int64_t channels);

  // a = gelu(scale * x + shift).
  void (*affine_gelu)(const float* x, const float* scale, const float* shift, float* a, int64_t n,
                      int64_t channels);

  // g = g * gelu'(scale * x + shift); adds its sum to gs, and that of g * (x - mean) to gxs.
  void (*affine_gelu_gradient)(const float* x, const float* scale, const float* shift,
                               const float* mean, float* g, float* gs, float* gxs, int64_t n,
                               int64_t channels);

  // g = a * g + b * (x - mean) + c.
  void (*combine)(const float* x, const float* mean, const float* a, const float* b, const float* c,
                  float* g, int64_t n, int64_t channels);

  // y = (1 - share) * a + share * b of n floats, or a if that is all.
  void (*blend)(const float* a, const float* b, float share, float* y, int64_t n);

  // Adds (1 - share) * g to a, then share * g to b, which may be a.
  void (*add_blend)(const float* g, float share, float* a, float* b, int64_t n);

  // The sum of the cross-entropies of a row of labels, whose scores are those of `row`, columns C,
  // at the given places. Adds its gradient to g, as `row`, if not null. `some` has room for the
  // scores of a pixel and kMostLanes more.
  double (*cross_entropies)(const Targets& targets, const Between* columns, const int64_t* labels,
                            int64_t width, const float* row, float* some, float* g);
};

constexpr int64_t kMostLanes = 16;

namespace avx2 {
extern const Loops loops;
}
namespace avx512 {
extern const Loops loops;
}
