//! Programs in C and C++ with the headers of `include`, linked with the shared and with the static library, with the shared one run under
//! valgrind where there is one.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};

use ragc_core::compress::{CreateOptions, Input};
use ragc_core::observe::Silent;

#[path = "../../tests/bench/deadline.rs"]
#[allow(dead_code, reason = "other tests wait for more")]
mod deadline;

use deadline::{EndInTime, LONG_DEADLINE, RunInTime};

/// What an error of valgrind ends a program with.
const FOUND_BY_VALGRIND: &str = "99";
/// A program that limits its memory.
const LIMITED: &str = "memory.c";
/// What a program needs beside the static library.
#[cfg(target_os = "macos")]
const SYSTEM_LIBRARIES: &[&str] = &[];
#[cfg(not(target_os = "macos"))]
const SYSTEM_LIBRARIES: &[&str] = &["-lgcc_s", "-lpthread", "-ldl", "-lm"];

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A name of the library as cargo has built it, beside this program.
fn library(name: &str) -> PathBuf {
    let beside = env::current_exe().unwrap();
    let path = beside.with_file_name(name);
    assert!(path.exists(), "{} is not built", path.display());
    path
}

const SHARED: &str = if cfg!(target_os = "macos") {
    "libragc.dylib"
} else {
    "libragc.so"
};
const SHARED_AT_RUN_TIME: &str = if cfg!(target_os = "macos") {
    "libragc.0.dylib"
} else {
    "libragc.so.0"
};

/// The compiler of a language, if there is one.
fn compiler(is_cpp: bool) -> Option<Command> {
    let (variable, usual) = if is_cpp { ("CXX", "c++") } else { ("CC", "cc") };
    let command = env::var(variable).unwrap_or(usual.to_owned());
    let mut words = command.split_whitespace();
    let mut compiler = Command::new(words.next()?);
    compiler.args(words);
    has(&mut Command::new(compiler.get_program())).then_some(compiler)
}

fn has(program: &mut Command) -> bool {
    let program = program.arg("--version").stdin(Stdio::null());
    program
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .is_ok_and(|mut child| child.status_in_time().success())
}

fn has_valgrind() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| {
        let has = has(&mut Command::new("valgrind"));
        if !has {
            println!("there is no valgrind: leaks and wrong accesses are not looked for");
        }
        has
    })
}

/// Runs a command, and gives what it prints.
fn succeed(command: &mut Command) -> Vec<u8> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = command.spawn().unwrap().output_within(LONG_DEADLINE);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{told}");
    output.stdout
}

/// Compiles a program of this folder with a library, and runs it.
fn run(source: &str, is_shared: bool, folder: &Path) {
    let is_cpp = source.ends_with(".cpp");
    let Some(mut compiler) = compiler(is_cpp) else {
        println!("there is no compiler for {source}: it is left out");
        return;
    };
    let program = folder.join("program");
    compiler
        .arg(if is_cpp { "-std=c++11" } else { "-std=c99" })
        .args([
            "-D_POSIX_C_SOURCE=200809L",
            "-g",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pthread",
        ])
        .arg("-I")
        .arg(package().join("include"))
        .arg(package().join("tests").join(source))
        .arg("-o")
        .arg(&program);
    if is_shared {
        let shared = library(SHARED);
        symlink(&shared, folder.join(SHARED)).unwrap();
        symlink(&shared, folder.join(SHARED_AT_RUN_TIME)).unwrap();
        compiler.arg("-L").arg(folder).arg("-lragc");
        compiler.arg(format!("-Wl,-rpath,{}", folder.display()));
    } else {
        compiler.arg(library("libragc.a")).args(SYSTEM_LIBRARIES);
    }
    succeed(&mut compiler);
    // What is looked for is in both; valgrind takes some fifty times as long, and as much memory as it likes.
    let mut command = match is_shared && source != LIMITED && has_valgrind() {
        true => {
            let mut valgrind = Command::new("valgrind");
            valgrind
                .args([
                    "--quiet",
                    "--leak-check=full",
                    "--errors-for-leak-kinds=definite,indirect",
                ])
                .arg(format!("--error-exitcode={FOUND_BY_VALGRIND}"))
                .arg(&program);
            valgrind
        }
        false => Command::new(&program),
    };
    succeed(command.arg(package().join("../data/golden")).arg(folder));
}

/// With both libraries.
fn check(source: &str) {
    for is_shared in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        run(source, is_shared, folder.path());
    }
}

#[test]
fn functions_of_agc() {
    check("agc_api.c");
}

#[test]
fn class_of_agc() {
    check("agc_file.cpp");
}

#[test]
fn reading() {
    check("reading.c");
}

#[test]
fn writing() {
    check("writing.c");
}

#[test]
fn waiting() {
    check("waiting.c");
}

#[test]
fn threads() {
    check("threads.c");
}

#[test]
fn without_memory() {
    check(LIMITED);
}

#[test]
fn from_cpp() {
    check("from_cpp.cpp");
}

/// Words of a text that begin as functions of the headers do, and have a bracket behind them.
fn calls(text: &str) -> BTreeSet<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let ends = text.match_indices('(').map(|(end, _)| &text[..end]);
    let words = ends.map(|before| before.rsplit(|c| !is_word(c)).next().unwrap_or_default());
    let words = words.filter(|word| word.starts_with("ragc_") || word.starts_with("agc_"));
    words.map(str::to_owned).collect()
}

/// Whatever a header declares is there and is used by a program, so that a declaration that does not fit its function is seen; and what is there
/// is declared.
#[test]
fn headers_declare_what_there_is() {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let include = |name| calls(&read(package().join("include").join(name)));
    let mut declared = include("ragc.h");
    declared.append(&mut include("agc-api.h"));
    // Which is a function of the header itself.
    declared.remove("ragc_write_options_of_size");
    declared.remove("ragc_write_options");

    let programs = ["agc_api.c", "agc_file.cpp", "reading.c", "writing.c", "threads.c"];
    let used = programs.map(|name| calls(&read(package().join("tests").join(name))));
    let used: BTreeSet<String> = used.into_iter().flatten().collect();
    let unused: Vec<_> = declared.difference(&used).collect();
    assert!(unused.is_empty(), "no program uses {unused:?}");

    let sources = fs::read_dir(package().join("src/ffi")).unwrap();
    let mut defined = BTreeSet::new();
    for source in sources {
        let text = read(source.unwrap().path());
        let behind = text.split("#[unsafe(no_mangle)]").skip(1);
        defined.extend(behind.map(|item| {
            let signature = item.split_once("fn ").unwrap().1;
            signature.split('(').next().unwrap().to_owned()
        }));
    }
    assert_eq!(declared, defined);
}

/// What the shared library exports is that and nothing else: symbols of libraries below it would meet those of the program.
#[test]
fn nothing_else_is_exported() {
    if !cfg!(target_os = "linux") || !has(&mut Command::new("nm")) {
        println!("there is no nm of Linux: what is exported is not looked at");
        return;
    }
    let mut nm = Command::new("nm");
    nm.args(["-D", "--defined-only"]).arg(library(SHARED));
    let symbols = String::from_utf8(succeed(&mut nm)).unwrap();
    let names: Vec<&str> = symbols
        .lines()
        .filter_map(|line| line.split(' ').nth(2))
        .collect();
    assert!(
        names.contains(&"ragc_open") && names.contains(&"agc_open"),
        "{names:?}"
    );
    let foreign: Vec<_> = names
        .iter()
        .filter(|name| !name.starts_with("ragc_") && !name.starts_with("agc_"))
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

/// Blocks of a language in a section of README.md.
fn blocks(section: &str, language: &str) -> Vec<String> {
    let text = fs::read_to_string(package().join("../README.md")).unwrap();
    let (_, from) = text.split_once(&format!("\n## {section}\n")).unwrap();
    let section = from.split("\n## ").next().unwrap();
    let begin = format!("```{language}\n");
    section
        .split(&begin)
        .skip(1)
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

/// The lines of README.md, as they stand there, with a library that is installed by the script.
#[test]
fn lines_of_the_readme() {
    let has_tools = compiler(false).is_some() && has(&mut Command::new("pkg-config"));
    if !cfg!(target_os = "linux") || !has_tools {
        println!("there is no compiler or no pkg-config of Linux: the lines of README.md are left out");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let place = |name| folder.path().join(name);
    let mut install = Command::new(package().join("../scripts/library"));
    succeed(
        install
            .arg(env::current_exe().unwrap().parent().unwrap())
            .arg(place("ragc")),
    );
    let chromosome = "GATTACCA".repeat(200);
    let inputs = [Input::bytes(
        "SK1",
        format!(">chrIV\n{chromosome}\n").into_bytes(),
    )];
    let archive = File::create(place("yeast.agc")).unwrap();
    CreateOptions::default()
        .create(&inputs, archive, Arc::new(Silent))
        .unwrap();

    let [program] = blocks("From C", "c").try_into().unwrap();
    fs::write(place("region.c"), program).unwrap();
    let script = blocks("From C", "sh").concat();
    let mut shell = Command::new("sh");
    shell.args(["-euc", &script]).current_dir(folder.path());
    let printed = succeed(&mut shell);
    assert_eq!(
        String::from_utf8(printed).unwrap(),
        format!("{}\n", &chromosome[1000..1060])
    );
    let library = fs::canonicalize(place("agc/bin/libagc.a")).unwrap();
    let header = fs::canonicalize(place("agc/src/lib-cxx/agc-api.h")).unwrap();
    assert!(library.ends_with("lib/libragc.a") && header.is_file());
    let failed = Command::new(place("region"))
        .arg("absent.agc")
        .env("LD_LIBRARY_PATH", place("ragc/lib"))
        .output_in_time();
    assert!(!failed.status.success() && String::from_utf8_lossy(&failed.stdout).contains("absent.agc: "));
}
