// Tells the thread sanitizer of Synchronization.Mutex; preloaded by run.sh.
//
// When nobody else wants the mutex it is taken and left in code that the compiler has instrumented. Otherwise that
// is done inside of Swift's library, which is not: a program with nothing but two threads that count under a Mutex
// is reported as a race then. With these two functions before those of the library it is not, and a count beside
// the Mutex still is. So no suppression is needed, which would hide real races too.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

// Those of the sanitizer; programs without it are run too.
void __tsan_acquire(void *) __attribute__((weak));
void __tsan_release(void *) __attribute__((weak));

SWIFT void lock_slowly(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slowly(SELF) __asm__(UNLOCK);

static SWIFT void (*library_lock)(uint32_t, SELF);
static SWIFT void (*library_unlock)(SELF);

__attribute__((constructor)) static void find_library(void) {
  library_lock = dlsym(RTLD_NEXT, LOCK);
  library_unlock = dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slowly(uint32_t thread, SELF) {
  library_lock(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slowly(SELF) {
  if (__tsan_release) __tsan_release(mutex);
  library_unlock(mutex);
}
