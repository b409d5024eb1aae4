// The loops of segtrain_loops.h in the namespace SET. Lanes are g++'s vectors.
#include "segtrain_loops.h"

#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace SET {
namespace {

#ifdef __AVX512F__
constexpr int kLanes = 16;
constexpr int kTile = 8;  // pixels whose sums are in registers together
#else
constexpr int kLanes = 8;
constexpr int kTile = 4;
#endif

typedef float Floats __attribute__((vector_size(kLanes * sizeof(float))));
typedef int32_t Ints __attribute__((vector_size(kLanes * sizeof(int32_t))));

Floats all(float value) { return Floats{} + value; }

Floats load(const float* from) {
  Floats x;
  std::memcpy(&x, from, sizeof x);
  return x;
}

void store(float* to, Floats x) { std::memcpy(to, &x, sizeof x); }

#ifdef __AVX512F__
__mmask16 first(int64_t count) { return static_cast<__mmask16>((1u << count) - 1); }

Floats load(const float* from, int64_t count) { return _mm512_maskz_loadu_ps(first(count), from); }

void store(float* to, Floats x, int64_t count) { _mm512_mask_storeu_ps(to, first(count), x); }
#else
__m256i first(int64_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

Floats load(const float* from, int64_t count) { return _mm256_maskload_ps(from, first(count)); }

void store(float* to, Floats x, int64_t count) { _mm256_maskstore_ps(to, first(count), x); }
#endif

// Calls act with the first channel of each vector and the number of its channels.
template <class Act>
void each(int64_t channels, Act act) {
  int64_t c = 0;
  for (; c + kLanes <= channels; c += kLanes) {
    act([](const float* from) { return load(from); }, [](float* to, Floats x) { store(to, x); }, c);
  }
  if (const int64_t rest = channels - c; rest > 0) {
    act([rest](const float* from) { return load(from, rest); },
        [rest](float* to, Floats x) { store(to, x, rest); }, c);
  }
}

// e^x for x <= 0, to two units in the last place, as Cephes' expf computes it; 0 below -87.
Floats exp_of_negative(Floats x) {
  const Ints least = x < -87.0f;
  x = least ? all(-87.0f) : x;
  const Floats shifted = x * 1.44269504f + 12582912.0f;  // the integer in the last bits
  const Floats n = shifted - 12582912.0f;
  const Floats r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Floats p = all(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  Ints bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  Ints scaled;
  std::memcpy(&scaled, &p, sizeof scaled);
  scaled += bits << 23;
  std::memcpy(&p, &scaled, sizeof p);
  return least ? Floats{} : x == x ? p : x;  // the last bits of a NaN are anything
}

// The standard normal distribution at x, and its density.
struct Normal {
  Floats below;
  Floats density;
};

// erfc(z) = t q(t) e^(-z z) with t = 1 / (1 + 0.37 z), as in Abramowitz and Stegun, 7.1.26; q is a
// minimax polynomial of ours, to 1.7e-8 for z up to 9.5.
Normal normal(Floats x) {
  const Floats z = (x < 0.0f ? -x : x) * 0.707106781f;
  const Floats t = 1.0f / (z * 0.37f + 1.0f);
  Floats q = all(0.0619230754673481f);
  q = q * t - 0.30327290296554565f;
  q = q * t + 0.4868415296077728f;
  q = q * t - 0.2853114604949951f;
  q = q * t + 0.3108016848564148f;
  q = q * t + 0.10652047395706177f;
  q = q * t + 0.2062539905309677f;
  q = q * t + 0.20742984116077423f;
  q = q * t + 0.20881374180316925f;
  const Floats e = exp_of_negative(-0.5f * x * x);
  const Floats tail = 0.5f * t * q * e;
  return {x < 0.0f ? tail : 1.0f - tail, e * 0.398942280f};
}

// The pixels of a row from x on, zero where there are none.
template <int kCount, bool kAtEdge, class Read>
void pixels(Floats (&to)[kCount], const float* row, int64_t x, int64_t width, int64_t pitch,
            Read read) {
#pragma GCC unroll 16
  for (int i = 0; i < kCount; i++) {
    const bool inside = !kAtEdge || (x + i >= 0 && x + i < width);
    to[i] = inside ? read(row + (x + i) * pitch) : Floats{};
  }
}

// Pixels next to each other in a row.
struct Tile {
  int64_t here;   // the first one's place in a map
  int64_t count;  // how many there are in the map
  int64_t first;  // row of the kernel that meets the map
  int64_t last;   // behind the last such row

  template <int kKernel>
  static Tile of(const Depthwise& s, int64_t row, int64_t column) {
    constexpr int64_t kPad = kKernel / 2;
    return {(row * s.width + column) * s.pitch, std::min<int64_t>(kTile, s.width - column),
            std::max<int64_t>(0, kPad - row), std::min<int64_t>(kKernel, s.height + kPad - row)};
  }
};

// Calls act for each tile of the rows, and says whether its kernels reach over an edge.
template <int kKernel, class Act>
void each_tile(const Depthwise& s, int64_t from, int64_t to, Act act) {
  constexpr int64_t kPad = kKernel / 2;
  for (int64_t row = from; row < to; row++) {
    for (int64_t column = 0; column < s.width; column += kTile) {
      if (column >= kPad && column + kTile + kPad <= s.width) {
        act(row, column, std::false_type());
      } else {
        act(row, column, std::true_type());
      }
    }
  }
}

// Tile i gets the sum of x[i + dx] weights[dx] over the kernel's row.
template <int kKernel, int kStep, class Read>
void add_taps(Floats (&sums)[kTile], const Floats (&x)[kTile + kKernel - 1], const float* weights,
              int64_t channels, Read read) {
#pragma GCC unroll 8
  for (int dx = 0; dx < kKernel; dx++) {
    const Floats w = read(weights + kStep * dx * channels);
#pragma GCC unroll 8
    for (int i = 0; i < kTile; i++) {
      sums[i] += x[i + dx] * w;
    }
  }
}

template <int kKernel>
void depthwise_of(const Depthwise& s, const float* x, const float* weights, const float* bias,
                  int64_t from, int64_t to, float* y) {
  constexpr int64_t kPad = kKernel / 2;
  each_tile<kKernel>(s, from, to, [&](int64_t row, int64_t column, auto at_edge) {
    const Tile tile = Tile::of<kKernel>(s, row, column);
    each(s.channels, [&](auto read, auto write, int64_t c) {
      Floats sums[kTile];
      for (Floats& sum : sums) {
        sum = read(bias + c);
      }
      for (int64_t dy = tile.first; dy < tile.last; dy++) {
        Floats around[kTile + kKernel - 1];
        const float* of_row = x + (row + dy - kPad) * s.width * s.pitch + c;
        pixels<kTile + kKernel - 1, at_edge.value>(around, of_row, column - kPad, s.width, s.pitch,
                                                   read);
        if (s.residual && dy == kPad) {
#pragma GCC unroll 8
          for (int i = 0; i < kTile; i++) {
            sums[i] += around[i + kPad];
          }
        }
        const float* taps = weights + dy * kKernel * s.channels + c;
        add_taps<kKernel, 1>(sums, around, taps, s.channels, read);
      }
#pragma GCC unroll 8
      for (int i = 0; i < kTile; i++) {
        if (!at_edge.value || i < tile.count) {
          write(y + tile.here + i * s.pitch + c, sums[i]);
        }
      }
    });
  });
}

template <int kKernel>
void gradients_of(const Depthwise& s, const float* x, const float* gy, const float* weights,
                  int64_t from, int64_t to, float* gx, float* gw) {
  constexpr int64_t kPad = kKernel / 2;
  each_tile<kKernel>(s, from, to, [&](int64_t row, int64_t column, auto at_edge) {
    const Tile tile = Tile::of<kKernel>(s, row, column);
    each(s.channels, [&](auto read, auto write, int64_t c) {
      Floats sums[kTile] = {};
      for (int64_t dy = tile.first; dy < tile.last; dy++) {
        Floats g[kTile + kKernel - 1];
        const float* of_row = gy + (row + dy - kPad) * s.width * s.pitch + c;
        pixels<kTile + kKernel - 1, at_edge.value>(g, of_row, column - kPad, s.width, s.pitch,
                                                   read);
        // The tap that met the first of these pixels is the last of the kernel's row.
        const int64_t tap = ((kKernel - 1 - dy) * kKernel + kKernel - 1) * s.channels + c;
        if (gx != nullptr) {
          if (s.residual && dy == kPad) {
#pragma GCC unroll 8
            for (int i = 0; i < kTile; i++) {
              sums[i] += g[i + kPad];
            }
          }
          add_taps<kKernel, -1>(sums, g, weights + tap, s.channels, read);
        }
        if (gw != nullptr) {
          Floats products[kKernel] = {};
#pragma GCC unroll 8
          for (int i = 0; i < kTile; i++) {
            if (!at_edge.value || i < tile.count) {
              const Floats value = read(x + tile.here + i * s.pitch + c);
#pragma GCC unroll 8
              for (int dx = 0; dx < kKernel; dx++) {
                products[dx] += value * g[i + dx];
              }
            }
          }
#pragma GCC unroll 8
          for (int dx = 0; dx < kKernel; dx++) {
            float* sum = gw + tap - dx * s.channels;
            write(sum, read(sum) + products[dx]);
          }
        }
      }
      if (gx != nullptr) {
#pragma GCC unroll 8
        for (int i = 0; i < kTile; i++) {
          if (!at_edge.value || i < tile.count) {
            write(gx + tile.here + i * s.pitch + c, sums[i]);
          }
        }
      }
    });
  });
}

void depthwise(const Depthwise& s, const float* x, const float* weights, const float* bias,
               int64_t from, int64_t to, float* y) {
  const auto of_kernel = s.kernel == 3   ? depthwise_of<3>
                         : s.kernel == 5 ? depthwise_of<5>
                                         : depthwise_of<7>;
  of_kernel(s, x, weights, bias, from, to, y);
}

void depthwise_gradients(const Depthwise& s, const float* x, const float* gy, const float* weights,
                         int64_t from, int64_t to, float* gx, float* gw) {
  const auto of_kernel = s.kernel == 3   ? gradients_of<3>
                         : s.kernel == 5 ? gradients_of<5>
                                         : gradients_of<7>;
  of_kernel(s, x, gy, weights, from, to, gx, gw);
}

void add_rows(const float* x, float* sum, int64_t n, int64_t channels) {
  for (int64_t i = 0; i < n; i++, x += channels) {
    each(channels,
         [&](auto read, auto write, int64_t c) { write(sum + c, read(sum + c) + read(x + c)); });
  }
}

void bias_gelu(const float* x, const float* bias, float* a, int64_t n, int64_t channels) {
  for (int64_t i = 0; i < n; i++, x += channels, a += channels) {
    each(channels, [&](auto read, auto write, int64_t c) {
      const Floats u = bias == nullptr ? read(x + c) : read(x + c) + read(bias + c);
      write(a + c, u * normal(u).below);
    });
  }
}

void bias_gelu_gradient(const float* x, const float* bias, float* a, float* g, float* gb, int64_t n,
                        int64_t channels) {
  for (int64_t i = 0; i < n; i++, x += channels, a += channels, g += channels) {
    each(channels, [&](auto read, auto write, int64_t c) {
      const Floats u = bias == nullptr ? read(x + c) : read(x + c) + read(bias + c);
      const Normal of = normal(u);
      write(a + c, u * of.below);
      const Floats gu = read(g + c) * (of.below + u * of.density);
      write(g + c, gu);
      if (gb != nullptr) {
        write(gb + c, read(gb + c) + gu);
      }
    });
  }
}

void moments(const float* x, float* mean, float* squares, int64_t n, int64_t channels) {
  std::fill_n(mean, channels, 0.0f);
  std::fill_n(squares, channels, 0.0f);
  for (int64_t i = 1; i < n; i++) {
    each(channels, [&](auto read, auto write, int64_t c) {
      write(mean + c, read(mean + c) + (read(x + i * channels + c) - read(x + c)));
    });
  }
  each(channels, [&](auto read, auto write, int64_t c) {
    write(mean + c, read(x + c) + read(mean + c) / static_cast<float>(n));
  });
  for (int64_t i = 0; i < n; i++) {
    each(channels, [&](auto read, auto write, int64_t c) {
      const Floats away = read(x + i * channels + c) - read(mean + c);
      write(squares + c, read(squares + c) + away * away);
    });
  }
}

void affine_gelu(const float* x, const float* scale, const float* shift, float* a, int64_t n,
                 int64_t channels) {
  for (int64_t i = 0; i < n; i++, x += channels, a += channels) {
    each(channels, [&](auto read, auto write, int64_t c) {
      const Floats u = read(x + c) * read(scale + c) + read(shift + c);
      write(a + c, u * normal(u).below);
    });
  }
}

void affine_gelu_gradient(const float* x, const float* scale, const float* shift, const float* mean,
                          float* g, float* gs, float* gxs, int64_t n, int64_t channels) {
  for (int64_t i = 0; i < n; i++, x += channels, g += channels) {
    each(channels, [&](auto read, auto write, int64_t c) {
      const Floats value = read(x + c);
      const Floats u = value * read(scale + c) + read(shift + c);
      const Normal of = normal(u);
      const Floats gu = read(g + c) * (of.below + u * of.density);
      write(g + c, gu);
      write(gs + c, read(gs + c) + gu);
      write(gxs + c, read(gxs + c) + gu * (value - read(mean + c)));
    });
  }
}

void combine(const float* x, const float* mean, const float* a, const float* b, const float* c,
             float* g, int64_t n, int64_t channels) {
  for (int64_t i = 0; i < n; i++, x += channels, g += channels) {
    each(channels, [&](auto read, auto write, int64_t k) {
      const Floats away = read(x + k) - read(mean + k);
      write(g + k, read(a + k) * read(g + k) + read(b + k) * away + read(c + k));
    });
  }
}

void blend(const float* a, const float* b, float share, float* y, int64_t n) {
  if (share == 0.0f) {  // times which infinity is no number
    std::memcpy(y, a, static_cast<size_t>(n) * sizeof(float));
    return;
  }
  each(n, [&](auto read, auto write, int64_t i) {
    write(y + i, (1.0f - share) * read(a + i) + share * read(b + i));
  });
}

void add_blend(const float* g, float share, float* a, float* b, int64_t n) {
  each(n, [&](auto read, auto write, int64_t i) {
    const Floats value = read(g + i);
    write(a + i, read(a + i) + (1.0f - share) * value);
    write(b + i, read(b + i) + share * value);
  });
}

float largest(Floats x) {
  float most = x[0];
  for (int i = 1; i < kLanes; i++) {
    most = x[i] > most ? x[i] : most;
  }
  return most;
}

float sum_of(Floats x) {
  float sum = x[0];
  for (int i = 1; i < kLanes; i++) {
    sum += x[i];
  }
  return sum;
}

// exp(x - its largest) of scores that fill vectors, in place.
struct Exponentials {
  float most;
  float sum;

  Exponentials(float* scores, int64_t count) {
    Floats highest = load(scores);
    for (int64_t c = kLanes; c < count; c += kLanes) {
      const Floats x = load(scores + c);
      highest = x > highest ? x : highest;
    }
    most = largest(highest);
    Floats sums = {};
    for (int64_t c = 0; c < count; c += kLanes) {
      const Floats e = exp_of_negative(load(scores + c) - most);
      store(scores + c, e);
      sums += e;
    }
    sum = sum_of(sums);
  }
};

double cross_entropies(const Targets& targets, const Between* columns, const int64_t* labels,
                       int64_t width, const float* row, float* some, float* g) {
  const int64_t classes = targets.classes;
  const int64_t padded = (classes + kLanes - 1) / kLanes * kLanes;
  double sum = 0;
  for (int64_t x = 0; x < width; x++) {
    const int64_t label = labels[x];
    if (label == targets.ignored) {
      continue;
    }
    const int64_t left = columns[x].first * classes, right = columns[x].second * classes;
    const float share = columns[x].share, own = targets.own[label];
    store(some + padded - kLanes, all(-__builtin_inff()));  // behind the last class
    blend(row + left, row + right, share, some, classes);
    const double score = some[label];
    Floats spread = {};
    if (targets.spread != nullptr) {
      each(classes, [&](auto read, auto, int64_t c) {
        spread += read(some + c) * read(targets.spread + c);
      });
    }
    const Exponentials e(some, padded);
    const double log = __builtin_logf(e.sum);
    sum += own * (e.most - score + log) + targets.all_spread * (e.most + log) - sum_of(spread);
    if (g == nullptr) {
      continue;
    }
    const float factor = (own + targets.all_spread) / e.sum;
    each(classes, [&](auto read, auto write, int64_t c) {
      const Floats of_all = factor * read(some + c);
      write(some + c, targets.spread == nullptr ? of_all : of_all - read(targets.spread + c));
    });
    some[label] -= own;
    add_blend(some, share, g + left, g + right, classes);
  }
  return sum;
}

}  // namespace

const Loops loops = {
    depthwise,   depthwise_gradients,  add_rows, bias_gelu, bias_gelu_gradient, moments,
    affine_gelu, affine_gelu_gradient, combine,  blend,     add_blend,          cross_entropies};

}  // namespace SET
