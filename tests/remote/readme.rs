//! The commands of README.md, "From a bucket", do what it says.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use crate::s3_server::S3Server;
use crate::sample_archive;

/// The lines that begin with `ragc` in its blocks for bash, which the other ones are not.
fn commands() -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let blocks = readme.split("```bash\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    let ours: Vec<&str> = lines.filter(|line| line.starts_with("ragc ")).collect();
    assert!(ours.len() >= 5, "{ours:?}");
    ours.join("\n")
}

/// A genome, packed, and the text of it.
fn genome(sample: usize) -> (Vec<u8>, String) {
    let text = String::from_utf8(sample_archive::fasta_of(sample, [300_000, 10_000])).unwrap();
    let text = text.replace("chr1", "chrIV");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    (gzip.finish().unwrap(), text)
}

#[test]
fn its_commands_run() {
    let (server, bench) = (S3Server::start(), Bench::new());
    fs::write(server.file("S288C.fa.gz"), genome(0).0).unwrap();
    fs::write(server.file("SK1.fa.gz"), genome(1).0).unwrap();
    bench.write("Y12.fa.gz", genome(2).0);
    let program = Path::new(env!("CARGO_BIN_EXE_ragc"))
        .parent()
        .unwrap()
        .to_path_buf();
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([program].into_iter().chain(env::split_paths(&path))).unwrap();
    let mut command = Command::new("bash");
    command
        .args(["-euc", &commands()])
        .env("PATH", path)
        .current_dir(bench.path(""));
    let output = server.configure(&mut command).output_in_time();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.starts_with("S288C\nSK1\n>chrIV"), "{shown}");
    let bases: String = genome(1).1.lines().skip(1).take(5000).collect();
    let region: String = shown.lines().skip(3).collect();
    assert_eq!(region, bases[1000..2000]);
    let sample = fs::read_to_string(bench.path("SK1.fa")).unwrap();
    assert_eq!(
        sample.lines().skip(1).take(100).collect::<String>(),
        bases[..8000]
    );
    assert!(server.file("more.agc").exists() && bench.path("cache").is_dir());
}
