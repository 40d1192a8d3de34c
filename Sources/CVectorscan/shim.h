#include <stddef.h>
#include <hs/hs.h>

// Declared here because the C library hides it without _GNU_SOURCE; musl and glibc both have it.
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
