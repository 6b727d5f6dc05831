/* Moves stretches of all lengths and distances, and compares with a move through another place. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void *moved(void *to, const void *from, size_t len);
void *copied(void *to, const void *from, size_t len);

enum { ROOM = 1200, MARGIN = 100 };

static uint32_t state = 1;
static unsigned char bytes[ROOM], expected[ROOM], between[ROOM];

static int is_right(void *(*copy)(void *, const void *, size_t), int from, int to, int len)
{
    for (int i = 0; i < ROOM; i++)
        bytes[i] = expected[i] = (unsigned char)((state = state * 1103515245 + 12345) >> 16);
    for (int i = 0; i < len; i++)
        between[i] = expected[from + i];
    for (int i = 0; i < len; i++)
        expected[to + i] = between[i];
    if (copy(bytes + to, bytes + from, len) != bytes + to)
        return 0;
    for (int i = 0; i < ROOM; i++)
        if (bytes[i] != expected[i])
            return 0;
    return 1;
}

int main(void)
{
    for (int len = 0; len <= 400; len++) {
        for (int distance = 0; distance <= 420; distance += distance < 70 ? 1 : 7) {
            int low = MARGIN, high = MARGIN + distance;
            if (!is_right(moved, low, high, len) || !is_right(moved, high, low, len))
                return printf("moved: %d bytes, %d apart\n", len, distance), 1;
            if (distance >= len && !is_right(copied, high, low, len))
                return printf("copied: %d bytes, %d apart\n", len, distance), 1;
        }
    }
    return 0;
}
