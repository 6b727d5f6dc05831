//! Where the system gives no names to files without one, outputs are copied into files that have one.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use crate::bench::injected::injected;
use crate::bench::installed::installed;

/// Runs a command that is told this whenever it links a file, or from some time on.
fn run_with(bench: &Bench, error: &str, when: &str, args: &[&str]) -> Output {
    injected(bench, "linkat", &format!("error={error}:when={when}"), args).output_in_time()
}

/// Names and bytes of all that is in the folder, but for what was called.
fn content(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let files = bench.files().into_iter();
    let read = files.map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read(path).unwrap())
    });
    read.filter(|(name, _)| name != "calls").collect()
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTTGCA\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    bench
}

const CREATE: &[&str] = &["create", "-d", "--force", "-o", "y.agc", "a.fa"];
const GETSET: &[&str] = &["getset", "--index", "-o", "y.fa", "x.agc", "a"];

#[test]
fn what_gets_no_name_is_copied_into_what_has_one() {
    if installed("links that are refused", &["strace"], "-V").is_none() {
        return;
    }
    for args in [CREATE, GETSET] {
        let whole = bench();
        assert!(whole.bare_command(args).output_in_time().status.success());
        let expected = content(&whole);
        for error in ["EPERM", "EACCES", "ENOENT", "EOPNOTSUPP", "ENOSYS", "EXDEV"] {
            // The second link is that of a file which is replaced.
            for (when, is_replaced) in [("1+", false), ("1+", true), ("2+", true)] {
                let bench = bench();
                let name = args.iter().find(|arg| arg.starts_with("y.")).unwrap();
                if is_replaced {
                    let path = bench.write(name, "old");
                    fs::set_permissions(path, Permissions::from_mode(0o646)).unwrap();
                }
                let output = run_with(&bench, error, when, args);
                let told = String::from_utf8(output.stderr).unwrap();
                assert!(output.status.success(), "{args:?} {error} {when}: {told}");
                assert!(content(&bench) == expected, "{args:?} {error} {when}");
                let mode = |bench: &Bench| fs::metadata(bench.path(name)).unwrap().permissions().mode();
                let expected = if is_replaced { 0o100_646 } else { mode(&whole) };
                assert_eq!(mode(&bench), expected, "{args:?} {error} {when}");
            }
        }
    }
}

#[test]
fn other_errors_of_links_fail_and_leave_what_was_there() {
    if installed("links that fail", &["strace"], "-V").is_none() {
        return;
    }
    for args in [CREATE, GETSET] {
        for error in ["ENOSPC", "EROFS", "EDQUOT", "EIO"] {
            let bench = bench();
            let before = content(&bench);
            let output = run_with(&bench, error, "1+", args);
            // Where there are no files without a name nothing is linked.
            if !fs::read_to_string(bench.path("calls"))
                .unwrap()
                .contains("INJECTED")
            {
                continue;
            }
            assert_eq!(output.status.code(), Some(1), "{args:?} {error}");
            assert!(content(&bench) == before, "{args:?} {error}");
        }
    }
}
