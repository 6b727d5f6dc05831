//! The commands of README.md do what it says.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;

/// The lines that begin with `ragc` in blocks of commands.
fn commands() -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    let ours: Vec<&str> = lines.filter(|line| line.starts_with("ragc ")).collect();
    assert!(ours.len() >= 9, "{ours:?}");
    ours.join("\n")
}

/// A genome of 3,000 bases, which differs in some of them from those with other numbers.
fn genome(number: u64) -> Vec<u8> {
    let mut state = 1_u64;
    let mut base = |i: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let differs = i % 97 == number;
        b"ACGT"[((state >> 60) as usize + usize::from(differs)) % 4]
    };
    let bases: Vec<u8> = (0..3000).map(&mut base).collect();
    [b">chrIV\n", &bases[..], b"\n"].concat()
}

#[test]
fn its_commands_run() {
    let bench = Bench::new();
    for (number, name) in ["S288C", "DBVPG6044", "SK1", "Y12"].into_iter().enumerate() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&genome(number as u64)).unwrap();
        bench.write(&format!("{name}.fa.gz"), gzip.finish().unwrap());
    }
    // It is there where bash completes anything.
    fs::create_dir_all(bench.path(".local/share/bash-completion/completions")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_ragc")).parent().unwrap();
    let path = env::join_paths(
        [program.to_path_buf()]
            .into_iter()
            .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    let output = Command::new("bash")
        .args(["-euc", &commands()])
        .env("PATH", path.unwrap())
        .env("HOME", bench.path(""))
        .current_dir(bench.path(""))
        .output_in_time();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("DBVPG6044\nS288C\nSK1\nY12\n"), "{text}");
    assert_eq!(
        fs::read(bench.path("SK1.fa")).unwrap().len(),
        genome(2).len() + 3000_usize.div_ceil(80) - 1
    );
    let region = &genome(2)[b">chrIV\n".len() + 1000..][..1000];
    let shown = |header: &str| text.split(header).nth(1).unwrap().split('>').next().unwrap();
    for header in [">chrIV", ">SK1#chrIV:1001-2000"] {
        let bases: String = shown(header).split_once('\n').unwrap().1.split('\n').collect();
        assert_eq!(bases.as_bytes(), region, "{header}");
    }
    assert!(bench.path("two.fa.gz.gzi").exists() && bench.path(".local/share/man/man1/ragc.1").exists());
}
