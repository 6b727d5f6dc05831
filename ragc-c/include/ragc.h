/* ragc.h: archives of assembled genomes, for C and C++. Part of ragc, under the MIT licence.
 *
 * Conventions
 *
 * - Lengths and positions are 64 bits wide and count bases or bytes, as is told. Regions are 0-based and half-open: [start, end). What lies
 *   behind the end of a contig is left out; RAGC_END is the end, wherever it is.
 * - Names are bytes that end with a NUL. No name in an archive holds one. What is given is UTF-8 in all but old archives.
 *   A contig is found by the first word of its header, or by all of it. Where a function takes `sample` and says that it may be NULL, the
 *   contig must then be in one sample only.
 * - Functions return a number of ragc_code, 0 or negative, or a count that is never negative, or a pointer that is NULL on error.
 *   ragc_last_error() tells in words what went wrong.
 * - What a function gives is memory of malloc(): free() or ragc_free() frees it. Lists have a NULL behind their last item, and
 *   ragc_free_list() frees them with what is in them.
 * - Handles may be used by all threads at once, unless it is told otherwise. A handle that was closed, and NULL for whatever must be there,
 *   is RAGC_BAD_ARGUMENT. Where NULL is welcome, that is told.
 * - `n_threads` is how many threads may work at once; 0 is one a core.
 * - No function prints anything, and none takes over signals. Functions of the caller must not throw, nor longjmp().
 *
 *     ragc_archive *yeast = ragc_open("yeast.agc");
 *     char *letters = ragc_fetch(yeast, "SK1", "chrIV", 1000, 2000, RAGC_UPPER, NULL);
 *     if (!letters)
 *         fprintf(stderr, "%s\n", ragc_last_error());
 *     ragc_free(letters);
 *     ragc_close(yeast);
 */
#ifndef RAGC_H
#define RAGC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Errors --------------------------------------------------------------------------------------------------------------------- */

/* What went wrong. Numbers stay; later releases may add some. */
typedef enum ragc_code {
    RAGC_OK = 0,
    RAGC_BAD_ARGUMENT = -1, /* NULL, a closed handle, a buffer that is too short, a number out of its range */
    RAGC_OTHER = -2,        /* what this list does not know */
    RAGC_IO = -3,           /* the system says no: file not found, disk full */
    RAGC_TRUNCATED = -4,    /* the archive, or an input, is cut short */
    RAGC_CORRUPT = -5,      /* the archive is damaged */
    RAGC_CHECKSUM = -6,     /* the archive is damaged: what was read is not what was written */
    RAGC_TOO_LARGE = -7,    /* a few bytes stand for so many that the archive is damaged, or needs a larger cache */
    RAGC_NOT_ARCHIVE = -8,  /* the file is something else */
    RAGC_UNSUPPORTED = -9,  /* the archive is of a kind that is not read, or not added to */
    RAGC_NOT_FOUND = -10,   /* no such sample or contig */
    RAGC_AMBIGUOUS = -11,   /* several samples have the contig */
    RAGC_BAD_INPUT = -12,   /* not FASTA, not nucleotides, a name that comes twice, an archive that would be replaced */
    RAGC_NOT_KEPT = -13,    /* the archive does not keep that */
    RAGC_BAD_OPTION = -14,  /* an option is out of its range, or does not go with another */
    RAGC_NO_MEMORY = -15,   /* the system has no memory for this */
    RAGC_CANCELLED = -16,   /* a function of the caller returned something else than 0 */
    RAGC_WORKER_LOST = -17, /* a thread was lost */
    RAGC_INTERNAL = -18     /* a bug of the library */
} ragc_code;

/* What went wrong last in this thread, with file, sample and contig, in one line; "" if nothing did. It stays where it is until a function
 * fails in this thread again. UTF-8. */
const char *ragc_last_error(void);

/* The code of that. */
int ragc_last_error_code(void);

/* A word for a code, "not-found", that stays the same in all releases. Never NULL. */
const char *ragc_error_name(int code);

/* Version of the library, "0.1.0". */
const char *ragc_version(void);

/* Frees what a function gave. NULL is welcome. */
void ragc_free(void *given);

/* Frees a list that a function gave, and what is in it. NULL is welcome. */
void ragc_free_list(char **list);

/* ---- Archives ------------------------------------------------------------------------------------------------------------------- */

/* An open archive. */
typedef struct ragc_archive ragc_archive;

/* Opens an archive; NULL on error. What was decoded is kept within 256 MiB. */
ragc_archive *ragc_open(const char *path);

/* As ragc_open(), and keeps at most so many bytes. */
ragc_archive *ragc_open_with_cache(const char *path, uint64_t cache_limit);

/* Closes it. What other threads, and readers of records, are doing with it they may finish. */
int ragc_close(ragc_archive *archive);

/* Number of samples. */
int64_t ragc_n_samples(const ragc_archive *archive);

/* Number of contigs of a sample. */
int64_t ragc_n_contigs(const ragc_archive *archive, const char *sample);

/* Number of bases of a contig. Nothing is decoded for it. `sample` may be NULL. */
int64_t ragc_contig_length(const ragc_archive *archive, const char *sample, const char *contig);

/* Name of the reference sample, the first one. */
char *ragc_reference_sample(const ragc_archive *archive);

/* Names of all samples in the order of the archive; `n`, which may be NULL, gets their number. */
char **ragc_list_samples(const ragc_archive *archive, size_t *n);

/* Headers of the contigs of a sample, complete and in order; `n`, which may be NULL, gets their number. */
char **ragc_list_contigs(const ragc_archive *archive, const char *sample, size_t *n);

/* Lengths of the contigs of a sample in bases, in the same order; `n`, which may be NULL, gets their number. For ragc_free(). */
uint64_t *ragc_list_lengths(const ragc_archive *archive, const char *sample, size_t *n);

/* ---- Sequences in memory ---------------------------------------------------------------------------------------------------------- */

/* The end of a contig, as the end of a region. */
#define RAGC_END UINT64_MAX

/* How letters are told. */
typedef enum ragc_spelling {
    RAGC_UPPER = 0,      /* in upper case, with what is no nucleotide code (gaps, *, digits) */
    RAGC_AS_STORED = 1,  /* as RAGC_UPPER, and in lower case what was so, where the archive keeps it */
    RAGC_NUCLEOTIDES = 2 /* the codes of IUPAC in upper case, N for the rest: as AGC reads archives */
} ragc_spelling;

/* A stretch of a contig, [start, end) in bases. `sample` may be NULL. */
typedef struct ragc_region {
    const char *sample;
    const char *contig;
    uint64_t start;
    uint64_t end;
} ragc_region;

/* Writes the letters of a region into the caller's buffer, without a NUL, and returns how many there are. If the buffer has less than that,
 * nothing is written and RAGC_BAD_ARGUMENT returned; end - start bytes are always enough. `sample` may be NULL. */
int64_t ragc_read(const ragc_archive *archive, const char *sample, const char *contig, uint64_t start, uint64_t end, int spelling,
                  char *buffer, size_t buffer_len);

/* The letters of a region with a NUL behind them; `len`, which may be NULL, gets their number. `sample` may be NULL. */
char *ragc_fetch(const ragc_archive *archive, const char *sample, const char *contig, uint64_t start, uint64_t end, int spelling,
                 uint64_t *len);

/* The letters of `n` regions as a list of strings in the order of the regions; `lens`, which may be NULL, has room for `n` numbers and gets
 * their lengths. All or none: an error tells of the first region that is wrong. Regions of one contig behind one another take least time. */
char **ragc_fetch_many(const ragc_archive *archive, const ragc_region *regions, size_t n, int spelling, int n_threads, uint64_t *lens);

/* ---- Sequences that pass --------------------------------------------------------------------------------------------------------- */

/* What a sink is told. */
typedef enum ragc_event {
    RAGC_SAMPLE = 1,    /* a sample begins; the bytes are its name */
    RAGC_CONTIG = 2,    /* a contig begins; the bytes are its header, without '>' */
    RAGC_LETTERS = 3,   /* the next letters of the contig, some thousand at a time */
    RAGC_SAMPLE_END = 4 /* the sample is complete; there are no bytes */
} ragc_event;

/* Takes what is streamed, in order. The bytes have no NUL and are gone when it returns. It is never called by two threads at once, but not
 * always by the same one. Anything but 0 ends the stream with RAGC_CANCELLED. */
typedef int (*ragc_sink)(void *context, int event, const char *bytes, size_t len);

/* Sends `n` whole samples through a function, in the order given; all of the archive if `samples` is NULL and `n` is 0. Memory is bounded,
 * whatever the length of contigs. `context` is what the function is given. */
int ragc_stream_samples(const ragc_archive *archive, const char *const *samples, size_t n, int spelling, int n_threads, ragc_sink sink,
                        void *context);

/* Sends `n` regions through a function, each as a contig without a sample: { sample, contig, 0, RAGC_END } is a whole one. */
int ragc_stream_regions(const ragc_archive *archive, const ragc_region *regions, size_t n, int spelling, int n_threads, ragc_sink sink,
                        void *context);

/* Contigs that are asked for one after the other. One thread at a time may use the handle. */
typedef struct ragc_records ragc_records;

/* A contig. All of it stays where it is until the next one is asked for, or the reader closed. Each text has a NUL behind it. */
typedef struct ragc_record {
    const char *sample;
    const char *name; /* the complete header, without '>' */
    const char *letters;
    uint64_t length; /* bases */
} ragc_record;

/* Begins to read the contigs of `n` samples, in the order given; of all if `samples` is NULL and `n` is 0. Several threads decode ahead, some
 * megabases at most. The archive may be closed meanwhile. */
ragc_records *ragc_records_open(const ragc_archive *archive, const char *const *samples, size_t n, int spelling, int n_threads);

/* Returns 1 and sets `record` to the next contig; 0 behind the last; a negative code on error, behind which there is nothing more. */
int ragc_records_next(ragc_records *records, ragc_record *record);

/* Ends it, wherever it is. */
int ragc_records_close(ragc_records *records);

/* ---- Writing --------------------------------------------------------------------------------------------------------------------- */

/* What is going on. */
typedef enum ragc_phase {
    RAGC_PHASE_OTHER = 0,
    RAGC_PHASE_CHOOSE = 1,         /* looking at inputs to choose parameters */
    RAGC_PHASE_FIND_SPLITTERS = 2, /* reading the reference sample */
    RAGC_PHASE_RESUME = 3,         /* learning what the archive holds that is added to */
    RAGC_PHASE_STORE = 4,          /* reading and placing all inputs */
    RAGC_PHASE_CLOSE_PACKS = 5,    /* compressing what is left */
    RAGC_PHASE_VERIFY = 6,         /* decoding everything */
    RAGC_PHASE_WAIT = 7            /* another writer of the archive is waited for: told some twenty times a second */
} ragc_phase;

/* How far a run is. */
typedef struct ragc_progress {
    int32_t phase;
    uint64_t done;      /* of this phase: bytes of the input files, of packs, or steps of a verification */
    uint64_t total;     /* of the same; 0 if it is not known */
    const char *sample; /* name of a sample that was just placed, without a NUL; NULL if it is something else that is told */
    size_t sample_len;  /* bytes of the name */
} ragc_progress;

/* Hears of that, often, from any thread of the run but never from two at once. Anything but 0 cancels the run, which soon ends with
 * RAGC_CANCELLED; then it is not called again. While an input that is a pipe gives nothing, it is not called. */
typedef int (*ragc_progress_function)(void *context, const ragc_progress *progress);

/* A FASTA file, compressed or not, or a tar archive of such; or the text of one. */
typedef struct ragc_input {
    const char *path;   /* of the file; NULL if it is in memory */
    const void *bytes;  /* the text, where `path` is NULL; it is copied */
    size_t n_bytes;     /* of the text */
    const char *sample; /* name of the sample, UTF-8; NULL: it is named after the file. What is in memory needs one */
} ragc_input;

/* What is kept of files beside their sequences. */
#define RAGC_KEEP_NOTHING 1u /* not with the others */
#define RAGC_KEEP_CASE 2u    /* which letters are lower case */
#define RAGC_KEEP_LAYOUT 4u  /* lines and blanks */

/* What may be wanted otherwise. Zero is what the program ragc does, so only what differs is set:
 *
 *     ragc_write_options options = RAGC_WRITE_OPTIONS;
 *     options.n_threads = 4;
 */
typedef struct ragc_write_options {
    size_t size; /* of this structure, in bytes: RAGC_WRITE_OPTIONS sets it */
    ragc_progress_function progress; /* hears how far the run is */
    void *context;                   /* what that is given */
    uint64_t memory;                 /* bytes that the run takes at most; 0 is no limit */
    int32_t n_threads;               /* 0 is one a core */
    uint32_t keep;                   /* RAGC_KEEP_...; 0: all for a new archive, what the archive keeps for one that is added to */
    int32_t replace;                 /* ragc_create() may replace an archive */
    int32_t in_place;                /* ragc_append() writes behind the end of the file, which takes time for what is new alone */
    uint32_t k;                      /* ragc_create(): bases of a k-mer, 17 to 32 */
    uint32_t min_match;              /* ragc_create(): bases of the shortest match, 15 to 32 */
    uint32_t segment_size;           /* ragc_create(): bases of a segment, 100 to 1000000; 0 is chosen by the inputs */
    uint32_t pack_cardinality;       /* ragc_create(): segments in a pack; 0 is chosen by the inputs */
} ragc_write_options;

#ifdef __cplusplus
#define RAGC_WRITE_OPTIONS ragc_write_options_of_size(sizeof(ragc_write_options))
#else
#define RAGC_WRITE_OPTIONS { sizeof(ragc_write_options), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
#endif

/* Makes an archive of `n` inputs, of which the first is the reference sample. `options` may be NULL.
 *
 * The archive appears when it is complete and synced to disk. An archive of this name is not replaced, unless options say so, and an
 * input never is. Another writer of it is waited for, as long as `progress` wants. The same inputs and options make the same bytes, whatever the number of threads. */
int ragc_create(const char *path, const ragc_input *inputs, size_t n, const ragc_write_options *options);

/* Adds `n` samples to an archive. `options` may be NULL. Whatever goes wrong, the archive is what it was; whoever has it open goes on reading
 * what was there. Another writer is waited for, as by ragc_create(). */
int ragc_append(const char *path, const ragc_input *inputs, size_t n, const ragc_write_options *options);

/* Reads and decodes all of an archive. Returns RAGC_OK if it is intact and RAGC_CORRUPT if it is damaged: then `report`, which may be NULL,
 * gets a text of what is damaged and lost, a line each. `progress` and `context` may be NULL. */
int ragc_verify(const char *path, int n_threads, ragc_progress_function progress, void *context, char **report);

#ifdef __cplusplus
} /* extern "C" */

/* Options that are zero but for their size. */
static inline ragc_write_options ragc_write_options_of_size(size_t size)
{
    ragc_write_options options = ragc_write_options();
    options.size = size;
    return options;
}
#endif

#endif
