// ragc.h in C++: options, a lambda as a sink, and the class beside it.
#include "agc-api.h"
#include "check.h"

#include <string>

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const std::string path = std::string(argv[2]) + "/cpp.agc";
    const std::string text = ">x\nACGTACGTNNAC\n>y some words\nTTTT\n";
    ragc_input input = ragc_input();
    input.bytes = text.data();
    input.n_bytes = text.size();
    input.sample = "s";
    ragc_write_options options = RAGC_WRITE_OPTIONS;
    options.n_threads = 1;
    CHECK(ragc_create(path.c_str(), &input, 1, &options) == RAGC_OK);

    ragc_archive *archive = ragc_open(path.c_str());
    std::string heard;
    const ragc_sink sink = [](void *context, int event, const char *bytes, size_t len) {
        std::string &heard = *static_cast<std::string *>(context);
        if (event == RAGC_CONTIG)
            heard += '>';
        heard.append(bytes, len);
        return 0;
    };
    const char *samples[] = {"s"};
    CHECK(ragc_stream_samples(archive, samples, 1, RAGC_UPPER, 1, sink, &heard) == RAGC_OK);
    CHECK(heard == "s>xACGTACGTNNAC>y some wordsTTTT" && ragc_close(archive) == RAGC_OK);

    CAGCFile file;
    std::vector<std::string> names;
    CHECK(file.Open(path) && file.ListCtg("s", names) == 0 && names.size() == 2 && names[1] == "y some words");
    CHECK(file.GetCtgSeq("", "y", -1, -1, heard) == 0 && heard == "TTTT");
    return 0;
}
