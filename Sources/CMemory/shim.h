/* Asks for the cache line of an address, which need not be readable; Swift has no word for it. */
static inline void memory_prefetch(const void *_Nullable address) { __builtin_prefetch(address); }
