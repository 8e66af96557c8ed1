use std::io;
use std::path::Path;

use super::Guard;

fn guard() -> Guard {
    Guard::new("redb", Path::new("/some/folder"))
}

/// What fuzzing of damaged files found: redb's cursor takes an unknown kind of page for
/// impossible and panics while a row is read.
#[test]
fn an_engine_that_panics_is_an_error_that_says_what_to_do() {
    let panicking = || panic!("internal error: entered unreachable code");
    let error = guard().call::<(), redb::Error>("reading a row", panicking);
    let words = error.unwrap_err().to_string();
    for said in [
        "reading a row",
        "unreachable",
        "/some/folder",
        "restore it from a backup",
    ] {
        assert!(words.contains(said), "{words}");
    }
    let seven = guard().call::<_, redb::Error>("reading a row", || Ok(7));
    assert_eq!(seven.unwrap(), 7);
}

#[test]
fn a_full_disk_says_where_and_to_make_room() {
    let full = || io::Error::from(io::ErrorKind::StorageFull);
    let errors = [
        guard().failed("committing a block", redb::Error::Io(full())),
        guard().failed("committing a block", sled::Error::Io(full())),
    ];
    for error in errors {
        let words = error.to_string();
        assert!(words.contains("in /some/folder; make room"), "{words}");
    }
}
