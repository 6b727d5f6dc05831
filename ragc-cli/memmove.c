/*
 * memcpy and memmove of static programs on x86-64.
 *
 * Those of musl copy with `rep movs`, which takes as long to begin as 500 bytes take otherwise (45 ns; glibc 4), and deltas are made of short
 * copies: getcol of seven yeasts took twice the time.
 *
 * What is read of a short stretch, and of the ends of a long one, is read before anything is written. So both functions are one.
 */
#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m128i block;

static inline block load(const unsigned char *from) { return _mm_loadu_si128((const block *)from); }
static inline void store(unsigned char *to, block it) { _mm_storeu_si128((block *)to, it); }

/* Stretches that two words of this type cover, one from each end. */
#define COPY_ENDS(type)                                                  \
    do {                                                                 \
        type first, last;                                                \
        __builtin_memcpy(&first, from, sizeof(type));                    \
        __builtin_memcpy(&last, from + len - sizeof(type), sizeof(type)); \
        __builtin_memcpy(to, &first, sizeof(type));                      \
        __builtin_memcpy(to + len - sizeof(type), &last, sizeof(type));  \
    } while (0)

static inline void copy_short(unsigned char *to, const unsigned char *from, size_t len)
{
    if (len >= 8)
        COPY_ENDS(uint64_t);
    else if (len >= 4)
        COPY_ENDS(uint32_t);
    else if (len >= 2)
        COPY_ENDS(uint16_t);
    else if (len == 1)
        *to = *from;
}

/* 17 to 64 bytes. */
static inline void copy_blocks(unsigned char *to, const unsigned char *from, size_t len)
{
    block first = load(from), last = load(from + len - 16);
    if (len > 32) {
        block second = load(from + 16), last_but_one = load(from + len - 32);
        store(to + 16, second);
        store(to + len - 32, last_but_one);
    }
    store(to, first);
    store(to + len - 16, last);
}

/* More than 64 bytes, from the lower end: right where `to` lies below `from`, or they do not meet. */
static inline void copy_upwards(unsigned char *to, const unsigned char *from, size_t len)
{
    unsigned char *end = to + len - 64;
    block a = load(from + len - 64), b = load(from + len - 48), c = load(from + len - 32), d = load(from + len - 16);
    for (unsigned char *at = to; at < end; at += 64, from += 64) {
        block e = load(from), f = load(from + 16), g = load(from + 32), h = load(from + 48);
        store(at, e), store(at + 16, f), store(at + 32, g), store(at + 48, h);
    }
    store(end, a), store(end + 16, b), store(end + 32, c), store(end + 48, d);
}

/* More than 64 bytes, from the upper end. */
static inline void copy_downwards(unsigned char *to, const unsigned char *from, size_t len)
{
    block a = load(from), b = load(from + 16), c = load(from + 32), d = load(from + 48);
    for (size_t left = len; left > 64; left -= 64) {
        const unsigned char *stretch = from + left - 64;
        block e = load(stretch), f = load(stretch + 16), g = load(stretch + 32), h = load(stretch + 48);
        unsigned char *at = to + left - 64;
        store(at, e), store(at + 16, f), store(at + 32, g), store(at + 48, h);
    }
    store(to, a), store(to + 16, b), store(to + 32, c), store(to + 48, d);
}

void *memmove(void *to, const void *from, size_t len)
{
    if (len <= 16)
        copy_short(to, from, len);
    else if (len <= 64)
        copy_blocks(to, from, len);
    else if ((uintptr_t)to - (uintptr_t)from >= len)
        copy_upwards(to, from, len);
    else
        copy_downwards(to, from, len);
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    return memmove(to, from, len);
}
