//! Building modules.

use marque_abi::Meta;

/// Appends the metadata section to a module's bytes.
pub fn append_meta(code: &mut Vec<u8>, entries: &[&str]) {
    let meta = Meta {
        version: marque_abi::meta::VERSION,
        abi: marque_abi::ABI_VERSION,
        name: "test".try_into().unwrap(),
        release: "1.0.0".try_into().unwrap(),
        entries: entries
            .iter()
            .map(|e| (*e).try_into().unwrap())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
        interface: Default::default(),
    };
    let name = marque_abi::meta::SECTION;
    let mut content = vec![u8::try_from(name.len()).unwrap()];
    content.extend_from_slice(name.as_bytes());
    content.extend_from_slice(&parity_scale_codec::Encode::encode(&meta));
    code.push(0);
    leb(content.len(), code);
    code.extend_from_slice(&content);
}

fn leb(mut value: usize, out: &mut Vec<u8>) {
    loop {
        let byte = u8::try_from(value & 0x7f).unwrap();
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}
