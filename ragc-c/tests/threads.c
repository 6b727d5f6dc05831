/* One handle of each kind, used by sixteen threads at once, and closed while they read. */
#include "agc-api.h"
#include "check.h"

#include <pthread.h>

enum { N_THREADS = 16, N_QUERIES = 25 };

static ragc_archive *archive;
static agc_t *agc;
static char *chr1;
static int len;

static void *query(void *context)
{
    int number = *(int *) context;
    char letters[600];
    for (int i = 0; i < N_QUERIES; i++) {
        int start = (i * 7919 + number * 104729) % len;
        int end = start + i * 7 % 500 < len ? start + i * 7 % 500 : len - 1;
        CHECK(agc_get_ctg_seq(agc, "a", "chr1", start, end, letters) == end - start + 1);
        CHECK(!strncmp(letters, chr1 + start, (size_t) (end - start + 1)) && !letters[end - start + 1]);
        int64_t n = ragc_read(archive, "a", "chr1", (uint64_t) start, (uint64_t) end, RAGC_UPPER, letters, sizeof letters);
        CHECK(n == end - start && !strncmp(letters, chr1 + start, (size_t) n));
        /* Each thread has an error of its own. */
        char name[20];
        snprintf(name, sizeof name, "absent-%d", number);
        CHECK(ragc_contig_length(archive, "a", name) == RAGC_NOT_FOUND && strstr(ragc_last_error(), name));
    }
    return NULL;
}

/* Reads until the handle is closed. */
static void *read_on(void *context)
{
    (void) context;
    int64_t n;
    char letters[100];
    while ((n = ragc_read(archive, "a", "chr1", 500, 600, RAGC_UPPER, letters, sizeof letters)) == 100)
        CHECK(!strncmp(letters, chr1 + 500, 100));
    CHECK(n == RAGC_BAD_ARGUMENT);
    return NULL;
}

static void in_threads(void *(*work)(void *), void (*meanwhile)(void))
{
    pthread_t threads[N_THREADS];
    int numbers[N_THREADS];
    for (int i = 0; i < N_THREADS; i++) {
        numbers[i] = i;
        CHECK(!pthread_create(&threads[i], NULL, work, &numbers[i]));
    }
    if (meanwhile)
        meanwhile();
    for (int i = 0; i < N_THREADS; i++)
        CHECK(!pthread_join(threads[i], NULL));
}

static void close_archive(void)
{
    CHECK(ragc_close(archive) == RAGC_OK);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char *path = below(argv[1], "archives/v3_s500.agc"), *text = read_file(argv[1], "fasta/a.fa");
    chr1 = contig_of(text, "chr1");
    len = (int) strlen(chr1);
    archive = ragc_open(path);
    agc = agc_open(path, 0);
    CHECK(archive && agc);
    in_threads(query, NULL);
    in_threads(read_on, close_archive);
    CHECK(agc_close(agc) == 0);
    free(path);
    free(text);
    free(chr1);
    return 0;
}
