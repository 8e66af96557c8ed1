use super::{Cap, Full, Guests, Kind};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn guests(each: u64, all: u64, rate: u64) -> Arc<Guests> {
    Guests::new([Cap { each, all }; 4], rate)
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn each_address_has_its_own_and_all_share_the_rest() {
    let guests = guests(2, 3, 0);
    let take = |address: &str| guests.take(ip(address), Kind::Call, 1);
    let first = take("192.0.2.1").unwrap();
    let _second = take("192.0.2.1").unwrap();
    let own = take("192.0.2.1").err().unwrap();
    assert_eq!(
        own,
        Full::Own {
            kind: Kind::Call,
            allowed: 2
        }
    );
    assert_eq!(
        own.to_string(),
        "2 calls in work are allowed from one address"
    );
    let _third = take("192.0.2.2").unwrap();
    let all = take("192.0.2.3").err().unwrap();
    assert_eq!(
        all,
        Full::All {
            kind: Kind::Call,
            allowed: 3
        }
    );
    assert_eq!(guests.count(Kind::Call), (3, 2));
    drop(first);
    assert!(take("192.0.2.3").is_ok());
    // Another kind has a cap of its own.
    assert!(guests.take(ip("192.0.2.1"), Kind::Connection, 2).is_ok());
}

#[test]
fn nothing_is_left_of_who_has_gone() {
    let guests = guests(10, 10, 0);
    let mut permit = guests.take(ip("192.0.2.1"), Kind::Body, 0).unwrap();
    permit.more(7).unwrap();
    assert!(permit.more(4).is_err());
    assert_eq!(guests.count(Kind::Body), (7, 1));
    drop(permit);
    assert_eq!(guests.count(Kind::Body), (0, 0));
    assert!(guests.list().is_empty());
}

#[test]
fn a_network_of_the_long_kind_is_one_guest() {
    let guests = guests(1, 9, 0);
    let _one = guests.take(ip("2001:db8:1:2::5"), Kind::Call, 1).unwrap();
    assert!(
        guests
            .take(ip("2001:db8:1:2:ffff::9"), Kind::Call, 1)
            .is_err()
    );
    assert!(guests.take(ip("2001:db8:1:3::5"), Kind::Call, 1).is_ok());
    // An IPv4 address is the same guest however it is written.
    let _short = guests.take(ip("192.0.2.1"), Kind::Call, 1).unwrap();
    assert!(guests.take(ip("::ffff:192.0.2.1"), Kind::Call, 1).is_err());
}

#[test]
fn calls_are_paced_but_for_this_machines_own() {
    let guests = guests(9, 9, 5);
    let (who, now) = (ip("192.0.2.1"), Instant::now());
    for _ in 0..10 {
        guests.pace(who, now).unwrap();
    }
    assert_eq!(guests.pace(who, now), Err(Full::Rate { allowed: 5 }));
    assert_eq!(guests.pace(ip("192.0.2.2"), now), Ok(()));
    let later = now + Duration::from_millis(200);
    assert_eq!(guests.pace(who, later), Ok(()));
    assert!(guests.pace(who, later).is_err());
    for _ in 0..100 {
        guests.pace(ip("127.0.0.1"), now).unwrap();
    }
}

#[test]
fn a_flood_of_addresses_is_forgotten_again() {
    let guests = guests(9, 9, 5);
    let now = Instant::now();
    for number in 0..30_000_u32 {
        let address = IpAddr::from((0x0a00_0000 + number).to_be_bytes());
        guests
            .pace(address, now + Duration::from_millis(u64::from(number)))
            .unwrap();
    }
    let known = guests.lock().guests.len();
    assert!(known <= super::REMEMBERED + 1, "{known}");
}
