/* What ragc.h has for reading. */
#include "check.h"

static void lists(const ragc_archive *archive)
{
    size_t n = 0;
    char **samples = ragc_list_samples(archive, &n);
    CHECK(samples && n == 7 && ragc_n_samples(archive) == 7 && !strcmp(samples[0], "ref") && !samples[7]);
    ragc_free_list(samples);
    char **contigs = ragc_list_contigs(archive, "a", &n);
    uint64_t *lengths = ragc_list_lengths(archive, "a", NULL);
    CHECK(contigs && lengths && n == 3 && ragc_n_contigs(archive, "a") == 3);
    for (size_t i = 0; i < n; i++)
        CHECK(ragc_contig_length(archive, "a", contigs[i]) == (int64_t) lengths[i]);
    ragc_free_list(contigs);
    ragc_free(lengths);
    char *reference = ragc_reference_sample(archive);
    CHECK(reference && !strcmp(reference, "ref"));
    ragc_free(reference);
    CHECK(!ragc_list_contigs(archive, "nobody", &n) && n == 3 && ragc_last_error_code() == RAGC_NOT_FOUND);
}

static void regions(const ragc_archive *archive, const char *chr1)
{
    char buffer[100];
    memset(buffer, '#', sizeof buffer);
    CHECK(ragc_read(archive, "a", "chr1", 1000, 1090, RAGC_UPPER, buffer, 90) == 90);
    CHECK(!memcmp(buffer, chr1 + 1000, 90) && buffer[90] == '#');
    CHECK(ragc_read(archive, "a", "chr1", 32080, RAGC_END, RAGC_NUCLEOTIDES, buffer, 5) == 5);
    CHECK(!memcmp(buffer, chr1 + 32080, 5));
    CHECK(ragc_read(archive, "a", "chr1", 7, 7, RAGC_UPPER, NULL, 0) == 0);
    CHECK(ragc_read(archive, "a", "chr1", 99999, RAGC_END, RAGC_UPPER, buffer, 0) == 0);
    buffer[0] = '#';
    CHECK(ragc_read(archive, "a", "chr1", 0, 101, RAGC_UPPER, buffer, 100) == RAGC_BAD_ARGUMENT);
    CHECK(strstr(ragc_last_error(), "101 bases"));
    CHECK(ragc_read(archive, "a", "chr1", 0, 10, RAGC_UPPER, NULL, 100) == RAGC_BAD_ARGUMENT);
    CHECK(ragc_read(archive, "a", "chr1", 2, 1, RAGC_UPPER, buffer, 100) == RAGC_BAD_ARGUMENT);
    CHECK(ragc_read(archive, "a", "chr1", 0, 10, 77, buffer, 100) == RAGC_BAD_ARGUMENT);
    CHECK(ragc_read(archive, NULL, "chr1", 0, 10, RAGC_UPPER, buffer, 100) == RAGC_AMBIGUOUS);
    CHECK(ragc_read(archive, "a", "chrX", 0, 10, RAGC_UPPER, buffer, 100) == RAGC_NOT_FOUND && buffer[0] == '#');
    CHECK(ragc_contig_length(archive, NULL, "chr2_rc") == 18246);
    CHECK(ragc_contig_length(archive, NULL, "chr1") == RAGC_AMBIGUOUS);

    uint64_t len = 0;
    char *letters = ragc_fetch(archive, "a", "chr1", 0, RAGC_END, RAGC_UPPER, &len);
    CHECK(letters && len == strlen(chr1) && !strcmp(letters, chr1));
    ragc_free(letters);
    letters = ragc_fetch(archive, "a", "chr1", 9, 9, RAGC_UPPER, NULL);
    CHECK(letters && !*letters);
    free(letters);
}

static void batches(const ragc_archive *archive, const char *chr1)
{
    enum { N = 60 };
    ragc_region regions[N];
    uint64_t lens[N];
    for (int i = 0; i < N; i++) {
        ragc_region region = {"a", "chr1", (uint64_t) i * 560, (uint64_t) i * 560 + 400};
        regions[(i * 77) % N] = region;
    }
    for (int n_threads = 0; n_threads < 3; n_threads++) {
        char **list = ragc_fetch_many(archive, regions, N, RAGC_UPPER, n_threads, lens);
        CHECK(list && !list[N]);
        for (int i = 0; i < N; i++) {
            size_t start = regions[i].start < strlen(chr1) ? regions[i].start : strlen(chr1);
            CHECK(strlen(list[i]) == lens[i] && !strncmp(list[i], chr1 + start, 400));
            CHECK(lens[i] == (strlen(chr1) - start < 400 ? strlen(chr1) - start : 400));
        }
        ragc_free_list(list);
    }
    char **none = ragc_fetch_many(archive, NULL, 0, RAGC_UPPER, 1, NULL);
    CHECK(none && !none[0]);
    ragc_free_list(none);
    regions[50].contig = "chrX";
    CHECK(!ragc_fetch_many(archive, regions, N, RAGC_UPPER, 2, lens) && strstr(ragc_last_error(), "chrX"));
    regions[50].contig = NULL;
    CHECK(!ragc_fetch_many(archive, regions, N, RAGC_UPPER, 2, NULL));
    CHECK(!ragc_fetch_many(archive, NULL, 3, RAGC_UPPER, 2, NULL));
    CHECK(!ragc_fetch_many(archive, regions, (size_t) -1, RAGC_UPPER, 2, NULL));
    CHECK(!ragc_fetch_many(archive, regions, 1, RAGC_UPPER, -1, NULL));
}

/* What a sink hears, as text. */
struct heard {
    char *text;
    size_t len;
    int events_left;
};

static int hear(void *context, int event, const char *bytes, size_t len)
{
    struct heard *heard = context;
    const char *signs[] = {"?", "@", ">", "", "/"};
    CHECK(event >= RAGC_SAMPLE && event <= RAGC_SAMPLE_END);
    size_t n = strlen(signs[event]);
    heard->text = realloc(heard->text, heard->len + n + len + 2);
    CHECK(heard->text);
    memcpy(heard->text + heard->len, signs[event], n);
    memcpy(heard->text + heard->len + n, bytes, len);
    heard->len += n + len;
    if (event == RAGC_SAMPLE || event == RAGC_CONTIG)
        heard->text[heard->len++] = ' ';
    heard->text[heard->len] = 0;
    return heard->events_left-- == 0;
}

static void streams(const ragc_archive *archive, const char *chr1)
{
    const char *samples[] = {"a", "b"};
    struct heard one = {NULL, 0, -1}, other = {NULL, 0, -1};
    CHECK(ragc_stream_samples(archive, samples, 2, RAGC_UPPER, 1, hear, &one) == RAGC_OK);
    CHECK(ragc_stream_samples(archive, samples, 2, RAGC_UPPER, 3, hear, &other) == RAGC_OK);
    CHECK(!strcmp(one.text, other.text) && !strncmp(one.text, "@a >chr1 first chromosome ", 26));
    CHECK(!strncmp(one.text + 26, chr1, strlen(chr1)) && !strncmp(one.text + 26 + strlen(chr1), ">chr2 ", 6));
    CHECK(strstr(one.text, "/@b >chr1 ") && one.text[one.len - 1] == '/');
    /* It ends where its sink wants it to. */
    for (int n = 0; n < 3; n++) {
        struct heard some = {NULL, 0, n};
        CHECK(ragc_stream_samples(archive, NULL, 0, RAGC_UPPER, 1 + n % 3, hear, &some) == RAGC_CANCELLED);
        CHECK(some.events_left == -1);
        free(some.text);
    }
    ragc_region regions[] = {{"a", "chr1", 10, 20}, {NULL, "chr2_rc", 0, RAGC_END}};
    one.len = 0;
    CHECK(ragc_stream_regions(archive, regions, 2, RAGC_UPPER, 2, hear, &one) == RAGC_OK);
    CHECK(!strncmp(one.text, ">chr1 first chromosome ", 23) && !strncmp(one.text + 23, chr1 + 10, 10));
    CHECK(!strncmp(one.text + 33, ">chr2_rc ", 9) && one.len == 33 + 9 + 18246);
    CHECK(ragc_stream_samples(archive, samples, 2, RAGC_UPPER, 1, NULL, NULL) == RAGC_BAD_ARGUMENT);
    samples[1] = "nobody";
    CHECK(ragc_stream_samples(archive, samples, 2, RAGC_UPPER, 1, hear, &one) == RAGC_NOT_FOUND);
    samples[1] = NULL;
    CHECK(ragc_stream_samples(archive, samples, 2, RAGC_UPPER, 1, hear, &one) == RAGC_BAD_ARGUMENT);
    free(one.text);
    free(other.text);
}

static void records(const char *path, const char *chr1)
{
    for (int n_threads = 1; n_threads < 4; n_threads += 2) {
        ragc_archive *archive = ragc_open_with_cache(path, 1 << 20);
        const char *samples[] = {"b", "a"};
        ragc_records *some = ragc_records_open(archive, samples, 2, RAGC_UPPER, n_threads);
        ragc_records *all = ragc_records_open(archive, NULL, 0, RAGC_UPPER, n_threads);
        CHECK(ragc_close(archive) == RAGC_OK && some && all);
        ragc_record record;
        int n = 0;
        while (ragc_records_next(some, &record) == 1) {
            CHECK(strlen(record.letters) == record.length);
            CHECK(!strcmp(record.sample, n < 2 ? "b" : "a"));
            CHECK(n != 2 || (!strcmp(record.name, "chr1 first chromosome") && !strcmp(record.letters, chr1)));
            n++;
        }
        CHECK(n == 5 && ragc_records_next(some, &record) == 0 && ragc_records_close(some) == RAGC_OK);
        CHECK(ragc_records_next(some, &record) == RAGC_BAD_ARGUMENT);
        CHECK(ragc_records_close(some) == RAGC_BAD_ARGUMENT);
        CHECK(ragc_records_next(all, NULL) == 1 && ragc_records_next(all, &record) == 1);
        CHECK(!strcmp(record.sample, "ref") && !strcmp(record.name, "chr2 second chromosome"));
        CHECK(ragc_records_close(all) == RAGC_OK); /* in the middle */
    }
    CHECK(!ragc_records_open(NULL, NULL, 0, RAGC_UPPER, 1));
}

static void errors(const char *data)
{
    char *path = below(data, "fasta/a.fa");
    CHECK(!ragc_open(path) && ragc_last_error_code() == RAGC_NOT_ARCHIVE && strstr(ragc_last_error(), "FASTA"));
    CHECK(!strcmp(ragc_error_name(ragc_last_error_code()), "not-archive"));
    CHECK(!strcmp(ragc_error_name(RAGC_OK), "ok") && !strcmp(ragc_error_name(12345), "other"));
    CHECK(!ragc_open("") && !ragc_open(NULL) && strstr(ragc_last_error(), "NULL"));
    CHECK(ragc_close(NULL) == RAGC_BAD_ARGUMENT && ragc_n_samples(NULL) == RAGC_BAD_ARGUMENT);
    CHECK(!ragc_list_samples(NULL, NULL) && !ragc_reference_sample((ragc_archive *) path));
    CHECK(strstr(ragc_last_error(), "never opened"));
    free(path);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3 && !strcmp(ragc_last_error(), "") && ragc_last_error_code() == RAGC_OK);
    CHECK(!strncmp(ragc_version(), "0.", 2));
    char *path = below(argv[1], "archives/v3_s500.agc");
    char *text = read_file(argv[1], "fasta/a.fa"), *chr1 = contig_of(text, "chr1");
    ragc_archive *archive = ragc_open(path);
    CHECK(archive);
    lists(archive);
    regions(archive, chr1);
    batches(archive, chr1);
    streams(archive, chr1);
    records(path, chr1);
    errors(argv[1]);
    CHECK(ragc_close(archive) == RAGC_OK && ragc_close(archive) == RAGC_BAD_ARGUMENT);
    free(path);
    free(text);
    free(chr1);
    return 0;
}
