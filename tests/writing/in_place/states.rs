//! Earlier states of an archive: they are read, and gone back to.

use std::fs;

use super::{bench, bytes, listed};

#[test]
fn earlier_states_are_read_and_gone_back_to() {
    let bench = bench();
    let mut states = vec![bytes(&bench)];
    for file in ["b.fa", "c.fa"] {
        bench.succeed(&["append", "--in-place", "x.agc", file]);
        states.push(bytes(&bench));
    }
    for (state, names) in [("1", "a\n"), ("2", "a\nb\n"), ("3", "a\nb\nc\n")] {
        let (found, _) = bench.succeed(&["listset", "--at", state, "x.agc"]);
        assert_eq!(found, names.as_bytes(), "state {state}");
    }
    let (text, _) = bench.succeed(&["getset", "--at", "2", "x.agc", "b"]);
    assert_eq!(text, fs::read(bench.path("b.fa")).unwrap());
    bench.fail(1, &["getset", "--at", "1", "x.agc", "b"]);
    for state in ["0", "4"] {
        let told = bench.fail(1, &["listset", "--at", state, "x.agc"]);
        let expected = format!("ragc: error: x.agc: there is no state {state}: there are 3\n");
        assert_eq!(told, expected);
    }
    for state in states[..2].iter().rev() {
        bench.succeed(&["undo", "x.agc"]);
        assert!(bytes(&bench) == *state);
        bench.succeed(&["verify", "x.agc"]);
    }
    let told = bench.fail(1, &["undo", "x.agc"]);
    assert!(
        told.contains("x.agc: there is no change to take back: "),
        "{told}"
    );
    assert!(bytes(&bench) == states[0]);
    let told = bench.fail(1, &["listset", "--at", "2", "x.agc"]);
    assert!(
        told.ends_with("there is no state 2: there is only state 1\n"),
        "{told}"
    );
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    bench.succeed(&["append", "--rewrite", "-o", "x.agc", "x.agc", "c.fa"]);
    bench.fail(1, &["undo", "x.agc"]);
    bench.fail(1, &["listset", "--at", "2", "x.agc"]);
}

#[test]
fn an_earlier_state_that_is_damaged_is_not_gone_back_to() {
    let bench = bench();
    let len = bytes(&bench).len();
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    let mut damaged = bytes(&bench);
    damaged[len - 20] ^= 1;
    bench.write("x.agc", &damaged);
    bench.fail(1, &["undo", "x.agc"]);
    bench.fail(1, &["listset", "--at", "1", "x.agc"]);
    assert!(bytes(&bench) == damaged);
    assert_eq!(listed(&bench), "a\nb\n");
}
