/* One writer waits for another, is told so, and may have enough of it. */
#include "check.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_held, may_end;

static void set(int *flag, int value)
{
    CHECK(!pthread_mutex_lock(&mutex));
    *flag = value;
    CHECK(!pthread_cond_broadcast(&changed) && !pthread_mutex_unlock(&mutex));
}

static void wait_until(int *flag)
{
    CHECK(!pthread_mutex_lock(&mutex));
    while (!*flag)
        CHECK(!pthread_cond_wait(&changed, &mutex));
    CHECK(!pthread_mutex_unlock(&mutex));
}

/* Who has the archive keeps it until it is told to end. */
static int hold(void *context, const ragc_progress *progress)
{
    (void) context;
    CHECK(progress->phase != RAGC_PHASE_WAIT);
    set(&is_held, 1);
    wait_until(&may_end);
    return 0;
}

static void *holder(void *context)
{
    ragc_input input = {NULL, ">x\nGATTACATTGACC\n", 17, "held"};
    ragc_write_options options = RAGC_WRITE_OPTIONS;
    options.progress = hold;
    CHECK(ragc_append((const char *) context, &input, 1, &options) == RAGC_OK);
    return NULL;
}

/* Who waits, and what is done when that is told for the second time. */
struct waiting {
    int n_told, cancels;
};

static int wait_or_not(void *context, const ragc_progress *progress)
{
    struct waiting *waiting = context;
    if (progress->phase != RAGC_PHASE_WAIT)
        return 0;
    CHECK(!progress->done && !progress->total && !progress->sample);
    if (++waiting->n_told < 2)
        return 0;
    if (!waiting->cancels)
        set(&may_end, 1);
    return waiting->cancels;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char *path = below(argv[2], "x.agc");
    const char *text = ">x\nGATTACATTGACCAGATACCAGATTTTACCAGGAC\n";
    ragc_input inputs[] = {{NULL, text, strlen(text), "a"}, {NULL, text, strlen(text), "b"}};
    for (int in_place = 0; in_place < 2; in_place++) {
        ragc_write_options options = RAGC_WRITE_OPTIONS;
        options.replace = 1;
        CHECK(ragc_create(path, inputs, 1, &options) == RAGC_OK);
        pthread_t thread;
        is_held = may_end = 0;
        CHECK(!pthread_create(&thread, NULL, holder, path));
        wait_until(&is_held);

        struct waiting waiting = {0, 1};
        options.progress = wait_or_not;
        options.context = &waiting;
        CHECK(ragc_create(path, inputs, 1, &options) == RAGC_CANCELLED && waiting.n_told == 2);
        waiting.n_told = options.replace = 0;
        options.in_place = in_place;
        CHECK(ragc_append(path, inputs + 1, 1, &options) == RAGC_CANCELLED && waiting.n_told == 2);

        /* Who has patience has its turn. */
        waiting.n_told = waiting.cancels = 0;
        CHECK(ragc_append(path, inputs + 1, 1, &options) == RAGC_OK && waiting.n_told >= 2);
        CHECK(!pthread_join(thread, NULL));
        ragc_archive *archive = ragc_open(path);
        CHECK(ragc_n_samples(archive) == 3 && ragc_contig_length(archive, "held", "x") == 13);
        CHECK(ragc_close(archive) == RAGC_OK);
    }
    free(path);
    return 0;
}
