//! What text is, by its first line.

/// The text at the start of a file, up to the first byte that is none.
pub(super) fn text_of(start: &[u8]) -> &str {
    let text = match str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default(),
    };
    text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
}

/// By the first line that is no comment.
pub(super) fn of_lines(text: &str) -> Option<&'static str> {
    let line = text.lines().find(|line| !line.starts_with('#'))?;
    of_fields(line).or_else(|| of_words(line))
}

/// By the fields between tabs.
fn of_fields(line: &str) -> Option<&'static str> {
    let fields: Vec<&str> = line.split('\t').collect();
    let is_number = |field: usize| {
        fields
            .get(field)
            .is_some_and(|field| field.parse::<u64>().is_ok())
    };
    let is_strand = |field: usize| matches!(fields.get(field), Some(&("+" | "-" | "." | "?")));
    if fields.len() >= 8 && is_number(3) && is_number(4) && is_strand(6) {
        return Some("GFF");
    }
    if fields.len() >= 12 && [1, 2, 3, 6, 7, 8].into_iter().all(is_number) && is_strand(4) {
        return Some("PAF");
    }
    if fields.len() >= 11 && is_number(1) && is_number(3) && is_number(4) {
        return Some("SAM");
    }
    if fields.len() == 5 && (1..5).all(is_number) {
        return Some("the index of a FASTA file (.fai)");
    }
    if fields.len() >= 8 && is_number(1) && fields[3].bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some("VCF");
    }
    if fields.len() >= 3 && is_number(1) && is_number(2) {
        return Some("BED");
    }
    None
}

fn of_words(line: &str) -> Option<&'static str> {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_letters = line.len() >= 10 && line.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        _ if is_letters => Some("a sequence without a header line ('>NAME')"),
        (Some(n_rows), Some(n_columns), None) if is_number(n_rows) && is_number(n_columns) => Some("PHYLIP"),
        _ => None,
    }
}
