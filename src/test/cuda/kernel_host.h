// What stands before the text of the kernels where the host's compiler takes it: a thread after the
// other. Pointers that a kernel is given must be within memory of the device.
#include <cmath>
#include <cstddef>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

using std::exp;
using std::log;
using std::log1p;
using std::sqrt;

struct Index { unsigned x; };
static thread_local Index threadIdx, blockIdx, blockDim;
#define __global__ inline __attribute__((always_inline))
#define __device__
static inline float __fmul_rn(float a, float b) { volatile float product = a * b; return product; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fadd_rn(float a, float b) { volatile float sum = a + b; return sum; }

static inline float __uint_as_float(unsigned u) { float v; std::memcpy(&v, &u, 4); return v; }
static inline unsigned __float_as_uint(float v) { unsigned u; std::memcpy(&u, &v, 4); return u; }

// Threads run one after the other.
static inline void atomicAdd(unsigned long long* to, unsigned long long value) { *to += value; }

typedef void (*RequireDevice)(const char* kernel, int argument, const void* pointer, size_t alignment);
static RequireDevice imitation_require_device;
extern "C" void imitation_bind(RequireDevice function) { imitation_require_device = function; }

template <typename T> static void imitation_check(const char* kernel, int argument, T value) {
  if constexpr (std::is_pointer_v<T>) {
    imitation_require_device(kernel, argument, (const void*)value, alignof(std::remove_pointer_t<T>));
  }
}

template <auto kernel, typename... A, size_t... I>
static void imitation_run(const char* name, void (*)(A...), unsigned blocks, unsigned threads, void** a,
                          std::index_sequence<I...>) {
  std::tuple<A...> values(*(A*)a[I]...);
  (imitation_check(name, (int)I, std::get<I>(values)), ...);
  blockDim.x = threads;
  for (unsigned b = 0; b < blocks; b++) {
    blockIdx.x = b;
    for (unsigned t = 0; t < threads; t++) {
      threadIdx.x = t;
      kernel(std::get<I>(values)...);
    }
  }
}

template <typename... A> static constexpr auto imitation_arguments(void (*)(A...)) {
  return std::index_sequence_for<A...>();
}

template <auto kernel> static void imitation_launch(const char* name, unsigned blocks, unsigned threads, void** a) {
  imitation_run<kernel>(name, kernel, blocks, threads, a, imitation_arguments(kernel));
}
