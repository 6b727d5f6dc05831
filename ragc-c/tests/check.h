/* What the test programs have in common. Their arguments are the folder of the golden data and a folder for files. */
#ifndef CHECK_H
#define CHECK_H

#include "ragc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what)                                                                                     \
    do {                                                                                                \
        if (!(what)) {                                                                                  \
            fprintf(stderr, "%s:%d: %s; last error: %s\n", __FILE__, __LINE__, #what, ragc_last_error()); \
            exit(1);                                                                                    \
        }                                                                                               \
    } while (0)

/* A path below a folder, for free(). */
static inline char *below(const char *folder, const char *name)
{
    size_t len = strlen(folder) + strlen(name) + 2;
    char *path = (char *) malloc(len);
    CHECK(path);
    snprintf(path, len, "%s/%s", folder, name);
    return path;
}

/* All bytes of a file with a NUL behind them, for free(). */
static inline char *read_file(const char *folder, const char *name)
{
    char *path = below(folder, name);
    FILE *file = fopen(path, "rb");
    CHECK(file && !fseek(file, 0, SEEK_END));
    long len = ftell(file);
    char *text = (char *) calloc((size_t) len + 1, 1);
    CHECK(text && !fseek(file, 0, SEEK_SET) && fread(text, 1, (size_t) len, file) == (size_t) len);
    fclose(file);
    free(path);
    return text;
}

/* The letters of the contig of this first word in the text of a FASTA file, in upper case, for free(). */
static inline char *contig_of(const char *text, const char *name)
{
    size_t len = strlen(name);
    const char *at = text;
    while ((at = strchr(at, '>')) && (strncmp(at + 1, name, len) || !isspace((unsigned char) at[1 + len])))
        at++;
    CHECK(at);
    at = strchr(at, '\n');
    CHECK(at);
    char *letters = (char *) calloc(strlen(at) + 1, 1);
    CHECK(letters);
    size_t n = 0;
    for (; *at && *at != '>'; at++)
        if (!isspace((unsigned char) *at))
            letters[n++] = (char) toupper((unsigned char) *at);
    return letters;
}

#endif
