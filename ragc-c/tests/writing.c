/* What ragc.h has for writing. */
#include "check.h"

#define CONTIG "virus/ref|x"

/* What is heard of a run, and when it is to end. */
struct run {
    int phases, samples;
    uint64_t n_events, end_at;
    int has_ended;
};

static int hear(void *context, const ragc_progress *progress)
{
    struct run *run = context;
    CHECK(!run->has_ended);
    run->phases |= 1 << progress->phase;
    CHECK(!progress->sample == !progress->sample_len);
    run->samples += progress->sample != NULL;
    CHECK(!progress->total || progress->done <= progress->total || progress->phase != RAGC_PHASE_CLOSE_PACKS);
    run->has_ended = ++run->n_events == run->end_at;
    return run->has_ended;
}

static int exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file)
        fclose(file);
    return file != NULL;
}

/* A copy of the text of a FASTA file in which some bases have become others, for free(). */
static char *mutant(const char *text, size_t distance)
{
    char *copy = (char *) calloc(strlen(text) + 1, 1);
    CHECK(copy);
    memcpy(copy, text, strlen(text));
    for (size_t i = (size_t) (strchr(text, '\n') - text) + 50; i < strlen(text); i += distance)
        if (copy[i] != '\n')
            copy[i] = copy[i] == 'A' ? 'T' : 'A';
    return copy;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fputs(text, file) >= 0 && !fclose(file));
}

static void check_same(const char *path, const char *sample, const char *contig, const char *text)
{
    ragc_archive *archive = ragc_open(path);
    char *expected = contig_of(text, contig);
    char *letters = ragc_fetch(archive, sample, contig, 0, RAGC_END, RAGC_UPPER, NULL);
    CHECK(letters && !strcmp(letters, expected) && ragc_close(archive) == RAGC_OK);
    ragc_free(letters);
    free(expected);
}

static void cancelled(const char *path, const char *added)
{
    const char *text = ">x\nGATTACATTGACCAGATACCAGATTTTACCAGGAC\n>y\nTTGACCAGATACCAGATT\n";
    ragc_input input = {NULL, text, strlen(text), "tiny"};
    uint64_t at[] = {1, 2, 5};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        struct run run = {0, 0, 0, at[i], 0};
        ragc_write_options options = RAGC_WRITE_OPTIONS;
        options.progress = hear;
        options.context = &run;
        CHECK(ragc_create(added, &input, 1, &options) == RAGC_CANCELLED && run.has_ended && !exists(added));
        struct run again = {0, 0, 0, at[i], 0};
        options.context = &again;
        options.in_place = i % 2;
        CHECK(ragc_append(path, &input, 1, &options) == RAGC_CANCELLED && again.has_ended);
    }
    CHECK(ragc_verify(path, 1, NULL, NULL, NULL) == RAGC_OK);
}

static void damaged(const char *path)
{
    FILE *file = fopen(path, "r+b");
    CHECK(file && !fseek(file, 400, SEEK_SET));
    int byte = fgetc(file);
    CHECK(byte >= 0 && !fseek(file, 400, SEEK_SET) && fputc(byte ^ 4, file) >= 0 && !fclose(file));
    char *report = NULL;
    CHECK(ragc_verify(path, 2, NULL, NULL, &report) == RAGC_CORRUPT && report && strstr(report, path));
    CHECK(strchr(report, '\n') && strstr(ragc_last_error(), "can be read"));
    ragc_free(report);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char *path = below(argv[2], "new.agc"), *added = below(argv[2], "other.agc");
    char *ref = below(argv[1], "fasta/concat_ref.fa"), *a = below(argv[2], "a.fa"), *b = below(argv[2], "b.fa");
    char *text = read_file(argv[1], "fasta/concat_ref.fa"), *text_of_a = mutant(text, 300);
    write_file(a, text_of_a);
    write_file(b, text);
    ragc_input inputs[] = {{ref, NULL, 0, NULL}, {a, NULL, 0, "first"}, {NULL, text, strlen(text), "in memory"}, {b, NULL, 0, NULL}};

    struct run run = {0, 0, 0, 0, 0};
    ragc_write_options options = RAGC_WRITE_OPTIONS;
    options.n_threads = 2;
    options.progress = hear;
    options.context = &run;
    options.segment_size = 1000;
    options.pack_cardinality = 50;
    CHECK(ragc_create(path, inputs, 2, &options) == RAGC_OK);
    CHECK(run.samples == 2 && run.phases & 1 << RAGC_PHASE_STORE && run.phases & 1 << RAGC_PHASE_CLOSE_PACKS);
    check_same(path, "first", CONTIG, text_of_a);

    /* Nothing is replaced by chance, and an option that makes no sense is told. */
    CHECK(ragc_create(path, inputs, 1, NULL) == RAGC_BAD_INPUT && strstr(ragc_last_error(), "archive of this name"));
    CHECK(ragc_create(a, inputs, 2, NULL) == RAGC_BAD_INPUT && strstr(ragc_last_error(), "one of its inputs"));
    CHECK(ragc_append(path, inputs + 2, 1, &options) == RAGC_BAD_OPTION);
    options.segment_size = 7;
    CHECK(ragc_create(added, inputs, 1, &options) == RAGC_BAD_OPTION && !exists(added));
    options.segment_size = options.pack_cardinality = 0;
    options.keep = RAGC_KEEP_NOTHING | RAGC_KEEP_CASE;
    CHECK(ragc_create(added, inputs, 1, &options) == RAGC_BAD_ARGUMENT);
    options.keep = 0;
    options.n_threads = -1;
    CHECK(ragc_create(added, inputs, 1, &options) == RAGC_BAD_ARGUMENT);
    options.n_threads = 0;
    options.size = sizeof options + 8;
    CHECK(ragc_create(added, inputs, 1, &options) == RAGC_BAD_ARGUMENT);
    CHECK(ragc_create(added, NULL, 0, NULL) == RAGC_BAD_INPUT && ragc_create(NULL, inputs, 1, NULL) == RAGC_BAD_ARGUMENT);
    inputs[2].sample = NULL;
    CHECK(ragc_create(added, inputs, 3, NULL) == RAGC_BAD_ARGUMENT && !exists(added));
    inputs[2].sample = "in memory";

    /* A structure of an older release ends where that one ended. */
    struct {
        size_t size;
        ragc_progress_function progress;
        void *context;
    } older = {sizeof older, hear, &run};
    cancelled(path, added);
    CHECK(ragc_append(path, inputs + 2, 1, (const ragc_write_options *) &older) == RAGC_OK && run.samples == 3);
    check_same(path, "in memory", CONTIG, text);
    ragc_archive *before = ragc_open(path);
    options.size = sizeof options;
    options.in_place = 1;
    CHECK(ragc_append(path, inputs + 3, 1, &options) == RAGC_OK && run.samples == 4);
    CHECK(ragc_n_samples(before) == 3 && ragc_close(before) == RAGC_OK);
    check_same(path, "b", CONTIG, text);
    CHECK(ragc_append(path, inputs + 3, 1, NULL) == RAGC_BAD_INPUT && strstr(ragc_last_error(), "\"b\""));
    CHECK(ragc_append(added, inputs, 1, NULL) == RAGC_IO && !exists(added));
    options.in_place = 0;
    options.replace = 1;
    CHECK(ragc_create(path, inputs, 2, &options) == RAGC_OK);
    before = ragc_open(path);
    CHECK(ragc_n_samples(before) == 2 && ragc_close(before) == RAGC_OK);

    struct run verification = {0, 0, 0, 0, 0};
    char *report = path;
    CHECK(ragc_verify(path, 2, hear, &verification, &report) == RAGC_OK && !report);
    CHECK(verification.phases == 1 << RAGC_PHASE_VERIFY && verification.n_events > 1);
    struct run impatient = {0, 0, 0, 2, 0};
    CHECK(ragc_verify(path, 2, hear, &impatient, &report) == RAGC_CANCELLED && impatient.has_ended && !report);
    CHECK(ragc_verify(a, 1, NULL, NULL, NULL) == RAGC_NOT_ARCHIVE);
    damaged(path);

    char *all[] = {path, added, ref, a, b, text, text_of_a};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    return 0;
}
