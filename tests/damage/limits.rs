//! Where the system gives little: few threads, little memory. A command does with what there is, or fails with one line; it leaves
//! no file behind, and what it has written does not look complete.
#![cfg(target_os = "linux")]

// Nothing is compared with plain text here.
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::bench::Bench;
use crate::bench::deadline::{EndInTime, RunInTime};

/// A library that lets `pthread_create` fail from the call on that `NTH` tells, up to the one that `LAST` tells if that is set.
const NO_MORE_THREADS: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
static int n;
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real) real = dlsym(RTLD_NEXT, "pthread_create");
    const char *last = getenv("LAST");
    int number = __sync_add_and_fetch(&n, 1);
    if (number >= atoi(getenv("NTH")) && (!last || number <= atoi(last))) return EAGAIN;
    return real(thread, attributes, start, argument);
}
"#;

/// A library that lets `pthread_create` fail while as many threads as `MOST` tells run beside the first.
const FEW_THREADS: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
static int n;
struct work { void *(*start)(void *); void *argument; };
static void *run(void *given) {
    struct work work = *(struct work *)given;
    free(given);
    void *answer = work.start(work.argument);
    __sync_sub_and_fetch(&n, 1);
    return answer;
}
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real) real = dlsym(RTLD_NEXT, "pthread_create");
    if (__sync_add_and_fetch(&n, 1) > atoi(getenv("MOST"))) {
        __sync_sub_and_fetch(&n, 1);
        return EAGAIN;
    }
    struct work *work = malloc(sizeof *work);
    work->start = start;
    work->argument = argument;
    return real(thread, attributes, run, work);
}
"#;

/// A library that lets `getrandom` fail from the call on that `NTH` tells.
const NO_MORE_RANDOM_NUMBERS: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
static int n;
ssize_t getrandom(void *bytes, size_t len, unsigned flags) {
    static ssize_t (*real)(void *, size_t, unsigned);
    if (!real) real = dlsym(RTLD_NEXT, "getrandom");
    if (__sync_add_and_fetch(&n, 1) >= atoi(getenv("NTH"))) { errno = EPERM; return -1; }
    return real(bytes, len, flags);
}
"#;

/// A library that has no memory for threads beside the first from the call on that `NTH` tells: small pieces, for large ones are asked for.
const NO_MORE_MEMORY_FOR_THREADS: &str = r#"
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
static int n;
static int is_refused(size_t len) {
    static int nth;
    if (gettid() == getpid() || len > 1000) return 0;
    if (!nth) nth = atoi(getenv("NTH"));
    if (__sync_add_and_fetch(&n, 1) < nth) return 0;
    errno = ENOMEM;
    return 1;
}
void *malloc(size_t len) { return is_refused(len) ? NULL : __libc_malloc(len); }
void *calloc(size_t n, size_t len) { return is_refused(n * len) ? NULL : __libc_calloc(n, len); }
void *realloc(void *old, size_t len) { return is_refused(len) ? NULL : __libc_realloc(old, len); }
"#;

/// Builds a library with the C compiler that zstd was built with, if it is the system's.
fn library(bench: &Bench, source: &str) -> Option<PathBuf> {
    let source = bench.write("lib/failing.c", source);
    let library = source.with_extension("so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .spawn();
    match built.is_ok_and(|mut compiler| compiler.status_in_time().success()) {
        true => Some(library),
        false => {
            eprintln!("no C compiler named cc: left out");
            None
        }
    }
}

/// Three genomes, and an archive of two of them.
fn bench_with_archive() -> Bench {
    let bench = Bench::new();
    bench.write("a.fa", genome(0));
    bench.write("b.fa", genome(1));
    bench.write("c.fa", genome(2));
    bench.succeed(&["create", "-t", "1", "-o", "old.agc", "a.fa", "b.fa"]);
    bench
}

/// Two contigs, some bases of which are others in each genome.
fn genome(number: u64) -> String {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state >> 33
    };
    let mut contig = |name: &str| {
        let letters: String = (0..60_000u64)
            .map(|i| {
                let shift = u64::from(number > 0 && i % 997 == number);
                char::from(b"ACGT"[((next() + shift) % 4) as usize])
            })
            .collect();
        format!(">{name}\n{letters}\n")
    };
    [contig("c1"), contig("c2")].concat()
}

/// Nothing worse than a line and status 1, and no file that is not finished.
fn check(bench: &Bench, output: &Output, what: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{what}: {:?}: {stderr}",
        output.status
    );
    assert!(!stderr.contains("panicked"), "{what}: {stderr}");
    if !output.status.success() {
        assert!(stderr.lines().count() >= 1, "{what}: nothing is told");
        let count = |start| stderr.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(count("ragc: "), stderr.lines().count(), "{what}: {stderr}");
        assert_eq!(count("ragc: error: "), 1, "{what}: {stderr}");
    }
    let folders = ["", "out"].map(|name| bench.path(name));
    let entries = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !names.iter().any(|name| name.to_string_lossy().ends_with(".tmp")),
        "{what}: {names:?}"
    );
}

/// Not a line more than the reason.
fn check_one_line(output: &Output, what: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let n_lines = stderr.lines().count();
    assert!(output.status.success() || n_lines == 1, "{what}: {stderr}");
}

/// Commands that start threads. What they write goes to `out`.
const COMMANDS: [&str; 13] = [
    "getset -t 3 old.agc a b",
    "getset -t 3 --bgzf old.agc a b",
    "getset -t 3 -o out/x.fa.gz old.agc a b",
    "getset -t 3 -g 6 -o out/x.fa old.agc a b",
    "getcol -t 3 -o out old.agc",
    "getcol -t 3 --salvage out old.agc",
    "getctg -t 3 old.agc c1@a c2@b",
    "faidx old.agc a#c1 b#c1",
    "digest -t 3 old.agc",
    "verify -t 3 old.agc",
    "create -t 3 --skip-bad-files -o out/x.agc a.fa b.fa",
    "append -t 3 -o out/x.agc old.agc c.fa",
    "append -t 3 --verify -o out/x.agc old.agc c.fa",
];

/// What a command wrote: to standard output, and into `out`, whose files are sorted.
fn written(bench: &Bench, stdout: &[u8]) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(bench.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let files = paths.iter().map(|path| fs::read(path).unwrap());
    [stdout.to_vec()].into_iter().chain(files).collect()
}

#[test]
fn where_threads_cannot_be_started_there_are_fewer_or_one_line() {
    let bench = bench_with_archive();
    let Some(library) = library(&bench, NO_MORE_THREADS) else {
        return;
    };
    for command in COMMANDS {
        let args: Vec<&str> = command.split(' ').collect();
        let run = |nth: usize| {
            let _ = fs::remove_dir_all(bench.path("out"));
            fs::create_dir(bench.path("out")).unwrap();
            let mut command = bench.command(&args);
            command.env("NTH", nth.to_string()).env("LD_PRELOAD", &library);
            command.stdin(Stdio::null()).output_in_time()
        };
        let whole = run(usize::MAX >> 33);
        assert!(whole.status.success(), "{command}");
        let expected = written(&bench, &whole.stdout);
        for nth in (1..16).chain([20, 25, 30]) {
            let output = run(nth);
            let what = format!("{command}, no thread from the {nth}. on");
            check(&bench, &output, &what);
            let is_reading = !["create", "append"].contains(&args[0]);
            assert!(
                output.status.success() || !is_reading,
                "{what}: readers need no thread beside their own"
            );
            if output.status.success() {
                assert!(written(&bench, &output.stdout) == expected, "{what}: other bytes");
            } else {
                assert_eq!(
                    written(&bench, &output.stdout),
                    [b""],
                    "{what}: something was written"
                );
            }
        }
    }
}

#[test]
fn a_reader_whose_place_is_taken_is_done_without() {
    let bench = bench_with_archive();
    let Some(library) = library(&bench, NO_MORE_THREADS) else {
        return;
    };
    let command = "create -t 3 --raw-contigs false -o x.agc a.fa b.fa";
    let args: Vec<&str> = command.split(' ').collect();
    let run = |nth: usize| {
        let _ = fs::remove_file(bench.path("x.agc"));
        let mut command = bench.command(&args);
        let nth = nth.to_string();
        command
            .env("NTH", &nth)
            .env("LAST", &nth)
            .env("LD_PRELOAD", &library);
        let output = command.stdin(Stdio::null()).output_in_time();
        check(&bench, &output, &format!("{command:?}, no {nth}. thread"));
        output
            .status
            .success()
            .then(|| fs::read(bench.path("x.agc")).unwrap())
    };
    let expected = run(usize::MAX >> 33).expect("it has all threads");
    let (stored, failed): (Vec<_>, Vec<_>) = (1..30).map(run).partition(Option::is_some);
    assert!(stored.into_iter().flatten().all(|archive| archive == expected));
    // One waits for signals, each of three encoders has a share of the groups, and somebody has to write and to read.
    assert_eq!(failed.len(), 1 + 3 + 1 + 1);
}

#[test]
fn both_ways_of_storing_are_tried_with_no_more_threads_than_one_of_them_takes() {
    let bench = bench_with_archive();
    let Some(library) = library(&bench, FEW_THREADS) else {
        return;
    };
    let run = |args: &[&str], most: usize| {
        let mut command = bench.command(args);
        command.env("MOST", most.to_string()).env("LD_PRELOAD", &library);
        command.stdin(Stdio::null()).output_in_time()
    };
    let by_hand = [
        "create",
        "-t2",
        "--raw-contigs",
        "false",
        "-o",
        "x.agc",
        "a.fa",
        "b.fa",
    ];
    let tried = ["create", "-t2", "-o", "y.agc", "a.fa", "b.fa"];
    let mut outputs = (3..9).map(|most| run(&by_hand, most));
    let least = outputs
        .position(|output| output.status.success())
        .expect("it needs few")
        + 3;
    for most in [0, 2, 4].map(|more| least + more) {
        let output = run(&tried, most);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{most} threads: {stderr}");
    }
    assert!(fs::read(bench.path("y.agc")).unwrap() == fs::read(bench.path("old.agc")).unwrap());
}

#[test]
fn where_no_thread_is_left_the_message_says_so_and_names_no_file() {
    let bench = bench_with_archive();
    let Some(library) = library(&bench, FEW_THREADS) else {
        return;
    };
    for command in [
        "create -o x.agc a.fa",
        "append --in-place old.agc c.fa",
        "append -o x.agc old.agc c.fa",
        "repack -o x.agc old.agc",
        "remove -o x.agc old.agc a",
        "merge -o x.agc old.agc",
        "sync old.agc a.fa",
    ] {
        let args: Vec<&str> = command.split(' ').collect();
        let mut command = bench.command(&args);
        command.env("MOST", "0").env("LD_PRELOAD", &library);
        let output = command.stdin(Stdio::null()).output_in_time();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        let (last, _) = stderr.lines().last().unwrap().split_at(45);
        assert_eq!(last, "ragc: error: cannot start a thread: Resource ", "{args:?}");
    }
}

#[test]
fn as_many_threads_as_make_sense_are_started() {
    let bench = bench_with_archive();
    fs::create_dir(bench.path("out")).unwrap();
    let one = bench
        .succeed(&["getset", "-t", "1", "--bgzf", "old.agc", "a", "b"])
        .0;
    let many = bench
        .succeed(&["getset", "-t", "100000", "--bgzf", "old.agc", "a", "b"])
        .0;
    assert!(one == many);
    bench.succeed(&["verify", "-t", "100000", "old.agc"]);
    bench.succeed(&["create", "-t", "100000", "-o", "new.agc", "a.fa", "b.fa"]);
    assert!(fs::read(bench.path("new.agc")).unwrap() == fs::read(bench.path("old.agc")).unwrap());
}

/// Steps of an address space beyond what the program hardly starts in, up to what it needs.
const MEBIBYTES: [u64; 14] = [0, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 40, 56, 88];

/// The most that a program takes to start.
const MAX_START: u64 = 100;

/// What the loader of the system, and not the program, has to say.
const NOT_LOADED: i32 = 127;

#[test]
fn where_memory_ends_so_does_a_command_with_one_line_and_nothing_left() {
    let bench = bench_with_archive();
    let under = |n: u64, command: &str| {
        let script = format!("ulimit -v {}; ulimit -c 0; exec \"$0\" {command}", n << 10);
        let mut limited = Command::new("sh");
        limited.args(["-c", &script, env!("CARGO_BIN_EXE_ragc")]);
        limited.current_dir(bench.path("")).stdin(Stdio::null());
        limited.output_in_time()
    };
    // Where there is no room for the program itself and its stack, nothing of it runs.
    let has_room = |n: &u64| under(*n, "getset --help").status.success();
    let least = (8..MAX_START).find(has_room).expect("it starts in that");
    let mebibytes = MEBIBYTES.map(|more| least + more);
    for command in COMMANDS {
        for n_threads in ["1", "2"] {
            for &n in &mebibytes {
                let _ = fs::remove_dir_all(bench.path("out"));
                fs::create_dir(bench.path("out")).unwrap();
                let output = under(n, &command.replace("-t 3", &format!("-t {n_threads}")));
                if output.status.code() == Some(NOT_LOADED) {
                    continue;
                }
                let what = format!("{n} MiB: {command} on {n_threads}");
                check(&bench, &output, &what);
                check_one_line(&output, &what);
            }
        }
    }
}

#[test]
fn where_threads_get_no_memory_there_is_one_line() {
    let bench = bench_with_archive();
    let Some(library) = library(&bench, NO_MORE_MEMORY_FOR_THREADS) else {
        return;
    };
    let mut n_failed = 0;
    for command in COMMANDS {
        let args: Vec<&str> = command.split(' ').collect();
        for nth in (1..12).chain([20, 40, 80]) {
            let _ = fs::remove_dir_all(bench.path("out"));
            fs::create_dir(bench.path("out")).unwrap();
            let mut command = bench.command(&args);
            command.env("NTH", nth.to_string()).env("LD_PRELOAD", &library);
            let output = command.stdin(Stdio::null()).output_in_time();
            let what = format!("{args:?}, no memory from the {nth}. piece on");
            check(&bench, &output, &what);
            check_one_line(&output, &what);
            n_failed += usize::from(!output.status.success());
        }
    }
    assert!(n_failed > COMMANDS.len(), "{n_failed} failed");
}

#[test]
fn where_random_numbers_end_so_does_a_command_with_one_line() {
    let bench = bench_with_archive();
    let Some(library) = library(&bench, NO_MORE_RANDOM_NUMBERS) else {
        return;
    };
    for line in COMMANDS {
        for nth in 1..5 {
            let args: Vec<&str> = line.split(' ').collect();
            let mut command = bench.command(&args);
            let output = command
                .env("LD_PRELOAD", &library)
                .env("NTH", nth.to_string())
                .stdin(Stdio::null())
                .output_in_time();
            check(&bench, &output, &format!("{line}, call {nth}"));
        }
    }
}

#[test]
fn where_files_cannot_be_opened_the_reason_is_the_system_s() {
    let bench = bench_with_archive();
    let ragc = bench.command(&[]).get_program().to_owned();
    // With three the program cannot even be loaded.
    for most in 4..9 {
        let script = format!("ulimit -n {most}; exec \"$0\" getset -o out.fa old.agc a");
        let mut command = Command::new("sh");
        command
            .args(["-c", &script])
            .arg(&ragc)
            .current_dir(bench.path(""));
        let output = command.output_in_time();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => assert!(bench.path("out.fa").exists()),
            Some(1) => assert!(message.contains("Too many open files"), "{most}: {message}"),
            other => panic!("{most}: {other:?} {message}"),
        }
        let _ = fs::remove_file(bench.path("out.fa"));
    }
}
