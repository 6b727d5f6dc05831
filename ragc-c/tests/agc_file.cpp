// The class of agc-api.h.
#include "agc-api.h"
#include "check.h"

#include <climits>

static void check_open(const CAGCFile &file, const char *data)
{
    char *text = read_file(data, "fasta/a.fa"), *letters = contig_of(text, "chr1");
    const std::string chr1 = letters;
    free(letters);
    free(text);
    const int len = file.GetCtgLen("a", "chr1");
    CHECK(len == (int) chr1.size());
    const struct { int start, end; std::string expected; } ranges[] = {
        {-1, -1, chr1},
        {0, len, chr1},
        {100, 199, chr1.substr(100, 100)},
        {-9, 4, chr1.substr(0, 5)},
        {len - 2, INT_MAX, chr1.substr(chr1.size() - 2)},
        {len, len + 5, ""},
        {INT_MAX, -1, ""},
    };
    for (const auto &range : ranges) {
        std::string buffer = "old";
        CHECK(file.GetCtgSeq("a", "chr1", range.start, range.end, buffer) == 0 && buffer == range.expected);
    }
    std::string buffer = "old";
    CHECK(file.GetCtgSeq("a", "chr1", 5, 4, buffer) == -1 && file.GetCtgSeq("a", "chrX", 0, 4, buffer) == -1);
    CHECK(file.GetCtgSeq("", "chr1", 0, 4, buffer) == -2 && file.GetCtgSeq("nobody", "chr1", 0, 4, buffer) == -1);
    CHECK(buffer == "old");
    CHECK(file.GetCtgSeq("", "chr2_rc", 0, 4, buffer) == 0 && buffer.size() == 5);
    CHECK(file.GetCtgLen("", "chr1") == -2 && file.GetCtgLen("a", "chrX") == -1);

    std::vector<std::string> names(1, "old");
    CHECK(file.ListSample(names) == 0 && names.size() == 7 && names[0] == "a" && names[6] == "ref");
    CHECK(file.NSample() == 7 && file.NCtg("a") == 3 && file.NCtg("nobody") == -1);
    CHECK(file.ListCtg("a", names) == 0 && names.size() == 3 && names[2] == "plasmid");
    CHECK(file.ListCtg("nobody", names) == 0 && names.size() == 3);
    std::string reference;
    CHECK(file.GetReferenceSample(reference) == 0 && reference == "ref");
}

static void check_closed(CAGCFile &file)
{
    std::string text = "old";
    std::vector<std::string> names(1, "old");
    CHECK(!file.Close() && file.NSample() == -1 && file.NCtg("a") == -1 && file.GetCtgLen("a", "chr1") == -1);
    CHECK(file.GetCtgSeq("a", "chr1", 0, 4, text) == -1 && file.GetReferenceSample(text) == -1 && text == "old");
    CHECK(file.ListSample(names) == -1 && file.ListCtg("a", names) == -1 && names.size() == 1);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const std::string archives = std::string(argv[1]) + "/archives/";
    CAGCFile file;
    check_closed(file);
    CHECK(!file.Open(archives + "absent.agc"));
    check_closed(file);
    CHECK(file.Open(archives + "v3_s500.agc") && !file.Open(archives + "tiny.agc", false));
    check_open(file, argv[1]);
    CHECK(file.Close());
    check_closed(file);
    CHECK(file.Open(archives + "tiny.agc") && file.NSample() == 4);
    return 0; // whoever goes out of scope is closed
}
