// The kernels of the CUDA engine, beside cuDNN's convolutions. Feature maps and images are NHWC, which
// is what rows of pixels are, too. No headers and no shared memory: NVRTC compiles this text for the
// device when an engine starts, and the tests compile it for the host. Sums add up in an order that
// depends on sizes alone, in float64, so that the same run gives the same bits.

typedef unsigned char u8;

#define AT ((long long)blockIdx.x * blockDim.x + threadIdx.x)
#define KERNEL extern "C" __global__ void

// Where it is told that a map of float16 had a value that is no number, or too large for the type. What
// writes one may be cuDNN, and what reads one may make a number of it (a ReLU makes 0 of NaN), so every
// reading tells.
extern "C" {
__device__ int* overflow;
}

KERNEL watch(int* flag) { overflow = flag; }

// A value of a feature map, in the type that the text is compiled for, and of what stands in for one
// (logits) where that is float32. All else is float32.
#ifdef CELL_BFLOAT16
struct cell { unsigned short bits; };
static __device__ float get(cell c) { return __uint_as_float((unsigned)c.bits << 16); }
static __device__ cell put(float v) {
  unsigned u = __float_as_uint(v);
  cell c;
  c.bits = v != v ? 0x7fc0 : (unsigned short)((u + 0x7fff + (u >> 16 & 1)) >> 16);
  return c;
}
#elif defined(CELL_FLOAT16)
struct cell { unsigned short bits; };

static __device__ float get(cell c) {
  unsigned magnitude = (c.bits & 0x7fffu) << 13, sign = (c.bits & 0x8000u) << 16;
  if (magnitude >= 0x7c00u << 13) {
    *overflow = 1;
    return __uint_as_float(sign | 0x7f800000u | magnitude);
  }
  // The exponent's offset is 15 here and 127 there; so also below the smallest normal number.
  return __uint_as_float(sign | __float_as_uint(__fmul_rn(__uint_as_float(magnitude), 0x1p112f)));
}

// The nearest, the even one of two; infinity from 65520 on.
static __device__ cell put(float v) {
  unsigned u = __float_as_uint(v), magnitude = u & 0x7fffffffu, bits;
  if (magnitude >= 0x477ff000u) {
    bits = magnitude > 0x7f800000u ? 0x7e00 : 0x7c00;
  } else if (magnitude < 0x38800000u) {  // below 2^-14 steps are of 2^-24, as they are from 0.5 to 1 there
    bits = __float_as_uint(__fadd_rn(__uint_as_float(magnitude), 0.5f)) - 0x3f000000u;
  } else {
    bits = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
  }
  cell c;
  c.bits = (unsigned short)(bits | (u >> 16 & 0x8000u));
  return c;
}
#else
typedef float cell;
static __device__ float get(cell c) { return c; }
static __device__ cell put(float v) { return v; }
#endif

KERNEL widen(const cell* from, float* to, int accumulate, long long n) {
  long long i = AT;
  if (i < n) to[i] = accumulate ? to[i] + get(from[i]) : get(from[i]);
}

KERNEL narrow(const float* from, cell* to, int accumulate, long long n) {
  long long i = AT;
  if (i < n) to[i] = put(accumulate ? get(to[i]) + from[i] : from[i]);
}

// ---- layouts -------------------------------------------------------------------------------------

// Images in planes (NCHW) to rows of pixels; n values, `pixels` in a plane.
KERNEL planes_to_rows(const float* planes, float* rows, int c, long long pixels, long long n) {
  long long i = AT;
  if (i >= n) return;
  long long pixel = i / c;
  rows[i] = planes[(pixel / pixels * c + i % c) * pixels + pixel % pixels];
}

// Interleaved R, G, B of a pixel to (value - mean) * scale of channels from0, from1 and from2 of them, with
// the host's bits.
KERNEL pixels_to_rows(const u8* rgb, float* rows, int from0, int from1, int from2, float mean0, float mean1,
                      float mean2, float scale0, float scale1, float scale2, long long n) {
  long long i = AT;
  if (i >= n) return;
  int k = i % 3;
  int from = k == 0 ? from0 : k == 1 ? from1 : from2;
  float mean = k == 0 ? mean0 : k == 1 ? mean1 : mean2, scale = k == 0 ? scale0 : k == 1 ? scale1 : scale2;
  rows[i] = __fmul_rn(__fadd_rn((float)rgb[i - k + from], -mean), scale);
}

KERNEL rows_to_planes(const float* rows, float* planes, int c, long long pixels, long long n) {
  long long i = AT;
  if (i >= n) return;
  long long pixel = i / c;
  planes[(pixel / pixels * c + i % c) * pixels + pixel % pixels] = rows[i];
}

// Weights [O, I, taps] to cuDNN's order [O, taps, I], times a factor for each output channel.
KERNEL filter_in(const float* weights, const float* factors, cell* filter, int in, int taps, long long n) {
  long long i = AT;
  if (i >= n) return;
  long long o = i / in / taps;
  float w = weights[(o * in + i % in) * taps + i / in % taps];
  filter[i] = put(factors ? factors[o] * w : w);
}

// A gradient [O, taps, I], times a factor, to [O, I, taps], added to what is there or not.
KERNEL filter_out(const cell* filter, float factor, float* weights, int in, int taps, int accumulate, long long n) {
  long long i = AT;
  if (i >= n) return;
  long long to = (i / in / taps * in + i % in) * taps + i / in % taps;
  float g = get(filter[i]) * factor;
  weights[to] = accumulate ? weights[to] + g : g;
}

// ---- elementwise ---------------------------------------------------------------------------------

KERNEL fill(float* v, float value, long long n) {
  long long i = AT;
  if (i < n) v[i] = value;
}

KERNEL add(cell* a, const cell* b, int relu, long long n) {
  long long i = AT;
  if (i >= n) return;
  float sum = get(a[i]) + get(b[i]);
  a[i] = put(relu && !(sum > 0.f) ? 0.f : sum);
}

KERNEL bias(cell* y, const float* values, int c, int relu, long long n) {
  long long i = AT;
  if (i >= n) return;
  float sum = get(y[i]) + values[i % c];
  y[i] = put(relu && !(sum > 0.f) ? 0.f : sum);
}

KERNEL leaky_relu(cell* y, float slope, long long n) {
  long long i = AT;
  if (i < n && !(get(y[i]) > 0.f)) y[i] = put(get(y[i]) * slope);
}

KERNEL leaky_relu_backward(const cell* y, cell* g, float slope, long long n) {
  long long i = AT;
  if (i < n && !(get(y[i]) > 0.f)) g[i] = put(get(g[i]) * slope);
}

// Softmax over the c values of a pixel.
KERNEL softmax(const float* logits, float* p, int c, long long pixels) {
  long long i = AT;
  if (i >= pixels) return;
  const float* z = logits + i * c;
  float* out = p + i * c;
  float top = z[0];
  for (int k = 1; k < c; k++) top = fmaxf(top, z[k]);
  float sum = 0.f;
  for (int k = 0; k < c; k++) sum += out[k] = expf(z[k] - top);
  for (int k = 0; k < c; k++) out[k] /= sum;
}

// p (g - sum p g); g and out may be the same.
KERNEL softmax_backward(const float* p, const float* g, float* out, int c, long long pixels) {
  long long i = AT;
  if (i >= pixels) return;
  float inner = 0.f;
  for (int k = 0; k < c; k++) inner += p[i * c + k] * g[i * c + k];
  for (int k = 0; k < c; k++) out[i * c + k] = p[i * c + k] * (g[i * c + k] - inner);
}

// ---- sums ----------------------------------------------------------------------------------------

// out[t] = in[t] + in[t + parts] + ...
KERNEL sum_parts(const double* in, double* out, long long n, int parts) {
  long long t = AT;
  if (t >= parts) return;
  double sum = 0;
  for (long long i = t; i < n; i += parts) sum += in[i];
  out[t] = sum;
}

// Sums over the rows of each of `chunks` stretches of rows, column by column.
KERNEL column_sums(const cell* x, double* partial, int c, int chunks, long long rows) {
  long long i = AT;
  if (i >= (long long)chunks * c) return;
  long long chunk = i / c, from = rows * chunk / chunks, to = rows * (chunk + 1) / chunks;
  double sum = 0;
  for (long long r = from; r < to; r++) sum += get(x[r * c + i % c]);
  partial[i] = sum;
}

// The same of the squares of what is left without the mean.
KERNEL column_squares(const cell* x, const float* mean, double* partial, int c, int chunks, long long rows) {
  long long i = AT;
  if (i >= (long long)chunks * c) return;
  long long chunk = i / c, from = rows * chunk / chunks, to = rows * (chunk + 1) / chunks;
  double sum = 0;
  for (long long r = from; r < to; r++) {
    double d = (double)get(x[r * c + i % c]) - mean[i % c];
    sum += d * d;
  }
  partial[i] = sum;
}

KERNEL column_total(const double* partial, float* out, int c, int chunks, double factor, int accumulate) {
  long long k = AT;
  if (k >= c) return;
  double sum = 0;
  for (int i = 0; i < chunks; i++) sum += partial[(long long)i * c + k];
  float total = (float)(sum * factor);
  out[k] = accumulate ? out[k] + total : total;
}

// ---- batch normalisation -------------------------------------------------------------------------

#define EPSILON 1e-5

// 1 / sqrt(variance + epsilon)
KERNEL bn_inverse(const float* variance, float* inverse, int c) {
  long long k = AT;
  if (k < c) inverse[k] = (float)(1.0 / sqrt((double)variance[k] + EPSILON));
}

KERNEL bn_apply(const cell* x, const float* mean, const float* inverse, const float* gamma, const float* beta,
                cell* y, int c, int relu, long long n) {
  long long i = AT;
  if (i >= n) return;
  int k = i % c;
  float v = gamma[k] * ((get(x[i]) - mean[k]) * inverse[k]) + beta[k];
  y[i] = put(relu && !(v > 0.f) ? 0.f : v);
}

// Sums of the gradient in front of the ReLU and of its product with the normalised x; those of all
// chunks of the first sum come first.
KERNEL bn_gradient_sums(const cell* x, const cell* gy, const float* mean, const float* inverse,
                        const float* gamma, const float* beta, double* partial, int c, int chunks, int relu,
                        long long rows) {
  long long i = AT;
  if (i >= (long long)chunks * c) return;
  int k = i % c;
  long long chunk = i / c, from = rows * chunk / chunks, to = rows * (chunk + 1) / chunks;
  double sum = 0, product = 0;
  for (long long r = from; r < to; r++) {
    float hat = (get(x[r * c + k]) - mean[k]) * inverse[k];
    float g = relu && !(gamma[k] * hat + beta[k] > 0.f) ? 0.f : get(gy[r * c + k]);
    sum += g;
    product += (double)g * hat;
  }
  partial[i] = sum;
  partial[(long long)chunks * c + i] = product;
}

// gamma / sigma (g - mean(g) - xhat mean(g xhat)); gy and gx may be the same.
KERNEL bn_backward(const cell* x, const cell* gy, const float* mean, const float* inverse, const float* gamma,
                   const float* beta, const float* mean_g, const float* mean_product, cell* gx, int c, int relu,
                   long long n) {
  long long i = AT;
  if (i >= n) return;
  int k = i % c;
  float hat = (get(x[i]) - mean[k]) * inverse[k];
  float g = relu && !(gamma[k] * hat + beta[k] > 0.f) ? 0.f : get(gy[i]);
  gx[i] = put(gamma[k] * inverse[k] * (g - mean_g[k] - hat * mean_product[k]));
}

KERNEL bn_backward_running(const cell* gy, const float* gamma, const float* inverse, cell* gx, int c,
                           long long n) {
  long long i = AT;
  if (i < n) gx[i] = put(gamma[i % c] * inverse[i % c] * get(gy[i]));
}

// running = kept running + added batch, each step rounded by itself.
KERNEL bn_move(float* running, const float* batch, float kept, float added, int c) {
  long long k = AT;
  if (k < c) running[k] = __fadd_rn(__fmul_rn(running[k], kept), __fmul_rn(batch[k], added));
}

// What folds a normalisation into the convolution in front of it: factors and shifts of its outputs.
KERNEL bn_fold(const float* gamma, const float* beta, const float* mean, const float* inverse, float* factors,
               float* shifts, int c) {
  long long k = AT;
  if (k >= c) return;
  factors[k] = gamma[k] * inverse[k];
  shifts[k] = beta[k] - mean[k] * (gamma[k] * inverse[k]);
}

// ---- max-pooling with stride 2 -------------------------------------------------------------------

// The place in its window of each largest value, the first of equal ones.
KERNEL max_pool(const cell* x, cell* y, u8* places, int c, int h, int w, int oh, int ow, int side, int padding,
                long long n) {
  long long i = AT;
  if (i >= n) return;
  int k = i % c, ox = i / c % ow, oy = i / c / ow % oh;
  long long image = i / c / ow / oh;
  float top = 0.f;
  int place = 255;
  for (int a = 0; a < side; a++) {
    int v = 2 * oy - padding + a;
    if (v < 0 || v >= h) continue;
    for (int b = 0; b < side; b++) {
      int u = 2 * ox - padding + b;
      if (u < 0 || u >= w) continue;
      float value = get(x[((image * h + v) * w + u) * c + k]);
      if (place == 255 || value > top) {
        top = value;
        place = a * side + b;
      }
    }
  }
  y[i] = put(top);
  places[i] = (u8)place;
}

// Each value takes the gradients of the windows that it was the largest of.
KERNEL max_pool_backward(const cell* gy, const u8* places, cell* gx, int c, int h, int w, int oh, int ow,
                         int side, int padding, long long n) {
  long long i = AT;
  if (i >= n) return;
  int k = i % c, u = i / c % w, v = i / c / w % h;
  long long image = i / c / w / h;
  float sum = 0.f;
  for (int a = 0; a < side; a++) {
    int oy = v + padding - a;
    if (oy < 0 || oy % 2 || oy / 2 >= oh) continue;
    for (int b = 0; b < side; b++) {
      int ox = u + padding - b;
      if (ox < 0 || ox % 2 || ox / 2 >= ow) continue;
      long long at = ((image * oh + oy / 2) * ow + ox / 2) * c + k;
      if (places[at] == a * side + b) sum += get(gy[at]);
    }
  }
  gx[i] = put(sum);
}

// ---- bilinear interpolation ----------------------------------------------------------------------
// For a row (or column) i of the image: low[i], the map's row it lies behind or on, and the weights of
// that row and of the next one, of which the second is 0 at the end.

KERNEL upsample(const cell* map, const int* low_y, const float* weights_y, const int* low_x,
                const float* weights_x, float* pixels, int c, int h, int w, int height, int width, long long n) {
  long long i = AT;
  if (i >= n) return;
  int k = i % c, u = i / c % width, v = i / c / width % height;
  const cell* image = map + i / c / width / height * h * w * c + k;
  int y0 = low_y[v], x0 = low_x[u];
  long long down = y0 + 1 < h ? (long long)w * c : 0, right = x0 + 1 < w ? c : 0;
  const cell* at = image + ((long long)y0 * w + x0) * c;
  float upper = weights_x[2 * u] * get(at[0]) + weights_x[2 * u + 1] * get(at[right]);
  float lower = weights_x[2 * u] * get(at[down]) + weights_x[2 * u + 1] * get(at[down + right]);
  pixels[i] = weights_y[2 * v] * upper + weights_y[2 * v + 1] * lower;
}

// The adjoint, gathered: from_y[y] to from_y[y + 1] (of pairs) are the image's rows that y takes part in.
KERNEL upsample_adjoint(const float* pixels, const int* low_y, const float* weights_y, const int* range_y,
                        const int* low_x, const float* weights_x, const int* range_x, cell* map, int c, int h,
                        int w, int height, int width, long long n) {
  long long i = AT;
  if (i >= n) return;
  int k = i % c, x = i / c % w, y = i / c / w % h;
  const float* image = pixels + i / c / w / h * height * width * c + k;
  double sum = 0;
  for (int v = range_y[2 * y]; v < range_y[2 * y + 1]; v++) {
    float fy = low_y[v] == y ? weights_y[2 * v] : weights_y[2 * v + 1];
    double row = 0;
    for (int u = range_x[2 * x]; u < range_x[2 * x + 1]; u++) {
      float fx = low_x[u] == x ? weights_x[2 * u] : weights_x[2 * u + 1];
      row += (double)fx * image[((long long)v * width + u) * c];
    }
    sum += fy * row;
  }
  map[i] = put((float)sum);
}

// ---- classes of pixels ---------------------------------------------------------------------------
// With the bits of the host: no product is added before it was rounded, and classes and probabilities
// follow MostLikelyClasses and HostSoftmaxAverage. For a row (or column) of the image: cells[i], the
// map's row before it, and shares[i], how far it is on its way to the next one.

// a + share (b - a)
static __device__ float between(float a, float b, float share) {
  return __fadd_rn(a, __fmul_rn(share, __fadd_rn(b, -a)));
}

// Four neighbouring places of a map, and the c values at each of them.
struct Corners {
  const float *top_left, *top_right, *bottom_left, *bottom_right;
};

static __device__ Corners corners(const float* image, int y, int x, int c, int h, int w) {
  const float* at = image + ((long long)y * w + x) * c;
  long long down = y + 1 < h ? (long long)w * c : 0, right = x + 1 < w ? c : 0;
  return {at, at + right, at + down, at + down + right};
}

static __device__ float score(const Corners& q, int k, float down, float right) {
  return between(between(q.top_left[k], q.bottom_left[k], down), between(q.top_right[k], q.bottom_right[k], down),
                 right);
}

#define LEAST_FLOAT __uint_as_float(0xff800000u)

// The class with the highest sum over the corners.
static __device__ int champion(const Corners& q, int c) {
  int best = 0;
  float highest = LEAST_FLOAT;
  for (int k = 0; k < c; k++) {
    float sum = q.top_left[k] + q.top_right[k] + q.bottom_left[k] + q.bottom_right[k];
    if (sum > highest) {
      highest = sum;
      best = k;
    }
  }
  return best;
}

// The class of the highest score, the first of equal ones, among those that `best` does not exceed at
// all corners.
static __device__ int most_likely(const Corners& q, int best, int c, float down, float right) {
  float a = q.top_left[best], b = q.top_right[best], d = q.bottom_left[best], e = q.bottom_right[best];
  int top = -1;
  float highest = 0.f;
  for (int k = 0; k < c; k++) {
    if (q.top_left[k] < a && q.top_right[k] < b && q.bottom_left[k] < d && q.bottom_right[k] < e) continue;
    float found = score(q, k, down, right);
    if (top < 0 || found > highest) {
      highest = found;
      top = k;
    }
  }
  return top;
}

KERNEL arg_max(const float* map, const int* cells_y, const float* shares_y, const int* cells_x,
               const float* shares_x, u8* best, int c, int h, int w, int height, int width, long long pixels) {
  long long i = AT;
  if (i >= pixels) return;
  int u = i % width, v = i / width % height;
  Corners q = corners(map + i / width / height * h * w * c, cells_y[v], cells_x[u], c, h, w);
  best[i] = (u8)most_likely(q, champion(q, c), c, shares_y[v], shares_x[u]);
}

// e^x of an x that is not above 0, by the host's polynomial (Exponential).
static __device__ float exponential(float x) {
  const float rounding = 12582912.f;
  if (!(x >= -87.f)) return x != x ? x : 0.f;
  float n = __fadd_rn(__fadd_rn(__fmul_rn(x, 1.44269504f), rounding), -rounding);
  float r = __fadd_rn(__fadd_rn(x, -__fmul_rn(n, 0.693359375f)), -__fmul_rn(n, -2.12194440e-4f));
  float p = 1.9875691500e-4f;
  p = __fadd_rn(__fmul_rn(p, r), 1.3981999507e-3f);
  p = __fadd_rn(__fmul_rn(p, r), 8.3334519073e-3f);
  p = __fadd_rn(__fmul_rn(p, r), 4.1665795894e-2f);
  p = __fadd_rn(__fmul_rn(p, r), 1.6666665459e-1f);
  p = __fadd_rn(__fmul_rn(p, r), 5.0000001201e-1f);
  p = __fadd_rn(__fadd_rn(__fmul_rn(__fmul_rn(p, r), r), r), 1.f);
  return __fmul_rn(p, __uint_as_float((unsigned)((int)n + 127) << 23));
}

// The probability of a class by a softmax, at most 1; NaN where a score is no number.
static __device__ float probability(const Corners& q, int of, int c, float down, float right) {
  float highest = LEAST_FLOAT, all = 0.f, own = 0.f;
  for (int k = 0; k < c; k++) {
    float found = score(q, k, down, right);
    highest = found > highest ? found : highest;
  }
  for (int k = 0; k < c; k++) {
    float value = exponential(__fadd_rn(score(q, k, down, right), -highest));
    all = __fadd_rn(all, value);
    if (k == of) own = value;
  }
  float p = __fmul_rn(__fdiv_rn(1.f, all), own);
  return p > 1.f ? 1.f : p;
}

typedef unsigned long long u64;

// Each thread counts a stretch of a row. counts: [c, c] by label and class, then for every `step`th row
// and scored labels, by bin of the probability: pixels, right ones, sums in units; last, labels that are
// no class. Neighbours mostly fall into one count, which is added to once they no longer do.
KERNEL count_pixels(const float* map, const u8* labels, const u8* scored, const int* cells_y, const float* shares_y,
                    const int* cells_x, const float* shares_x, const int* sure_cells_y, const float* sure_shares_y,
                    const int* sure_cells_x, const float* sure_shares_x, u64* counts, int c, int ignore, int h, int w,
                    int height, int width, int stretch, int step, int bins, double unit, long long stretches) {
  long long t = AT;
  if (t >= stretches) return;
  int in_row = (width + stretch - 1) / stretch;
  int v = t / in_row % height, from = t % in_row * stretch, to = from + stretch < width ? from + stretch : width;
  const float* image = map + t / in_row / height * h * w * c;
  const u8* row = labels + t / in_row * width;
  u64* sure = counts + c * c;
  int cell = -1, best = 0, pair = 0, bin = 0;
  u64 pixels = 0, sure_pixels = 0, sure_right = 0, sum = 0;
  Corners q = {};
  for (int u = from; u < to; u++) {
    int label = row[u];
    if (label == ignore) continue;
    if (label >= c) {
      atomicAdd(sure + 3 * bins, (u64)1);
      continue;
    }
    if (cells_x[u] != cell) {
      cell = cells_x[u];
      q = corners(image, cells_y[v], cell, c, h, w);
      best = champion(q, c);
    }
    int found = most_likely(q, best, c, shares_y[v], shares_x[u]);
    if (pixels && label * c + found != pair) {
      atomicAdd(counts + pair, pixels);
      pixels = 0;
    }
    pair = label * c + found;
    pixels++;
    if (v % step != 0 || !scored[label]) continue;
    Corners s = corners(image, sure_cells_y[v], sure_cells_x[u], c, h, w);
    float p = probability(s, found, c, sure_shares_y[v], sure_shares_x[u]);
    if (p != p) continue;
    int next = (int)__fmul_rn(p, (float)bins);
    next = next < bins ? next : bins - 1;
    if (sure_pixels && next != bin) {
      atomicAdd(sure + bin, sure_pixels);
      atomicAdd(sure + bins + bin, sure_right);
      atomicAdd(sure + 2 * bins + bin, sum);
      sure_pixels = sure_right = sum = 0;
    }
    bin = next;
    sure_pixels++;
    sure_right += label == found ? 1 : 0;
    sum += (u64)((double)p * unit + 0.5);
  }
  if (pixels) atomicAdd(counts + pair, pixels);
  if (sure_pixels) {
    atomicAdd(sure + bin, sure_pixels);
    atomicAdd(sure + bins + bin, sure_right);
    atomicAdd(sure + 2 * bins + bin, sum);
  }
}

// ---- losses: thread t sums up what is at t, t + parts, ... ---------------------------------------------

// log of the sum of e^z over the c values of a pixel
static __device__ double log_sum(const float* z, int c) {
  float top = z[0];
  for (int k = 1; k < c; k++) top = fmaxf(top, z[k]);
  double sum = 0;
  for (int k = 0; k < c; k++) sum += expf(z[k] - top);
  return top + log(sum);
}

// Gradient and scores may be the same; `factor` is 0 where no pixel counts.
KERNEL cross_entropy(const float* scores, const float* p, const u8* labels, const float* class_weights,
                     float factor, float* gradient, double* partial, int c, int parts, long long pixels) {
  long long t = AT;
  if (t >= parts) return;
  double sum = 0;
  for (long long i = t; i < pixels; i += parts) {
    int label = labels[i];
    float weight = label == 255 ? 0.f : class_weights[label];
    if (label != 255) sum += weight * (log_sum(scores + i * c, c) - scores[i * c + label]);
    for (int k = 0; k < c; k++)
      gradient[i * c + k] = label == 255 ? 0.f : (p[i * c + k] - (k == label ? 1.f : 0.f)) * weight * factor;
  }
  partial[t] = sum;
}

// I_k = -p_k log p_k / log C of a pixel into `out`, which may be the scores; returns their sum.
static __device__ double information(const float* z, const float* p, float* out, int c) {
  double all = log_sum(z, c), scale = -1 / log((double)c), sum = 0;
  for (int k = 0; k < c; k++) {
    double v = scale * p[k] * (z[k] - all);
    out[k] = (float)v;
    sum += out[k];
  }
  return sum;
}

KERNEL entropy(float* scores, const float* p, double factor, double* partial, int c, int parts, long long pixels) {
  long long t = AT;
  if (t >= parts) return;
  double sum = 0;
  for (long long i = t; i < pixels; i += parts) {
    float* row = scores + i * c;
    double of_pixel = information(row, p + i * c, row, c);
    for (int k = 0; k < c; k++) row[k] = (float)((row[k] - p[i * c + k] * of_pixel) * factor);
    sum += of_pixel;
  }
  partial[t] = sum;
}

KERNEL self_information(float* scores, const float* p, int c, long long pixels) {
  long long i = AT;
  if (i < pixels) information(scores + i * c, p + i * c, scores + i * c, c);
}

KERNEL self_information_backward(const float* info, const float* p, float* g, int c, long long pixels) {
  long long i = AT;
  if (i >= pixels) return;
  double scale = -1 / log((double)c), sum = 0;
  for (int k = 0; k < c; k++) {
    double product = g[i * c + k] * (info[i * c + k] + scale * p[i * c + k]);
    g[i * c + k] = (float)product;
    sum += product;
  }
  for (int k = 0; k < c; k++) g[i * c + k] = (float)(g[i * c + k] - p[i * c + k] * sum);
}

// objective 0: cross-entropy with `label`; 1: (z - label)^2; 2: max(0, 1 + z); 3: max(0, 1 - z); 4: z
KERNEL adversarial(const float* logits, float* gradient, int objective, float label, double factor, double* partial,
                   int parts, long long n) {
  long long t = AT;
  if (t >= parts) return;
  double sum = 0;
  for (long long i = t; i < n; i += parts) {
    double z = logits[i], loss, slope;
    if (objective == 0) {
      loss = (z > 0 ? z : 0) - z * label + log1p(exp(z > 0 ? -z : z));
      slope = 1 / (1 + exp(-z)) - label;
    } else if (objective == 1) {
      loss = (z - label) * (z - label);
      slope = 2 * (z - label);
    } else if (objective == 2) {
      loss = z > -1 ? 1 + z : 0;
      slope = z > -1 ? 1 : 0;
    } else if (objective == 3) {
      loss = z < 1 ? 1 - z : 0;
      slope = z < 1 ? -1 : 0;
    } else {
      loss = z;
      slope = 1;
    }
    sum += loss;
    gradient[i] = (float)(slope * factor);
  }
  partial[t] = sum;
}

// ---- optimisers: a flag tells of values that are no numbers ------------------------------------------

KERNEL momentum_sgd(float* p, const float* gradients, float* velocity, float rate, float momentum, float decay,
                    int repeats, int name, int* flag, long long n) {
  long long i = AT;
  if (i >= n) return;
  float value = p[i], g = gradients[i], v = velocity[i];
  for (int r = 0; r < repeats; r++) {
    g += decay * value;
    v = momentum * v + g;
    value -= rate * v;
  }
  if (v * 0.f != 0.f) {
    *flag = name; // any of them will do
    return;
  }
  p[i] = value;
  velocity[i] = v;
}

KERNEL adam(float* p, const float* gradients, float* first, float* second, float rate, float root, float kept1,
            float added1, float kept2, float added2, float epsilon, int name, int* flag, long long n) {
  long long i = AT;
  if (i >= n) return;
  float g = gradients[i];
  float m = kept1 * first[i] + added1 * g;
  float v = kept2 * second[i] + added2 * g * g;
  if (m * 0.f != 0.f) {
    *flag = name;
    return;
  }
  p[i] -= rate * m / (sqrtf(v) / root + epsilon);
  first[i] = m;
  second[i] = v;
}

KERNEL not_finite(const float* v, double* partial, int parts, long long n) {
  long long t = AT;
  if (t >= parts) return;
  double count = 0;
  for (long long i = t; i < n; i += parts) count += v[i] * 0.f != 0.f ? 1 : 0;
  partial[t] = count;
}
