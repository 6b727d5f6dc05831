/* A process that may not take more memory: what is read is right, or RAGC_NO_MEMORY, and the process lives on. */
#include "check.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LENGTH = 4000000, N_WORKS = 7 };

static char *letters;
static ragc_archive *archive;
static const char *path;
static const ragc_region regions[] = {{"a", "long", 0, LENGTH}, {"a", "long", 7, LENGTH}};

/* Room for so many bytes more than the process has; any number for none. 0 where the system does not tell what it has. */
static int allow(const size_t *room)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    unsigned long n_pages;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%lu", &n_pages) != 1)
        return 0;
    fclose(statm);
    if (room)
        limit.rlim_cur = n_pages * (rlim_t) sysconf(_SC_PAGESIZE) + *room;
    return !setrlimit(RLIMIT_AS, &limit);
}

struct heard {
    size_t n;
    int is_right;
};

static int hear(void *context, int event, const char *bytes, size_t len)
{
    struct heard *heard = context;
    if (event == RAGC_LETTERS) {
        heard->is_right &= heard->n + len <= LENGTH && !memcmp(letters + heard->n, bytes, len);
        heard->n += len;
    }
    return 0;
}

/* 1 for the right answer, 0 for none, which the last error tells the reason of. */
static int work(int which)
{
    static char buffer[LENGTH];
    char *text, **texts;
    uint64_t lens[2];
    int code, is_right;
    struct heard heard = {0, 1};
    ragc_records *records;
    ragc_record record;
    switch (which) {
    case 0:
        if (!(text = ragc_fetch(archive, "a", "long", 0, LENGTH, RAGC_AS_STORED, lens)))
            return 0;
        is_right = lens[0] == LENGTH && !strcmp(text, letters);
        ragc_free(text);
        CHECK(is_right);
        return 1;
    case 1:
        if (ragc_read(archive, "a", "long", 0, LENGTH, RAGC_AS_STORED, buffer, sizeof buffer) < 0)
            return 0;
        CHECK(!memcmp(buffer, letters, LENGTH));
        return 1;
    case 2:
        if (!(texts = ragc_fetch_many(archive, regions, 2, RAGC_AS_STORED, 2, lens)))
            return 0;
        is_right = !strcmp(texts[0], letters) && !strcmp(texts[1], letters + 7) && !texts[2];
        ragc_free_list(texts);
        CHECK(is_right);
        return 1;
    case 3:
        if (!(records = ragc_records_open(archive, NULL, 0, RAGC_AS_STORED, 2)))
            return 0;
        code = ragc_records_next(records, &record);
        CHECK(code < 1 || (record.length == LENGTH && !strcmp(record.letters, letters)));
        /* Closing tells no error, and leaves the one before. */
        CHECK(ragc_records_close(records) == RAGC_OK);
        CHECK(code == 1 || code == RAGC_NO_MEMORY);
        return code == 1 ? 1 : -1;
    case 4:
        code = ragc_stream_samples(archive, NULL, 0, RAGC_AS_STORED, 2, hear, &heard);
        CHECK(heard.is_right && (code || heard.n == LENGTH));
        return code == RAGC_OK;
    case 5:
        code = ragc_verify(path, 2, NULL, NULL, NULL);
        return code == RAGC_OK;
    default:
        if (!(texts = ragc_list_contigs(archive, "a", NULL)))
            return 0;
        is_right = !strcmp(texts[0], "long") && !texts[1];
        ragc_free_list(texts);
        CHECK(is_right);
        return 1;
    }
}

/* Makes the archive, and reads it as often as there are ways to. */
static int make(const size_t *room, char *fasta)
{
    (void) room;
    ragc_input input = {NULL, fasta, strlen(fasta), "a"};
    CHECK(ragc_create(path, &input, 1, NULL) == RAGC_OK);
    CHECK((archive = ragc_open_with_cache(path, 0)));
    for (int which = 0; which < N_WORKS; which++)
        CHECK(work(which) == 1);
    return 0;
}

/* Reads with room for so many bytes; how many ways lack memory. */
static int try_all(const size_t *room, char *fasta)
{
    (void) fasta;
    int n_lacking = 0;
    CHECK((archive = ragc_open_with_cache(path, 0)));
    for (int which = 0; which < N_WORKS; which++) {
        CHECK(allow(room));
        int came = work(which);
        CHECK(came || ragc_last_error_code() == RAGC_NO_MEMORY);
        CHECK(allow(NULL));
        n_lacking += came != 1;
    }
    return n_lacking;
}

/* In a process of its own, whose memory nobody has used before. */
static int alone(int (*what)(const size_t *, char *), const size_t *room, char *fasta)
{
    int status;
    pid_t child = fork();
    if (!child)
        _exit(100 + what(room, fasta));
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) >= 100);
    return WEXITSTATUS(status) - 100;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    if (!allow(NULL))
        return 0;
    char *made = below(argv[2], "long.agc"), *fasta = malloc(LENGTH + 8);
    CHECK(fasta);
    path = made;
    strcpy(fasta, ">long\n");
    letters = fasta + 6;
    uint64_t dice = 1;
    for (size_t i = 0; i < LENGTH; i++) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        letters[i] = (i / 5000 % 2 ? "acgt" : "ACGT")[dice >> 62];
    }
    letters[LENGTH] = 0;
    CHECK(!alone(make, NULL, fasta));

    const size_t rooms[] = {50000, 1000000, 2000000, 3000000, 5000000, 9000000, 14000000, 40000000};
    int n = sizeof rooms / sizeof *rooms, n_lacking = 0;
    for (int i = 0; i < n; i++)
        n_lacking += alone(try_all, &rooms[i], fasta);
    printf("%d of %d without memory\n", n_lacking, n * N_WORKS);
    CHECK(n_lacking > N_WORKS && n_lacking < n * N_WORKS - N_WORKS);
    free(fasta);
    free(made);
    return 0;
}
