#include <pcap/pcap.h>
#include <stdio.h>
#include <sys/types.h>

/* fopencookie(3), which glibc and musl declare only under _GNU_SOURCE. libpcap reads files through a
   FILE, and this makes one out of our own input. The structure is that of cookie_io_functions_t. */
struct capture_stream_functions {
  ssize_t (*_Nullable read)(void *_Nullable cookie, char *_Nullable buffer, size_t count);
  ssize_t (*_Nullable write)(void *_Nullable cookie, const char *_Nullable buffer, size_t count);
  int (*_Nullable seek)(void *_Nullable cookie, void *_Nullable offset, int whence);
  int (*_Nullable close)(void *_Nullable cookie);
};

FILE *_Nullable capture_stream(
    void *_Nullable cookie, const char *_Nonnull mode, struct capture_stream_functions functions)
    __asm__("fopencookie");

/* tee(2), also declared only under _GNU_SOURCE: copies what waits in a pipe into another one without
   taking it out, so that a pipe can be looked at before it is decided how to read it. */
ssize_t capture_tee(int from, int to, size_t count, unsigned int flags) __asm__("tee");
