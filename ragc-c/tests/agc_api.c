/* The functions of agc-api.h: what they mean, and that the faults of their model are mended. */
#include "agc-api.h"
#include "check.h"

#include <limits.h>

/* What `agc_get_ctg_seq` gives must be what the file has, with exactly one NUL behind it. */
static void check_range(const agc_t *agc, const char *chr1, int start, int end, const char *expected, int n)
{
    char *buffer = malloc((size_t) n + 2);
    CHECK(buffer);
    memset(buffer, '#', (size_t) n + 2);
    CHECK(agc_get_ctg_seq(agc, "a", "chr1", start, end, buffer) == n);
    CHECK(!memcmp(buffer, expected, (size_t) n) && buffer[n] == 0 && buffer[n + 1] == '#');
    CHECK(expected >= chr1 && expected <= chr1 + strlen(chr1));
    free(buffer);
}

static void ranges(const agc_t *agc, const char *data)
{
    char *text = read_file(data, "fasta/a.fa"), *chr1 = contig_of(text, "chr1");
    int len = agc_get_ctg_len(agc, "a", "chr1");
    CHECK(len == (int) strlen(chr1) && len == 32085);
    check_range(agc, chr1, -1, -1, chr1, len);
    check_range(agc, chr1, 0, len - 1, chr1, len);
    check_range(agc, chr1, 0, len, chr1, len); /* a caller with room for len + 1 */
    check_range(agc, chr1, 0, 0, chr1, 1);
    check_range(agc, chr1, 1000, 1999, chr1 + 1000, 1000);
    check_range(agc, chr1, -5, 9, chr1, 10);
    check_range(agc, chr1, len - 3, -1, chr1 + len - 3, 3);
    check_range(agc, chr1, len - 3, INT_MAX, chr1 + len - 3, 3);
    check_range(agc, chr1, len, len + 10, chr1 + len, 0);
    check_range(agc, chr1, INT_MAX, -1, chr1 + len, 0);

    char buffer[8] = "#######";
    CHECK(agc_get_ctg_seq(agc, "a", "chr1", 5, 4, buffer) == -1);
    CHECK(agc_get_ctg_seq(agc, "a", "chr1", INT_MAX, INT_MAX - 1, buffer) == -1);
    CHECK(agc_get_ctg_seq(agc, "a", "chrX", 0, 4, buffer) == -1);
    CHECK(agc_get_ctg_seq(agc, "nobody", "chr1", 0, 4, buffer) == -1);
    CHECK(agc_get_ctg_seq(agc, NULL, "chr1", 0, 4, buffer) == -1);
    CHECK(agc_get_ctg_seq(agc, "", "chr1", 0, 4, buffer) == -1);
    CHECK(ragc_last_error_code() == RAGC_AMBIGUOUS);
    CHECK(agc_get_ctg_seq(agc, NULL, "chrX", 0, 4, buffer) == -1);
    CHECK(agc_get_ctg_seq(agc, "a", NULL, 0, 4, buffer) == -1);
    CHECK(agc_get_ctg_seq(agc, "a", "chr1", 0, 4, NULL) == -1);
    CHECK(!strcmp(buffer, "#######"));
    CHECK(agc_get_ctg_seq(agc, NULL, "chr2_rc", 0, 4, buffer) == 5 && strlen(buffer) == 5);
    CHECK(agc_get_ctg_len(agc, "a", "chrX") == -1 && agc_get_ctg_len(agc, "nobody", "chr1") == -1);
    CHECK(agc_get_ctg_len(agc, NULL, "chr1") == -2 && agc_get_ctg_len(agc, "", "chr2_rc") == 18246);
    CHECK(agc_get_ctg_len(agc, "a", NULL) == -1);
    free(chr1);
    free(text);
}

static void lists(const agc_t *agc)
{
    const char *sorted[] = {"a", "b", "c", "d", "e", "f_lower", "ref"};
    int n = -7;
    char **list = agc_list_sample(agc, &n);
    CHECK(list && n == 7 && agc_n_sample(agc) == 7 && !list[7]);
    for (int i = 0; i < n; i++)
        CHECK(!strcmp(list[i], sorted[i]));
    CHECK(agc_list_destroy(list) == 0);

    list = agc_list_ctg(agc, "a", &n);
    CHECK(list && n == 3 && agc_n_ctg(agc, "a") == 3 && !list[3]);
    CHECK(!strcmp(list[0], "chr1 first chromosome") && !strcmp(list[2], "plasmid"));
    CHECK(agc_list_destroy(list) == 0);
    list = agc_list_ctg(agc, "c", NULL);
    CHECK(list && !strncmp(list[0], "ctg000", 6));
    agc_list_destroy(list);

    const char *none[] = {"nobody", "", NULL};
    for (int i = 0; i < 3; i++) {
        list = agc_list_ctg(agc, none[i], &n);
        CHECK(list && n == 0 && !list[0] && agc_n_ctg(agc, none[i]) == -1);
        agc_list_destroy(list);
    }
    char *reference = agc_reference_sample(agc);
    CHECK(reference && !strcmp(reference, "ref"));
    CHECK(agc_string_destroy(reference) == 0);
    reference = agc_reference_sample(agc);
    free(reference); /* as some callers do */
    CHECK(agc_list_destroy(NULL) == 0 && agc_string_destroy(NULL) == 0);
}

/* Nothing of this may crash: a handle is closed, or none. */
static void check_dead(agc_t *agc)
{
    char buffer[8] = "";
    int n = 7;
    CHECK(agc_close(agc) == -1);
    CHECK(agc_n_sample(agc) == -1 && agc_n_ctg(agc, "a") == -1 && agc_get_ctg_len(agc, "a", "chr1") == -1);
    CHECK(agc_get_ctg_seq(agc, "a", "chr1", 0, 4, buffer) == -1);
    CHECK(!agc_reference_sample(agc) && !agc_list_sample(agc, &n) && !agc_list_ctg(agc, "a", &n) && n == 7);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char *path = below(argv[1], "archives/v3_s500.agc"), *absent = below(argv[1], "archives/absent.agc");
    CHECK(!agc_open(absent, 1) && ragc_last_error_code() == RAGC_IO && strstr(ragc_last_error(), "absent.agc"));
    CHECK(!agc_open(NULL, 0));
    agc_t *agc = agc_open(path, 1);
    CHECK(agc);
    ranges(agc, argv[1]);
    lists(agc);
    agc_t *other = agc_open(path, 0);
    CHECK(other && other != agc && agc_close(agc) == 0);
    check_dead(agc);
    check_dead(NULL);
    CHECK(agc_n_sample(other) == 7 && agc_close(other) == 0);
    free(path);
    free(absent);
    return 0;
}
