//! A number by which a finding is the same finding in the next run, wherever its line has moved to.

use std::fmt::Write as _;

/// Sixty-four bits of FNV-1a over the parts, as hexadecimal digits. It is the same in every version and on every
/// machine, which the hashers of the standard library do not promise.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        // The byte behind each part keeps `ab`, `c` apart from `a`, `bc`; it is in no UTF-8 text.
        for byte in part.bytes().chain(std::iter::once(0xff)) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let mut text = String::with_capacity(16);
    let _ = write!(text, "{hash:016x}");
    text
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn it_never_changes() {
        assert_eq!(fingerprint(&["excess-permission", "Orders", "s3:*"]), "a388e0e0c144ce52");
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }
}
