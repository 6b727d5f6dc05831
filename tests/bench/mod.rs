//! A folder to work in, and the program in it: for tests of commands that store genomes.

#[allow(dead_code, reason = "other tests use the rest")]
pub(crate) mod archives;
#[allow(dead_code, reason = "other tests use the rest")]
pub(crate) mod deadline;
#[allow(dead_code, reason = "other tests use the rest")]
pub(crate) mod golden;
#[allow(dead_code, reason = "other tests use it")]
pub(crate) mod injected;
#[allow(dead_code, reason = "other tests use it")]
pub(crate) mod installed;
#[allow(dead_code, reason = "other tests use it")]
pub(crate) mod packed;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use deadline::{EndInTime, RunInTime};
use tempfile::TempDir;

/// A folder to work in, and the program in it.
pub(crate) struct Bench {
    folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder within another.
    #[allow(dead_code, reason = "other tests use the rest")]
    pub(crate) fn within(folder: &Path) -> Self {
        Self {
            folder: tempfile::tempdir_in(folder).unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A command in the folder. Tests write the same archives again and again, so what writes them is forced to; and out of other files, so
    /// it tells nothing of these, by which archives would differ.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.bare_command(args);
        let name = args.iter().find(|arg| !arg.starts_with('-'));
        if matches!(name, Some(&("create" | "append"))) {
            command.arg("--force");
        }
        let tells = [
            "create", "append", "remove", "rename", "subset", "repack", "merge",
        ];
        if name.is_some_and(|name| tells.contains(name)) && !args.contains(&"-d") {
            command.arg("-d");
        }
        command
    }

    /// A command in the folder with these arguments and no others.
    pub(crate) fn bare_command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
        command.args(args).current_dir(self.folder.path());
        command
    }

    /// Runs a command with these bytes in a pipe as its standard input.
    #[allow(dead_code, reason = "other tests use it")]
    pub(crate) fn piped(&self, args: &[&str], input: &[u8]) -> Output {
        piped(&mut self.command(args), input)
    }

    /// Runs a command as on a disk on which no file can have more than so many blocks of 512 bytes.
    #[allow(dead_code, reason = "other tests use it")]
    pub(crate) fn run_on_small_disk(&self, n_blocks: u32, args: &[&str]) -> Output {
        let script = format!("ulimit -f {n_blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command
            .args(["-c", &script, env!("CARGO_BIN_EXE_ragc")])
            .args(args);
        command.current_dir(self.folder.path()).output_in_time()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output_in_time()
    }

    /// Runs a command that must succeed; gives what it wrote to standard output and standard error.
    pub(crate) fn succeed(&self, args: &[&str]) -> (Vec<u8>, String) {
        let output = self.run(args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {stderr}");
        (output.stdout, stderr)
    }

    /// Runs a command that must fail with this status; gives its message, which is one line. Nothing must be left.
    pub(crate) fn fail(&self, status: i32, args: &[&str]) -> String {
        let before = self.files();
        let output = self.run(args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {stderr}");
        assert!(output.stdout.is_empty());
        assert_eq!(self.files(), before, "{args:?} left a file");
        if status == 1 {
            assert_eq!(stderr.lines().count(), 1, "{stderr}");
        }
        stderr
    }

    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        files
    }

    /// The samples of an archive.
    #[allow(dead_code, reason = "other tests use it")]
    pub(crate) fn samples(&self, archive: &str) -> Vec<String> {
        let names = String::from_utf8(self.succeed(&["listset", archive]).0).unwrap();
        names.lines().map(str::to_owned).collect()
    }

    pub(crate) fn sample(&self, archive: &str, sample: &str) -> String {
        String::from_utf8(self.succeed(&["getset", archive, sample]).0).unwrap()
    }
}

/// Starts a command, whose input and output go through pipes.
#[allow(dead_code, reason = "other tests use it")]
pub(crate) fn begin(command: &mut Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs a command with these bytes in a pipe as its standard input.
#[allow(dead_code, reason = "other tests use it")]
pub(crate) fn piped(command: &mut Command, input: &[u8]) -> Output {
    let mut child = begin(command);
    let (mut pipe, input) = (child.stdin.take().unwrap(), input.to_vec());
    // Whoever has seen enough, or refuses its arguments, closes the pipe.
    thread::spawn(move || drop(pipe.write_all(&input)));
    child.output_in_time()
}

/// Random bases, the same for the same seed.
#[allow(dead_code, reason = "other tests use it")]
pub(crate) fn random_bases(seed: u64, len: usize) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut base = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b"ACGT"[(state >> 62) as usize])
    };
    (0..len).map(|_| base()).collect()
}

/// What has to come out for a FASTA text: upper case, 80 columns.
pub(crate) fn normal(fasta: &str) -> String {
    let mut text = String::new();
    for record in fasta.split('>').skip(1) {
        let (header, lines) = record.split_once('\n').unwrap_or((record, ""));
        let residues: String = lines.split_whitespace().collect::<String>().to_ascii_uppercase();
        text.push_str(&format!(">{}\n", header.trim_end_matches('\r')));
        for line in residues.as_bytes().chunks(80) {
            text.push_str(std::str::from_utf8(line).unwrap());
            text.push('\n');
        }
    }
    text
}
