/* agc-api.h: the names of AGC's library, for programs that were written for it. Part of ragc, under the MIT licence.
 *
 * Link with libragc instead of libagc. Names, arguments and meanings are those of AGC 3.2, and what was wrong there is mended: an
 * agc_string_destroy exists, agc_list_destroy frees lists and what is in them, a range whose start is behind its end is an error, a
 * closed handle is told and never used, and a number that does not fit an int is -1 and not another number.
 *
 * Bases are counted from 0, and both ends of a range belong to it. Names are bytes and end with a NUL. A contig is found by the first
 * word of its header, or by all of it. Where a sample is NULL or empty, the contig must be in one sample only.
 *
 * One handle may be used by all threads at once. ragc_last_error() of ragc.h tells why a function failed, in this thread. Longer
 * sequences, batches, streams and writing are in ragc.h.
 */
#ifndef RAGC_AGC_API_H
#define RAGC_AGC_API_H

#ifdef __cplusplus
extern "C" {
#endif

/* An open archive. */
typedef struct agc_t agc_t;

/* Opens an archive. `prefetching` makes no difference: what a query needs is read, once, and kept within 256 MiB.
 * Returns NULL if it cannot be opened. */
agc_t *agc_open(const char *fn, int prefetching);

/* Closes it and frees all of it; what other threads are doing with it they may finish.
 * Returns 0, or -1 if it was closed already, or is NULL. */
int agc_close(agc_t *agc);

/* Number of samples; -1 on error. */
int agc_n_sample(const agc_t *agc);

/* Number of contigs of a sample; -1 if there is no such sample. */
int agc_n_ctg(const agc_t *agc, const char *sample);

/* Length of a contig, in bases; -1 if there is none of this name, -2 if there are several. */
int agc_get_ctg_len(const agc_t *agc, const char *sample, const char *name);

/* Writes the bases from `start` to `end`, both included, as upper-case letters of IUPAC with a NUL behind them, so that `buf` must hold
 * the bases that there are in the range and one char more: end - start + 2 are always enough.
 *
 * A negative start is 0, a negative end is the end of the contig: (-1, -1) is all of it. What lies behind the end is left out: of a range
 * that begins there nothing is written but the NUL.
 *
 * Returns the number of bases, without the NUL; -1 if the contig is absent, if several have the name, or if start > end. Then nothing is
 * written, unless the archive turns out to be damaged meanwhile. */
int agc_get_ctg_seq(const agc_t *agc, const char *sample, const char *name, int start, int end, char *buf);

/* Name of the reference sample, for agc_string_destroy() or free(); NULL on error. */
char *agc_reference_sample(const agc_t *agc);

/* Names of all samples, sorted, with a NULL behind them. `n_sample`, if it is not NULL, gets their number.
 * For agc_list_destroy(); NULL on error. */
char **agc_list_sample(const agc_t *agc, int *n_sample);

/* Headers of the contigs of a sample in the order of the archive, with a NULL behind them: none, if there is no such sample. `n_ctg`, if it
 * is not NULL, gets their number. For agc_list_destroy(); NULL on error. */
char **agc_list_ctg(const agc_t *agc, const char *sample, int *n_ctg);

/* Frees a list and its strings. Returns 0. */
int agc_list_destroy(char **list);

/* Frees a string. Returns 0. */
int agc_string_destroy(char *sample);

#ifdef __cplusplus
} /* extern "C" */

#include <string>
#include <vector>

/* The same for C++, from C++98 on. An object is used by one thread while it is opened or closed, and by all while it is open. */
class CAGCFile
{
public:
	CAGCFile() : agc(0) {}
	~CAGCFile() { Close(); }

	/* False if it cannot be opened, which may be tried again, or if the object has an open archive. */
	bool Open(const std::string &file_name, bool prefetching = true)
	{
		if (agc)
			return false;
		agc = agc_open(file_name.c_str(), prefetching);
		return agc != 0;
	}

	/* False if it is not open. Another archive may be opened afterwards. */
	bool Close()
	{
		agc_t *closed = agc;
		agc = 0;
		return agc_close(closed) == 0;
	}

	/* Bases; -1 if the contig is absent or no archive open, -2 if several have the name. */
	int GetCtgLen(const std::string &sample, const std::string &name) const
	{
		return agc_get_ctg_len(agc, sample.c_str(), name.c_str());
	}

	/* Sets `buffer` to the bases from `start` to `end`, as agc_get_ctg_seq(). Returns 0, -1 or -2; on error `buffer` is as it was. Contigs of
	 * 2^31 bases and more are an error. */
	int GetCtgSeq(const std::string &sample, const std::string &name, int start, int end, std::string &buffer) const
	{
		int len = GetCtgLen(sample, name);
		if (len < 0)
			return len;
		if (end >= 0 && (start < 0 ? 0 : start) > end)
			return -1;
		int from = start < 0 ? 0 : start < len ? start : len;
		int to = end < 0 || end >= len ? len : end < from ? from : end + 1;
		std::string letters((std::string::size_type) (to - from) + 1, '\0');
		int n = agc_get_ctg_seq(agc, sample.c_str(), name.c_str(), start, end, &letters[0]);
		if (n < 0)
			return n;
		letters.resize((std::string::size_type) n);
		buffer.swap(letters);
		return 0;
	}

	/* -1 if no archive is open. */
	int NSample() const { return agc_n_sample(agc); }

	/* -1 if there is no such sample. */
	int NCtg(const std::string &sample) const { return agc_n_ctg(agc, sample.c_str()); }

	/* Sets `samples` to their names, sorted. Returns 0, or -1 on error. */
	int ListSample(std::vector<std::string> &samples) const
	{
		int n = 0;
		char **list = agc_list_sample(agc, &n);
		return Take(list, n, samples);
	}

	/* Sets `sample` to the name of the reference sample. Returns 0, or -1 on error. */
	int GetReferenceSample(std::string &sample) const
	{
		char *name = agc_reference_sample(agc);
		if (!name)
			return -1;
		Text text(name);
		sample = name;
		return 0;
	}

	/* Sets `names` to the headers of the contigs of a sample; one that there is not leaves them as they were. Returns 0, or -1 on error. */
	int ListCtg(const std::string &sample, std::vector<std::string> &names) const
	{
		int n = 0;
		char **list = agc_list_ctg(agc, sample.c_str(), &n);
		if (list && n == 0 && NCtg(sample) < 0) {
			agc_list_destroy(list);
			return 0;
		}
		return Take(list, n, names);
	}

private:
	/* What is to be freed even if there is no memory for a copy. */
	struct Text
	{
		char *text;
		explicit Text(char *given) : text(given) {}
		~Text() { agc_string_destroy(text); }
	};
	struct List
	{
		char **list;
		explicit List(char **given) : list(given) {}
		~List() { agc_list_destroy(list); }
	};

	static int Take(char **given, int n, std::vector<std::string> &names)
	{
		if (!given)
			return -1;
		List list(given);
		names.assign(given, given + n);
		return 0;
	}

	/* An open archive has one owner. */
	CAGCFile(const CAGCFile &);
	CAGCFile &operator=(const CAGCFile &);

	agc_t *agc;
};
#endif

#endif
