// Counts allocations by call stack; preloaded by allocations.py, which explains what it writes to $ALLOCATIONS.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define DEPTH 20
#define SITES (1 << 16)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

typedef struct {
  uint64_t hash, count, bytes;
  void *frames[DEPTH];
} Site;

static Site *sites;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread int busy;
static __thread uintptr_t low, high;

static void find_stack(void) {
  pthread_attr_t attributes;
  void *start;
  size_t size;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, &start, &size);
  pthread_attr_destroy(&attributes);
  low = (uintptr_t)start;
  high = low + size;
}

// Follows the frame pointers, which Swift keeps.
static void count(size_t size) {
  if (busy) return;
  busy = 1;
  if (!high) find_stack();
  void *frames[DEPTH] = {0};
  uintptr_t *frame = __builtin_frame_address(0);
  uint64_t hash = 1469598103934665603ULL;
  for (int depth = 0; depth < DEPTH && (uintptr_t)frame > low && (uintptr_t)frame + 16 <= high; depth++) {
    frames[depth] = (void *)frame[1];
    hash = (hash ^ frame[1]) * 1099511628211ULL;
    hash ^= hash >> 29;
    if (frame[0] <= (uintptr_t)frame || frame[0] & 7) break;
    frame = (uintptr_t *)frame[0];
  }
  hash |= 1;
  pthread_mutex_lock(&lock);
  if (!sites)
    sites = mmap(0, sizeof(Site) * SITES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  uint32_t place = hash >> 8 & (SITES - 1);
  while (sites[place].hash && sites[place].hash != hash) place = (place + 1) & (SITES - 1);
  if (!sites[place].hash) {
    sites[place].hash = hash;
    memcpy(sites[place].frames, frames, sizeof frames);
  }
  sites[place].count++;
  sites[place].bytes += size;
  pthread_mutex_unlock(&lock);
  busy = 0;
}

void *malloc(size_t size) { count(size); return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { count(number * size); return __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { count(size); return __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { count(size); return __libc_memalign(alignment, size); }
int posix_memalign(void **result, size_t alignment, size_t size) {
  count(size);
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : 12;
}

__attribute__((destructor)) static void write_all(void) {
  const char *path = getenv("ALLOCATIONS");
  if (!path || !sites) return;
  busy = 1;
  FILE *out = fopen(path, "w"), *maps = fopen("/proc/self/maps", "r");
  char line[4096];
  while (fgets(line, sizeof line, maps)) fputs(line, out);
  fputs("--\n", out);
  for (int place = 0; place < SITES; place++) {
    if (!sites[place].hash) continue;
    fprintf(out, "%llu %llu", (unsigned long long)sites[place].count, (unsigned long long)sites[place].bytes);
    for (int depth = 0; depth < DEPTH && sites[place].frames[depth]; depth++)
      fprintf(out, " %p", sites[place].frames[depth]);
    fputc('\n', out);
  }
  fclose(out);
}
