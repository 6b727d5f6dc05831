//! `--stats`: where the processor time went, as a table.

use ragc_core::times::{Role, Stage, Times};
use std::fmt::Write as _;
use std::time::Duration;

/// Writes the table to standard error.
pub(crate) fn tell(times: &Times) {
    for line in table(times).lines() {
        eprintln!("{line}");
    }
}

fn table(times: &Times) -> String {
    let total = times.total();
    let mut text = format!("{:18} {:>9} {:>10} {:>7}\n", "stage", "items", "seconds", "share");
    for stage in Stage::ALL {
        let of_stage = times.stage(stage);
        push_line(
            &mut text,
            stage_name(stage),
            of_stage.n_items,
            of_stage.time,
            total,
        );
    }
    let _ = writeln!(
        text,
        "{:18} {:>9} {:>10} {:>7} {:>16}",
        "thread", "threads", "seconds", "share", "busiest's share"
    );
    for role in Role::ALL {
        let of_role = times.role(role);
        push_line(&mut text, role_name(role), of_role.n_threads, of_role.time, total);
        text.pop();
        let _ = writeln!(text, " {:>14.1} %", percent(of_role.busiest, total));
    }
    let n_threads = Role::ALL.iter().map(|role| times.role(*role).n_threads).sum();
    push_line(&mut text, "all", n_threads, total, total);
    text
}

fn push_line(text: &mut String, name: &str, n: u64, time: Duration, total: Duration) {
    let (seconds, share) = (time.as_secs_f64(), percent(time, total));
    let _ = writeln!(text, "{name:18} {n:>9} {seconds:>10.3} {share:>5.1} %");
}

fn percent(time: Duration, total: Duration) -> f64 {
    100.0 * time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE)
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Choose => "choose parameters",
        Stage::FindSplitters => "find splitters",
        Stage::Read => "read and cut",
        Stage::Compare => "compare",
        Stage::Index => "index references",
        Stage::Place => "place",
        Stage::Encode => "gather deltas",
        Stage::References => "zstd of references",
        Stage::Packs => "zstd of packs",
        Stage::Write => "write",
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Reader => "readers",
        Role::Placement => "placement",
        Role::Worker => "workers",
        Role::Writer => "writer",
    }
}
