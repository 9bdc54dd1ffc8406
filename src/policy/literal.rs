//! Values of conditions that are more than text: numbers, dates, addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A number, whole or decimal.
pub(super) fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// A year has so many digits; a number of others is one of seconds.
const YEAR: usize = 4;

/// A date in seconds since 1970, from seconds or from a W3C date (`2026-01-31T12:00:00Z`).
pub(super) fn date(text: &str) -> Option<f64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && text.len() != YEAR {
        return text.parse().ok();
    }
    let (day, time) = match text.split_once(['T', 't']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    if day.split('-').next().is_none_or(|year| year.len() != YEAR) {
        return None;
    }
    let mut numbers = day.split('-').map(|part| part.parse::<i32>().ok());
    let year = numbers.next()??;
    let month = numbers.next().map_or(Some(1), |month| month)?;
    let day = numbers.next().map_or(Some(1), |day| day)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || numbers.next().is_some() {
        return None;
    }
    let seconds = match time {
        Some(time) => seconds_of_day(time)?,
        None => 0.0,
    };
    Some(f64::from(days(year, month, day)) * 86_400.0 + seconds)
}

/// Days since 1970 of a date of the Gregorian calendar.
fn days(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// `12:00`, `12:00:30.5`, each with `Z` or an offset behind it.
fn seconds_of_day(text: &str) -> Option<f64> {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None => (text, ""),
    };
    let mut parts = clock.split(':').map(number);
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().map_or(Some(0.0), |seconds| seconds)?;
    let local = hours * 3_600.0 + minutes * 60.0 + seconds;
    let Some((hours, minutes)) = offset.trim_start_matches(['+', '-']).split_once(':') else {
        return Some(local);
    };
    let ahead = number(hours)? * 3_600.0 + number(minutes)? * 60.0;
    Some(if offset.starts_with('-') { local + ahead } else { local - ahead })
}

/// A date as text that [`date`] reads as the same one.
pub(super) fn date_text(seconds: f64) -> String {
    let days = (seconds / 86_400.0).floor();
    let of_day = seconds - days * 86_400.0;
    let (year, month, day) = civil(days);
    let (hours, minutes) = ((of_day / 3_600.0).floor(), (of_day / 60.0).floor() % 60.0);
    let rest = of_day - hours * 3_600.0 - minutes * 60.0;
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{rest:02}Z")
}

/// Year, month and day of a number of days since 1970.
fn civil(days: f64) -> (f64, f64, f64) {
    let days = days + 719_468.0;
    let era = (days / 146_097.0).floor();
    let of_era = days - era * 146_097.0;
    let year_of_era = ((of_era - (of_era / 1_460.0).floor() + (of_era / 36_524.0).floor()
        - (of_era / 146_096.0).floor())
        / 365.0)
        .floor();
    let of_year =
        of_era - (365.0 * year_of_era + (year_of_era / 4.0).floor() - (year_of_era / 100.0).floor());
    let shifted = ((5.0 * of_year + 2.0) / 153.0).floor();
    let day = of_year - ((153.0 * shifted + 2.0) / 5.0).floor() + 1.0;
    let month = if shifted < 10.0 { shifted + 3.0 } else { shifted - 9.0 };
    let year = year_of_era + era * 400.0 + f64::from(u8::from(month <= 2.0));
    (year, month, day)
}

/// An address as text.
pub(super) fn address_text(six: bool, address: u128) -> String {
    match u32::try_from(address) {
        Ok(address) if !six => Ipv4Addr::from(address).to_string(),
        _ => Ipv6Addr::from(address).to_string(),
    }
}

/// The first and the last address of a range, and whether they are of version 6.
pub(super) fn addresses(text: &str) -> Option<(bool, u128, u128)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
        None => (text, None),
    };
    let (six, bits, value) = match address.parse().ok()? {
        IpAddr::V4(address) => (false, 32, u128::from(u32::from(address))),
        IpAddr::V6(address) => (true, 128, u128::from(address)),
    };
    let free = bits - length.filter(|length| *length <= bits).or(length.is_none().then_some(bits))?;
    let mask = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    Some((six, value & !mask, value | mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(date("1970-01-02"), Some(86_400.0));
        assert_eq!(date("2026-01-01T00:00:00Z"), Some(1_767_225_600.0));
        assert_eq!(date("2026-01-01T02:00:00+02:00"), date("2026-01-01"));
        assert_eq!(date("1767225600"), date("2026-01-01"));
        assert_eq!((date("1"), date("0012345")), (Some(1.0), Some(12_345.0)));
        assert_eq!((date("soon"), date("12-01-01"), date("")), (None, None, None));
    }

    #[test]
    fn dates_as_text() {
        for text in
            ["1969-12-31T23:59:59Z", "2024-02-29T12:30:15Z", "2026-03-01T00:00:00Z", "1970-01-01T00:00:00Z"]
        {
            assert_eq!(date(text).map(date_text).as_deref(), Some(text));
        }
    }

    #[test]
    fn address_ranges() {
        assert_eq!(addresses("10.0.0.1/8"), Some((false, 0x0a00_0000, 0x0aff_ffff)));
        assert_eq!(addresses("10.0.0.1"), Some((false, 0x0a00_0001, 0x0a00_0001)));
        assert_eq!(addresses("::/0"), Some((true, 0, u128::MAX)));
        assert_eq!(addresses("10.0.0.0/33"), None);
    }
}
