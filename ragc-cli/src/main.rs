//! `ragc`
use ragc_core::compress::*;
fn main() {
    let mut o = CreateOptions::default();
    let mut a = std::env::args().skip(1);
    let out = a.next().unwrap();
    let mut files = vec![];
    while let Some(x) = a.next() {
        match x.as_str() {
            "-t" => o.n_threads = a.next().unwrap().parse().unwrap(),
            "-s" => o.segment_size = a.next().unwrap().parse().unwrap(),
            "-k" => o.k = a.next().unwrap().parse().unwrap(),
            "-l" => o.min_match = a.next().unwrap().parse().unwrap(),
            "-b" => o.pack_cardinality = a.next().unwrap().parse().unwrap(),
            "-c" => o.is_concatenated = true,
            "-i" => files.extend(read_list(std::path::Path::new(&a.next().unwrap())).unwrap()),
            f => files.push(f.into()),
        }
    }
    let inputs: Vec<Input> = files.into_iter().map(Input::file).collect();
    let f = std::io::BufWriter::new(std::fs::File::create(out).unwrap());
    match create(&inputs, &o, f, std::sync::Arc::new(ragc_core::observe::Silent)) {
        Ok(s) => eprintln!("{s:?}"),
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(1)
        }
    }
}
