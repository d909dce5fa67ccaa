// A GPU that is not there: what the engine calls of CUDA's driver and runtime, of NVRTC and of cuDNN's
// graph API, on the host. JavaCPP's presets bind to it as to the real libraries. It follows NVIDIA's
// documentation and checks what it is given as strictly as that says; what is wrong ends the process
// with a line that begins with "imitation:". It is for what a program means, not for speed.
#include <dlfcn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "imitation: %s\n", what.c_str());
  std::fflush(stderr);
  std::abort();
}

void require(bool condition, const std::string& what) {
  if (!condition) fail(what);
}

std::mutex guard;
std::map<char*, size_t> allocations;
std::map<const void*, const char*> things;  // all else that was made and not given back, and what it is

void born(const void* thing, const char* what) {
  std::lock_guard<std::mutex> lock(guard);
  things[thing] = what;
}

void require_alive(const void* thing, const char* what) {
  std::lock_guard<std::mutex> lock(guard);
  auto found = things.find(thing);
  require(found != things.end() && std::strcmp(found->second, what) == 0,
          std::string(what) + ": not there, or given back");
}

void dies(const void* thing, const char* what) {
  require_alive(thing, what);
  std::lock_guard<std::mutex> lock(guard);
  things.erase(thing);
}

struct Stream { int device; };
struct Module { void* library; };
struct Handle { void* stream; };

// The allocation that a pointer is in.
bool on_device(const void* pointer, size_t bytes) {
  std::lock_guard<std::mutex> lock(guard);
  auto after = allocations.upper_bound((char*)pointer);
  if (after == allocations.begin()) return false;
  auto of = std::prev(after);
  return (char*)pointer + bytes <= of->first + of->second;
}

void require_device(const void* pointer, size_t bytes, const std::string& what) {
  require(on_device(pointer, bytes), what + ": not within memory of the device");
}

}  // namespace

extern "C" {

static void require_pointer(const char* kernel, int argument, const void* pointer, size_t alignment) {
  if (pointer == nullptr) return;
  std::string what = std::string(kernel) + ", argument " + std::to_string(argument);
  require_device(pointer, 1, what);
  require((uintptr_t)pointer % alignment == 0, what + ": not aligned");
}

// What is left over, by kind on standard error: 0 if everything was given back. Tests bind to it.
long Java_org_adaptseg_testing_ImitatedGpu_leftOver(void*, void*) {
  std::lock_guard<std::mutex> lock(guard);
  std::map<std::string, long> kinds;
  for (auto& [thing, what] : things) kinds[what]++;
  if (!allocations.empty()) kinds["memory"] = (long)allocations.size();
  long all = 0;
  for (auto& [what, count] : kinds) {
    std::fprintf(stderr, "left over: %ld of %s\n", count, what.c_str());
    all += count;
  }
  return all;
}

// ---- runtime ---------------------------------------------------------------------------------------

const char* cudaGetErrorString(int) { return "an error of the imitation"; }

int cuDeviceGetName(char* name, int length, int device) {
  std::snprintf(name, length, "imitation");
  return device == 0 ? 0 : 101;
}

int cudaGetDeviceCount(int* count) {
  *count = 1;
  return 0;
}

int cudaSetDevice(int device) { return device == 0 ? 0 : 101; }

static std::atomic<int> capability{90};

// Sets which compute capability the device has, ten times that; tests do.
void Java_org_adaptseg_testing_ImitatedGpu_capability(void*, void*, int value) { capability = value; }

int cudaDeviceGetAttribute(int* value, int attribute, int device) {
  if (device != 0) return 101;
  require(attribute == 75 || attribute == 76, "an attribute of a device that the imitation does not know");
  *value = attribute == 75 ? capability / 10 : capability % 10;
  return 0;
}

int cudaStreamCreateWithFlags(void** stream, unsigned flags) {
  require(flags <= 1, "flags of a stream");
  *stream = new Stream{0};
  born(*stream, "a stream");
  return 0;
}

int cudaStreamDestroy(void* stream) {
  dies(stream, "a stream");
  delete (Stream*)stream;
  return 0;
}

int cudaStreamSynchronize(void* stream) {
  require_alive(stream, "a stream");
  return 0;
}

// Room on the device; tests set it.
static std::atomic<size_t> room{(size_t)1 << 40};
static std::atomic<int> last_error;

void Java_org_adaptseg_testing_ImitatedGpu_room(void*, void*, long bytes) { room = (size_t)bytes; }

static std::atomic<size_t> most;

// The most that was taken at once since this was asked for the last time.
long Java_org_adaptseg_testing_ImitatedGpu_most(void*, void*) { return (long)most.exchange(0); }

static size_t taken() {
  std::lock_guard<std::mutex> lock(guard);
  size_t all = 0;
  for (auto& [at, bytes] : allocations) all += bytes;
  return all;
}

int cudaMemGetInfo(size_t* left, size_t* all) {
  *all = room;
  *left = room - std::min(taken(), room.load());
  return 0;
}

int cudaGetLastError() { return last_error.exchange(0); }

int cudaMalloc(void** pointer, size_t bytes) {
  require(bytes > 0, "an allocation of 0 bytes");
  size_t all = taken() + bytes;
  if (all > room) return last_error = 2;
  if (all > most) most = all;
  void* at = nullptr;
  if (posix_memalign(&at, 256, bytes) != 0) return 2;
  std::memset(at, 0xff, bytes);  // NaN: what is read before it is written is seen
  std::lock_guard<std::mutex> lock(guard);
  allocations[(char*)at] = bytes;
  *pointer = at;
  return 0;
}

int cudaFree(void* pointer) {
  if (pointer == nullptr) return 0;
  std::lock_guard<std::mutex> lock(guard);
  auto found = allocations.find((char*)pointer);
  require(found != allocations.end(), "memory is freed that is not there");
  std::memset(found->first, 0xff, found->second);
  std::free(found->first);
  allocations.erase(found);
  return 0;
}

int cudaMemcpyAsync(void* to, const void* from, size_t bytes, int direction, void* stream) {
  require_alive(stream, "a stream");
  require(direction >= 1 && direction <= 3, "a copy without a direction");
  bool to_device = direction != 2, from_device = direction != 1;
  require(on_device(to, bytes) == to_device, "a copy to the other kind of memory");
  require(on_device(from, bytes) == from_device, "a copy from the other kind of memory");
  std::memmove(to, from, bytes);
  return 0;
}

int cudaMemsetAsync(void* to, int value, size_t bytes, void* stream) {
  require_alive(stream, "a stream");
  require_device(to, bytes, "cudaMemsetAsync");
  std::memset(to, value, bytes);
  return 0;
}

// ---- NVRTC: the host's compiler ----------------------------------------------------------------------

struct Program {
  std::string source, log, library;
};

static std::atomic<int> compilations;

int Java_org_adaptseg_testing_ImitatedGpu_compilations(void*, void*) { return compilations; }

const char* nvrtcGetErrorString(int status) { return status == 6 ? "NVRTC_ERROR_COMPILATION" : "an error of NVRTC"; }

static const char* kernel_flags() {
  const char* flags = std::getenv("IMITATION_KERNEL_FLAGS");
  return flags ? flags : "";
}

// Another one for what else would give other code: our sources, which the folder is named by, and flags.
int nvrtcVersion(int* major, int* minor) {
  *major = 12;
  *minor = (int)(std::hash<std::string>()(std::string(IMITATION_CACHE) + kernel_flags()) % 1000000000);
  return 0;
}

int nvrtcCreateProgram(Program** program, const char* source, const char*, int headers, const char* const*,
                       const char* const*) {
  require(headers == 0, "headers are not imitated");
  *program = new Program{source, "", ""};
  born(*program, "a program");
  return 0;
}

int nvrtcDestroyProgram(Program** program) {
  dies(*program, "a program");
  delete *program;
  *program = nullptr;
  return 0;
}

// A folder for what a text compiles to, so that other processes need not compile it again.
static std::string compile_folder(const std::string& source) {
  std::string folder = std::string(IMITATION_CACHE "/") + std::to_string(std::hash<std::string>()(source));
  require(mkdir(folder.c_str(), 0777) == 0 || errno == EEXIST, "no folder to compile in: " + folder);
  return folder;
}

static std::string contents(const std::string& file) {
  std::stringstream text;
  std::ifstream in(file, std::ios::binary);
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  return text.str();
}

int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
  bool architecture = false;
  std::string macros;
  for (int i = 0; i < count; i++) {
    const std::string option = options[i], define = "--define-macro=";
    architecture |= option.rfind("--gpu-architecture=sm_", 0) == 0;
    if (option.rfind(define, 0) == 0) macros += "#define " + option.substr(define.size()) + "\n";
  }
  require(architecture, "a program is compiled for no architecture");
  require(program->source.find("#include") == std::string::npos, "the kernels include headers");
  compilations++;
  std::string flags = kernel_flags();
  std::string folder = compile_folder(flags + macros + program->source);
  std::string base = folder + "/kernels";
  program->library = contents(base + ".so");
  if (!program->library.empty()) return 0;  // compiled before
  std::string part = base + "." + std::to_string(getpid());
  std::ofstream text(part + ".cpp");
  text << macros << "#include \"" IMITATION_HEADER "\"\n#line 1 \"kernels.cu\"\n" << program->source << "\n";
  const std::string kernel = "\nKERNEL ";  // as kernels.cu begins each of them
  for (size_t at = program->source.find(kernel); at != std::string::npos; at = program->source.find(kernel, at + 1)) {
    size_t begin = at + kernel.size();
    std::string name = program->source.substr(begin, program->source.find('(', begin) - begin);
    text << "extern \"C\" void imitation_call_" << name << "(unsigned blocks, unsigned threads, void** a) { "
         << "imitation_launch<" << name << ">(\"" << name << "\", blocks, threads, a); }\n";
  }
  text.close();
  std::string command = "g++ -std=c++17 -O1 -ffp-contract=off -Wall -Werror -shared -fPIC " + flags + " -o " +
                        part + ".so " + part + ".cpp > " + part + ".log 2>&1";
  int status = std::system(command.c_str());
  program->log = contents(part + ".log");
  if (status != 0) return 6;
  program->library = contents(part + ".so");
  require(std::rename((part + ".so").c_str(), (base + ".so").c_str()) == 0, "a module cannot be kept");
  return 0;
}

int nvrtcGetProgramLogSize(Program* program, size_t* size) {
  *size = program->log.size() + 1;
  return 0;
}

int nvrtcGetProgramLog(Program* program, char* log) {
  std::memcpy(log, program->log.c_str(), program->log.size() + 1);
  return 0;
}

int nvrtcGetCUBINSize(Program* program, size_t* size) {
  require(!program->library.empty(), "machine code is asked for before it is compiled");
  *size = program->library.size() + sizeof(size_t);
  return 0;
}

int nvrtcGetCUBIN(Program* program, char* code) {
  size_t size = program->library.size();
  std::memcpy(code, &size, sizeof size);
  std::memcpy(code + sizeof size, program->library.data(), size);
  return 0;
}

// ---- driver ------------------------------------------------------------------------------------------

int cuModuleLoadData(void** module, const void* code) {
  size_t size;
  std::memcpy(&size, code, sizeof size);
  char name[] = IMITATION_CACHE "/module-XXXXXX";
  int file = mkstemp(name);
  require(file >= 0 && write(file, (const char*)code + sizeof size, size) == (ssize_t)size, "no room for a module");
  close(file);
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  unlink(name);
  const char* error = library ? "" : dlerror();
  require(library != nullptr, std::string("a module cannot be loaded: ") + (error ? error : ""));
  auto bind = (void (*)(void (*)(const char*, int, const void*, size_t)))dlsym(library, "imitation_bind");
  require(bind != nullptr, "a module that the imitation has not compiled");
  bind(require_pointer);
  *module = new Module{library};
  born(*module, "a module");
  return 0;
}

int cuModuleUnload(void* module) {
  dies(module, "a module");
  dlclose(((Module*)module)->library);
  delete (Module*)module;
  return 0;
}

int cuModuleGetFunction(void** function, void* module, const char* name) {
  require_alive(module, "a module");
  *function = dlsym(((Module*)module)->library, (std::string("imitation_call_") + name).c_str());
  return *function ? 0 : 500;
}

int cuLaunchKernel(void* function, unsigned blocks, unsigned by, unsigned bz, unsigned threads, unsigned ty,
                   unsigned tz, unsigned shared, void* stream, void** arguments, void** extra) {
  require(blocks >= 1 && blocks <= 0x7fffffffu && by == 1 && bz == 1, "blocks of a launch");
  require(threads >= 1 && threads <= 1024 && ty == 1 && tz == 1 && shared == 0, "threads of a launch");
  require_alive(stream, "a stream");
  require(extra == nullptr, "a launch with extra arguments");
  ((void (*)(unsigned, unsigned, void**))function)(blocks, threads, arguments);
  return 0;
}

}  // extern "C"

// ---- cuDNN's graph API -------------------------------------------------------------------------------

namespace {

enum Type { GEOMETRY = 1, ENGINE = 2, CONFIG = 3, HEURISTIC = 4, PLAN = 5, FORWARD = 10, FILTER = 11, DATA = 12,
            GRAPH = 15, PACK = 16, TENSOR = 17 };
enum Kind { HANDLE = 0, DATA_TYPE = 1, INT64 = 3, FLOAT = 4, POINTER = 6, MODE = 7, HEURISTIC_MODE = 8, NOTE = 11,
            DESCRIPTOR = 15 };

size_t bytes_of(int kind) {
  switch (kind) {
    case HANDLE: case INT64: case POINTER: case DESCRIPTOR: return 8;
    case DATA_TYPE: case FLOAT: case MODE: case HEURISTIC_MODE: case NOTE: return 4;
    default: fail("an attribute of a kind that the imitation does not know");
  }
}

struct Attribute { int kind; long least, most; bool needed; };

// What a descriptor has, by cuDNN's documentation of the backend API.
const std::map<int, std::map<int, Attribute>> KNOWN = {
    {TENSOR, {{900, {INT64, 1, 1, true}}, {901, {DATA_TYPE, 1, 1, true}}, {902, {INT64, 3, 8, true}},
              {903, {INT64, 3, 8, true}}, {906, {INT64, 1, 1, true}}}},
    {GEOMETRY, {{100, {DATA_TYPE, 1, 1, true}}, {101, {MODE, 1, 1, true}}, {102, {INT64, 2, 2, true}},
                {103, {INT64, 2, 2, true}}, {104, {INT64, 2, 2, true}}, {105, {INT64, 2, 2, true}},
                {106, {INT64, 1, 1, true}}}},
    {FORWARD, {{700, {FLOAT, 1, 1, true}}, {701, {FLOAT, 1, 1, true}}, {702, {DESCRIPTOR, 1, 1, true}},
               {703, {DESCRIPTOR, 1, 1, true}}, {704, {DESCRIPTOR, 1, 1, true}}, {705, {DESCRIPTOR, 1, 1, true}}}},
    {DATA, {{706, {FLOAT, 1, 1, true}}, {707, {FLOAT, 1, 1, true}}, {708, {DESCRIPTOR, 1, 1, true}},
            {709, {DESCRIPTOR, 1, 1, true}}, {710, {DESCRIPTOR, 1, 1, true}}, {711, {DESCRIPTOR, 1, 1, true}}}},
    {FILTER, {{712, {FLOAT, 1, 1, true}}, {713, {FLOAT, 1, 1, true}}, {714, {DESCRIPTOR, 1, 1, true}},
              {715, {DESCRIPTOR, 1, 1, true}}, {716, {DESCRIPTOR, 1, 1, true}}, {717, {DESCRIPTOR, 1, 1, true}}}},
    {GRAPH, {{800, {HANDLE, 1, 1, true}}, {801, {DESCRIPTOR, 1, 1, true}}}},
    {HEURISTIC, {{200, {HEURISTIC_MODE, 1, 1, true}}, {201, {DESCRIPTOR, 1, 1, true}}}},
    {CONFIG, {}},
    {ENGINE, {}},
    {PLAN, {{400, {HANDLE, 1, 1, true}}, {401, {DESCRIPTOR, 1, 1, true}}}},
    {PACK, {{1000, {INT64, 3, 3, true}}, {1001, {POINTER, 3, 3, true}}, {1003, {POINTER, 1, 1, true}}}},
};

const long WORKSPACE = 1024;

struct Desc {
  int type;
  bool done;
  std::map<int, std::vector<char>> values;
  Desc* graph;  // of a configuration
  int proposal;

  template <typename T> T at(int name, int i = 0) const { return ((const T*)values.at(name).data())[i]; }
  long count(int name, size_t size) const { return (long)(values.at(name).size() / size); }
};

Desc* checked(Desc* d, const char* what) {
  std::lock_guard<std::mutex> lock(guard);
  require(things.count(d), std::string(what) + ": no descriptor, or one that was destroyed");
  return d;
}

Desc* part(const Desc* of, int name, int type) {
  Desc* d = checked(of->at<Desc*>(name), "a part");
  require(d->type == type, "a part of another type");
  require(d->done, "a part that is not finalised");
  return d;
}

struct Sizes { long n, c, h, w; };
Sizes sizes(const Desc* t) { return {t->at<long>(902, 0), t->at<long>(902, 1), t->at<long>(902, 2), t->at<long>(902, 3)}; }

int finalize_tensor(Desc* d) {
  if (d->count(902, 8) != 4 || d->count(903, 8) != 4) return 3000;
  Sizes s = sizes(d);
  long size[] = {s.n, s.c, s.h, s.w};
  for (long v : size) if (v < 1) return 2000;
  int type = d->at<int>(901);
  require(type == 0 || type == 2 || type == 9, "a tensor of another type than float32, float16 and bfloat16");
  require(d->at<long>(903, 1) == 1 && d->at<long>(903, 3) == s.c && d->at<long>(903, 2) == s.c * s.w &&
              d->at<long>(903, 0) == s.c * s.w * s.h,
          "strides of a tensor that is not NHWC");
  long alignment = d->at<long>(900);
  require(alignment >= 4 && (alignment & (alignment - 1)) == 0, "an alignment that is no power of 2");
  return 0;
}

int finalize_geometry(Desc* d) {
  require(d->at<long>(106) == 2 && d->at<int>(101) == 1 && d->at<int>(100) == 0, "a convolution of another kind");
  for (int i = 0; i < 2; i++)
    if (d->at<long>(102, i) < 1 || d->at<long>(103, i) < 1 || d->at<long>(104, i) < 0 || d->at<long>(105, i) < 0)
      return 2000;
  return 0;
}

struct Operation { Desc *geometry, *x, *w, *y; float alpha, beta; };

Operation operation(const Desc* d) {
  int base = d->type == FORWARD ? 700 : d->type == DATA ? 706 : 712;
  int x = d->type == FORWARD ? 704 : d->type == DATA ? 710 : 716;
  int w = d->type == FORWARD ? 703 : d->type == DATA ? 709 : 715;
  int y = d->type == FORWARD ? 705 : d->type == DATA ? 711 : 717;
  return {part(d, base + 2, GEOMETRY), part(d, x, TENSOR), part(d, w, TENSOR), part(d, y, TENSOR), d->at<float>(base),
          d->at<float>(base + 1)};
}

int finalize_operation(Desc* d) {
  Operation o = operation(d);
  Sizes x = sizes(o.x), w = sizes(o.w), y = sizes(o.y);
  if (x.n != y.n || w.n != y.c || w.c != x.c) return 3000;
  long in[] = {x.h, x.w}, out[] = {y.h, y.w}, taps[] = {w.h, w.w};
  for (int i = 0; i < 2; i++) {
    long reach = o.geometry->at<long>(102, i) * (taps[i] - 1) + 1;
    long room = in[i] + o.geometry->at<long>(104, i) + o.geometry->at<long>(105, i) - reach;
    if (room < 0 || room / o.geometry->at<long>(103, i) + 1 != out[i]) return 3000;
  }
  // Of one type: filters in float32 from maps in bfloat16 exist nowhere.
  if (o.x->at<int>(901) != o.w->at<int>(901) || o.x->at<int>(901) != o.y->at<int>(901)) return 3000;
  std::set<long> ids = {o.x->at<long>(906), o.w->at<long>(906), o.y->at<long>(906)};
  require(ids.size() == 3, "two tensors of one id");
  return 0;
}

Desc* operation_of(const Desc* graph) {
  Desc* d = checked(graph->at<Desc*>(801), "an operation");
  require(d->done && (d->type == FORWARD || d->type == DATA || d->type == FILTER), "an operation that is not finalised");
  return d;
}

// For all pixels of y and of x that meet under a tap: f(pixel of y, pixel of x).
template <typename F> void meetings(const Operation& o, long tap, F f) {
  Sizes x = sizes(o.x), w = sizes(o.w), y = sizes(o.y);
  const Desc* g = o.geometry;
  for (long n = 0; n < y.n; n++)
    for (long oy = 0; oy < y.h; oy++)
      for (long ox = 0; ox < y.w; ox++) {
        long iy = oy * g->at<long>(103, 0) - g->at<long>(105, 0) + tap / w.w * g->at<long>(102, 0);
        long ix = ox * g->at<long>(103, 1) - g->at<long>(105, 1) + tap % w.w * g->at<long>(102, 1);
        if (iy >= 0 && ix >= 0 && iy < x.h && ix < x.w) f((n * y.h + oy) * y.w + ox, (n * x.h + iy) * x.w + ix);
      }
}

typedef double Four __attribute__((vector_size(32)));

// R rows of a product, eight columns of it.
template <int R> void add_rows(const double* a, const double* b, long depth, double* const* rows, long at, long width) {
  Four sum[R][2] = {};
  for (long k = 0; k < depth; k++) {
    Four left, right;
    std::memcpy(&left, b + 8 * k, 32);
    std::memcpy(&right, b + 8 * k + 4, 32);
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      sum[r][0] += a[r * depth + k] * left;
      sum[r][1] += a[r * depth + k] * right;
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; r++) {
    double of[8];
    std::memcpy(of, sum[r], sizeof of);
    for (long i = 0; i < width; i++) rows[r][at + i] += of[i];
  }
}

// Room for n values, which keeps what it has grown to: a convolution after the other needs some.
template <typename T> struct Room {
  std::vector<T> values;
  T* of(size_t n) {
    if (values.size() < n) values.resize(n);
    return values.data();
  }
};

// rows += a [rows, depth] times b [depth, columns], whose rows are `stride` values apart.
void multiply(const double* a, const float* b, long stride, long depth, long columns,
              const std::vector<double*>& rows) {
  static thread_local Room<double> room;
  double* strip = room.of((size_t)(8 * depth));
  long count = (long)rows.size();
  for (long at = 0; at < columns; at += 8) {
    long width = columns - at < 8 ? columns - at : 8;
    for (long k = 0; k < depth; k++)
      for (long i = 0; i < 8; i++) strip[8 * k + i] = i < width ? b[k * stride + at + i] : 0;
    long r = 0;
    for (; r + 4 <= count; r += 4) add_rows<4>(a + r * depth, strip, depth, &rows[(size_t)r], at, width);
    for (; r < count; r++) add_rows<1>(a + r * depth, strip, depth, &rows[(size_t)r], at, width);
  }
}

// A value with `bits` significant ones, the nearest, the even one of two.
float rounded(float v, int bits) {
  if (!std::isfinite(v)) return v;
  uint32_t u;
  std::memcpy(&u, &v, 4);
  int dropped = 24 - bits;
  u += (1u << (dropped - 1)) - 1 + (u >> dropped & 1);
  u &= ~((1u << dropped) - 1);
  std::memcpy(&v, &u, 4);
  return v;
}

float half_value(uint16_t h) {
  int exponent = h >> 10 & 31, mantissa = h & 1023;
  float v = exponent == 0    ? std::ldexp((float)mantissa, -24)
            : exponent == 31 ? (mantissa ? NAN : INFINITY)
                             : std::ldexp((float)(mantissa + 1024), exponent - 25);
  return h >> 15 ? -v : v;
}

uint16_t half_bits(float v) {
  uint16_t sign = std::signbit(v) ? 0x8000 : 0;
  float a = std::fabs(v);
  if (std::isnan(v)) return 0x7fff;
  if (a >= 65520.f) return sign | 0x7c00;
  if (a < 6.103515625e-5f) return sign | (uint16_t)std::nearbyint(std::ldexp(a, 24));
  uint32_t u;
  a = rounded(a, 11);
  std::memcpy(&u, &a, 4);
  return sign | (uint16_t)(((u >> 23) - 112) << 10 | (u >> 13 & 1023));
}

size_t bytes_of_type(int type) { return type == 0 ? 4 : 2; }

// Values of a tensor in float32; `tensor_cores` see TF32 of float32.
const float* values(Room<float>& room, const void* data, int type, size_t n, bool tensor_cores) {
  float* v = room.of(n);
  for (size_t i = 0; i < n; i++) {
    if (type == 0) {
      v[i] = tensor_cores ? rounded(((const float*)data)[i], 11) : ((const float*)data)[i];
    } else if (type == 9) {
      uint32_t u = (uint32_t)((const uint16_t*)data)[i] << 16;
      std::memcpy(&v[i], &u, 4);
    } else {
      v[i] = half_value(((const uint16_t*)data)[i]);
    }
  }
  return v;
}

void store(void* data, int type, size_t i, float v) {
  if (type == 0) {
    ((float*)data)[i] = v;
  } else if (type == 9) {
    uint32_t u;
    v = rounded(v, 8);
    std::memcpy(&u, &v, 4);
    ((uint16_t*)data)[i] = (uint16_t)(u >> 16);
  } else {
    ((uint16_t*)data)[i] = half_bits(v);
  }
}

size_t count_of(const Desc* tensor) {
  Sizes s = sizes(tensor);
  return (size_t)(s.n * s.c * s.h * s.w);
}

// Rows of x, w and y that meet under a tap, side by side, and where their products go.
void execute(const Desc* op, void* data_x, void* data_w, void* data_y, bool tensor_cores) {
  static thread_local Room<float> of_x, of_w, of_y, of_matrix, of_before;
  static thread_local Room<double> of_sum, of_left;
  static thread_local std::vector<double*> rows;
  static thread_local std::vector<std::pair<long, long>> pairs;  // pixels of y and x
  Operation o = operation(op);
  int type = o.x->at<int>(901);
  const float *x = nullptr, *w = nullptr, *y = nullptr;
  if (op->type != DATA) x = values(of_x, data_x, type, count_of(o.x), tensor_cores);
  if (op->type != FILTER) w = values(of_w, data_w, type, count_of(o.w), tensor_cores);
  if (op->type != FORWARD) y = values(of_y, data_y, type, count_of(o.y), tensor_cores);
  long in = sizes(o.w).c, out = sizes(o.w).n, all = sizes(o.w).h * sizes(o.w).w;
  void* to = op->type == FORWARD ? data_y : op->type == DATA ? data_x : data_w;
  size_t count = count_of(op->type == FORWARD ? o.y : op->type == DATA ? o.x : o.w);
  double* sum = of_sum.of(count);
  std::fill(sum, sum + count, 0.0);
  for (long tap = 0; tap < all; tap++) {
    rows.clear();
    pairs.clear();
    meetings(o, tap, [&](long at_y, long at_x) { pairs.emplace_back(at_y, at_x); });
    size_t met = pairs.size();
    if (op->type == FORWARD) {
      float* matrix = of_matrix.of((size_t)(in * out));
      for (long k = 0; k < out; k++)
        for (long i = 0; i < in; i++) matrix[i * out + k] = w[(k * all + tap) * in + i];
      double* left = of_left.of(met * (size_t)in);
      for (auto& [at_y, at_x] : pairs) {
        left = std::copy(x + at_x * in, x + (at_x + 1) * in, left);
        rows.push_back(sum + at_y * out);
      }
      multiply(of_left.values.data(), matrix, out, in, out, rows);
    } else if (op->type == DATA) {
      double* left = of_left.of(met * (size_t)out);
      for (auto& [at_y, at_x] : pairs) {
        left = std::copy(y + at_y * out, y + (at_y + 1) * out, left);
        rows.push_back(sum + at_x * in);
      }
      multiply(of_left.values.data(), w + tap * in, all * in, out, in, rows);
    } else {
      float* matrix = of_matrix.of(met * (size_t)in);
      double* left = of_left.of(met * (size_t)out);
      for (size_t i = 0; i < met; i++) {
        matrix = std::copy(x + pairs[i].second * in, x + (pairs[i].second + 1) * in, matrix);
        for (long k = 0; k < out; k++) left[(size_t)k * met + i] = y[pairs[i].first * out + k];
      }
      for (long k = 0; k < out; k++) rows.push_back(sum + (k * all + tap) * in);
      multiply(left, of_matrix.values.data(), in, (long)met, in, rows);
    }
  }
  const float* before = o.beta != 0 ? values(of_before, to, type, count, false) : nullptr;
  for (size_t i = 0; i < count; i++)
    store(to, type, i, (float)(o.alpha * sum[i] + (o.beta == 0 ? 0 : o.beta * before[i])));
}

}  // namespace

extern "C" {

size_t cudnnGetVersion() { return 91000; }
const char* cudnnGetErrorString(int status) {
  return status == 2000 ? "CUDNN_STATUS_BAD_PARAM" : status == 3000 ? "CUDNN_STATUS_NOT_SUPPORTED" : "an error of cuDNN";
}

int cudnnCreate(void** handle) {
  *handle = new Handle{nullptr};
  born(*handle, "a handle of cuDNN");
  return 0;
}

int cudnnDestroy(void* handle) {
  dies(handle, "a handle of cuDNN");
  delete (Handle*)handle;
  return 0;
}

int cudnnSetStream(void* handle, void* stream) {
  require_alive(handle, "a handle of cuDNN");
  require_alive(stream, "a stream");
  ((Handle*)handle)->stream = stream;
  return 0;
}

int cudnnBackendCreateDescriptor(int type, Desc** d) {
  if (!KNOWN.count(type)) return 3000;
  *d = new Desc{type, false, {}, nullptr, 0};
  born(*d, "a descriptor");
  return 0;
}

int cudnnBackendDestroyDescriptor(Desc* d) {
  dies(d, "a descriptor");
  delete d;
  return 0;
}

int cudnnBackendSetAttribute(Desc* d, int name, int kind, long count, const void* values) {
  checked(d, "cudnnBackendSetAttribute");
  require(!d->done, "an attribute is set after its descriptor was finalised");
  auto found = KNOWN.at(d->type).find(name);
  require(found != KNOWN.at(d->type).end(), "attribute " + std::to_string(name) + " of a descriptor without it");
  require(kind == found->second.kind, "attribute " + std::to_string(name) + " of another kind");
  if (count < found->second.least || count > found->second.most) return 2000;
  d->values[name].assign((const char*)values, (const char*)values + count * bytes_of(kind));
  if (kind == DESCRIPTOR)
    for (long i = 0; i < count; i++) checked(((Desc* const*)values)[i], "an attribute");
  return 0;
}

int cudnnBackendFinalize(Desc* d) {
  checked(d, "cudnnBackendFinalize");
  require(!d->done, "a descriptor is finalised twice");
  for (auto& [name, attribute] : KNOWN.at(d->type))
    require(!attribute.needed || d->values.count(name), "attribute " + std::to_string(name) + " is not set");
  int status = 0;
  switch (d->type) {
    case TENSOR: status = finalize_tensor(d); break;
    case GEOMETRY: status = finalize_geometry(d); break;
    case FORWARD: case DATA: case FILTER: status = finalize_operation(d); break;
    case GRAPH: operation_of(d); break;
    case HEURISTIC: part(d, 201, GRAPH); break;
    case PLAN: {
      Desc* config = checked(d->at<Desc*>(401), "a configuration");
      require(config->type == CONFIG && config->graph != nullptr, "a plan of no configuration");
      break;
    }
    default: break;
  }
  d->done = status == 0;
  return status;
}

// Three proposals: one whose sums have no order, one with tensor cores, one that is plain. None for maps
// of two bytes whose channels are no multiple of 8.
int cudnnBackendGetAttribute(Desc* d, int name, int kind, long most, long* count, void* values) {
  checked(d, "cudnnBackendGetAttribute");
  if (d->type == HEURISTIC && name == 202 && kind == DESCRIPTOR) {
    require(d->done, "results of a heuristic that is not finalised");
    Operation of = operation(operation_of(part(d, 201, GRAPH)));
    bool odd = of.x->at<int>(901) != 0 && (sizes(of.x).c % 8 != 0 || sizes(of.y).c % 8 != 0);
    long found = odd ? 0 : most < 3 ? most : 3;
    for (int i = 0; i < found; i++) {
      Desc* config = checked(((Desc**)values)[i], "room for a configuration");
      require(config->type == CONFIG, "room for a configuration of another type");
      config->graph = part(d, 201, GRAPH);
      config->proposal = i;
      config->done = true;
    }
    *count = found;
    return 0;
  }
  if (d->type == CONFIG && name == 300 && kind == DESCRIPTOR) {
    Desc* engine = checked(*(Desc**)values, "room for an engine");
    require(engine->type == ENGINE && d->graph != nullptr, "an engine of no configuration");
    engine->proposal = d->proposal;
    *count = 1;
    return 0;
  }
  if (d->type == ENGINE && name == 1303 && kind == NOTE) {
    *count = d->proposal == 2 ? 0 : 1;
    if (most > 0 && d->proposal < 2) *(int*)values = d->proposal == 0 ? 4 : 0;
    return 0;
  }
  if (d->type == PLAN && name == 402 && kind == INT64) {
    require(d->done, "the workspace of a plan that is not finalised");
    *(long*)values = WORKSPACE;
    *count = 1;
    return 0;
  }
  fail("an attribute is read that the imitation does not know");
}

int cudnnBackendExecute(void* handle, Desc* plan, Desc* pack) {
  require_alive(handle, "a handle of cuDNN");
  require_alive(((Handle*)handle)->stream, "a stream");
  require(checked(plan, "a plan")->type == PLAN && plan->done, "a plan that is not finalised");
  require(checked(pack, "a pack")->type == PACK && pack->done, "a pack that is not finalised");
  Desc* config = checked(plan->at<Desc*>(401), "a configuration");
  require(config->proposal != 0, "an algorithm whose sums have no order");
  Desc* op = operation_of(checked(config->graph, "a graph"));
  Operation o = operation(op);
  require_device(pack->at<void*>(1003), WORKSPACE, "the workspace");
  std::map<long, void*> at;
  for (int i = 0; i < 3; i++) at[pack->at<long>(1000, i)] = pack->at<void*>(1001, i);
  void* data[3];
  Desc* tensors[] = {o.x, o.w, o.y};
  for (int i = 0; i < 3; i++) {
    auto found = at.find(tensors[i]->at<long>(906));
    require(found != at.end(), "a tensor without its data");
    require_device(found->second, count_of(tensors[i]) * bytes_of_type(tensors[i]->at<int>(901)), "data of a tensor");
    require((uintptr_t)found->second % tensors[i]->at<long>(900) == 0, "data that are not aligned");
    data[i] = found->second;
  }
  execute(op, data[0], data[1], data[2], config->proposal == 1);
  return 0;
}

// Whether a fault ends the process: it is made in a copy of this one.
int Java_org_adaptseg_testing_ImitatedGpu_ends(void*, void*, int fault) {
  pid_t child = fork();
  if (child == 0) {
    void *memory, *stream, *handle;
    Desc* descriptor;
    char there[16] = {};
    cudaMalloc(&memory, 16);
    cudaStreamCreateWithFlags(&stream, 1);
    cudnnCreate(&handle);
    cudnnBackendCreateDescriptor(TENSOR, &descriptor);
    cudaFree(memory);
    cudnnBackendDestroyDescriptor(descriptor);
    cudnnDestroy(handle);
    switch (fault) {
      case 0: cudaFree(memory); break;
      case 1: cudaMemcpyAsync(there, memory, 16, 2, stream); break;
      case 2: cudaMemsetAsync(memory, 0, 16, stream); break;
      case 3: require_pointer("a kernel", 0, memory, 4); break;
      case 4: cudnnBackendDestroyDescriptor(descriptor); break;
      case 5: cudnnBackendFinalize(descriptor); break;
      case 6: cudnnSetStream(handle, stream); break;
      case 7: cudaStreamDestroy(stream); cudaStreamDestroy(stream); break;
      default: cudaStreamDestroy(stream); cudaStreamSynchronize(stream); break;
    }
    _exit(0);
  }
  int status = 0;
  require(child > 0 && waitpid(child, &status, 0) == child, "no copy of the process");
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // extern "C"
