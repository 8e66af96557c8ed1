use super::{Bit, Bitmap, span};
use marque_proof::CHUNK_BITS;

/// A bitmap whose leaves are all live.
fn filled(leaves: u64) -> Bitmap {
    let bits: Vec<Bit> = (0..leaves).map(|leaf| Bit { leaf, live: true }).collect();
    Bitmap::new().with(&bits, leaves, 1)
}

#[test]
fn a_bitmap_that_is_just_full_ends_where_it_ends() {
    for leaves in [1, 512, span(1) - 1, span(1), span(1) + 1, span(2)] {
        let bitmap = filled(leaves);
        assert_eq!(bitmap.live(), leaves);
        assert!(bitmap.is_live(leaves - 1));
        assert!(!bitmap.is_live(leaves));
        let end = span(bitmap.level) / CHUNK_BITS;
        for beyond in [end, end + 1, 2 * end, u64::MAX / CHUNK_BITS] {
            assert!(bitmap.chunk(beyond).is_none(), "{leaves}: chunk {beyond}");
        }
    }
}
