//! A logarithm that is the same on every machine.

/// The binary logarithm of a positive number, to so many binary digits behind the point, 16 at most, in whole numbers.
pub(super) fn log2(value: u32, n_digits: u32) -> u64 {
    let whole = value.ilog2();
    let mut mantissa = u64::from(value) << (31 - whole);
    let mut log = u64::from(whole);
    for _ in 0..n_digits {
        mantissa = (mantissa * mantissa) >> 31;
        let digit = mantissa >> 32;
        mantissa >>= digit;
        log = log << 1 | digit;
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_the_machine() {
        for value in (1..2000).chain([1 << 20, (1 << 20) + 1, u32::MAX / 3, u32::MAX]) {
            let expected = f64::from(value).log2();
            for (n_digits, error) in [(8, 4e-3), (16, 1e-4)] {
                let got = log2(value, n_digits) as f64 / f64::from(1 << n_digits);
                assert!((expected - got).abs() < error, "{value}: {expected} {got}");
            }
        }
    }
}
