#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *start, size_t count);
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*fuzz)(const uint8_t *, size_t));

#define ENTRY(target)                                                           \
  int target##_main(int count, char **arguments) {                              \
    return LLVMFuzzerRunDriver(&count, &arguments, LLVMFuzzerTestOneInput);     \
  }

ENTRY(Link)
ENTRY(TCPStream)
ENTRY(SIP)
ENTRY(SDP)
ENTRY(RTP)
ENTRY(STUN)
ENTRY(TLS)
ENTRY(HEP)
ENTRY(PcapReader)
