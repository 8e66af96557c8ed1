use super::file::Sealed;
use super::folder::Folder;
use super::seal::Kdf;
use super::validator::{self, ValidatorFile};
use super::{KeyArgs, new, passphrase};
use crate::dev::accounts::secret;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const PHRASE: &str = "correct horse battery";

fn folder() -> (tempfile::TempDir, Folder) {
    let dir = tempfile::tempdir().unwrap();
    let args = KeyArgs {
        keys: Some(dir.path().join("keys")),
        passphrase_file: None,
    };
    (dir, Folder::of(&args).unwrap())
}

fn sealed() -> Sealed {
    Sealed::seal(&secret("alice"), PHRASE, Kdf::least([7; 16]), [9; 24]).unwrap()
}

#[test]
fn a_key_file_is_private_and_opens_with_its_passphrase_alone() {
    let (_dir, folder) = folder();
    let path = folder.write_sealed("till", &sealed()).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777,
        0o700
    );
    let file = folder.find("till").unwrap().unwrap();
    assert_eq!(
        file.open(PHRASE).unwrap().address(),
        secret("alice").address()
    );
    assert!(
        file.open("correct horse batterz")
            .unwrap_err()
            .message
            .contains("does not open")
    );
    let by_address = folder.find(&file.address().to_string()).unwrap().unwrap();
    assert_eq!(by_address.name(), "till");
    assert!(
        !fs::read_to_string(&path)
            .unwrap()
            .contains(&hex(&secret("alice").to_bytes()))
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn no_byte_of_a_key_file_can_be_changed() {
    let text = serde_json::to_string(&sealed()).unwrap();
    for (member, from, to) in [
        (
            "address",
            secret("alice").address().to_string(),
            secret("bob").address().to_string(),
        ),
        (
            "memory",
            "\"memoryKib\":19456".into(),
            "\"memoryKib\":19457".into(),
        ),
        ("passes", "\"passes\":1".into(), "\"passes\":2".into()),
        ("salt", hex(&[7; 16]), hex(&[8; 16])),
        ("nonce", hex(&[9; 24]), hex(&[8; 24])),
    ] {
        let changed = text.replacen(&from, &to, 1);
        assert_ne!(changed, text, "{member} stands in the file");
        let file: Sealed = serde_json::from_str(&changed).unwrap();
        assert!(
            file.open(PHRASE)
                .unwrap_err()
                .message
                .contains("does not open"),
            "{member}"
        );
    }
}

#[test]
fn a_file_cannot_ask_for_too_much_or_too_little_work() {
    let text = serde_json::to_string(&sealed()).unwrap();
    for (from, to) in [
        ("\"memoryKib\":19456", "\"memoryKib\":4294967295"),
        ("\"memoryKib\":19456", "\"memoryKib\":8"),
        ("\"passes\":1", "\"passes\":4000000000"),
        ("\"lanes\":1", "\"lanes\":200"),
        ("\"name\":\"argon2id\"", "\"name\":\"pbkdf2\""),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let file: Sealed = serde_json::from_str(&changed).unwrap();
        assert!(
            file.open(PHRASE)
                .unwrap_err()
                .message
                .contains("derivation"),
            "{to}"
        );
    }
}

#[test]
fn what_others_can_read_is_not_used() {
    let (_dir, folder) = folder();
    let path = folder.write_sealed("till", &sealed()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let failure = folder.find("till").unwrap_err();
    assert!(
        failure.message.contains("mode 0640") && failure.remedy.contains("chmod 600"),
        "{failure}"
    );
}

#[test]
fn no_key_is_written_over() {
    let (_dir, folder) = folder();
    let path = folder.write_sealed("till", &sealed()).unwrap();
    let before = fs::read(&path).unwrap();
    assert!(folder.check_free("till").is_err());
    assert!(
        folder
            .write_sealed("till", &sealed())
            .unwrap_err()
            .message
            .contains("already")
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(files.len(), 1, "nothing half written stays");
}

#[test]
fn names_stay_in_the_folder_and_beside_the_development_accounts() {
    let (_dir, folder) = folder();
    for name in ["", "../till", "Till", "a/b", "alice"] {
        assert!(folder.check_free(name).is_err(), "{name}");
    }
    folder.check_free("till-4_b").unwrap();
    assert!(folder.find("../till").unwrap().is_none());
}

#[test]
fn secrets_are_read_with_and_without_0x_and_nothing_else_is() {
    let digits = hex(&secret("bob").to_bytes());
    for text in [
        digits.clone(),
        format!("0x{digits}\n"),
        digits.to_uppercase(),
    ] {
        assert_eq!(new::read(&text).unwrap().address(), secret("bob").address());
    }
    for text in [
        "",
        "0x",
        &digits[1..],
        &"0".repeat(64),
        &"f".repeat(64),
        &"g".repeat(64),
    ] {
        assert!(new::read(text).is_none(), "{text}");
    }
}

#[test]
fn a_passphrase_file_gives_its_first_line_if_it_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("phrase");
    fs::write(&path, format!("{PHRASE}\r\nnever read\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let args = KeyArgs {
        keys: None,
        passphrase_file: Some(path.clone()),
    };
    assert_eq!(*passphrase::choose(&args, "till").unwrap(), PHRASE);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(
        passphrase::choose(&args, "till")
            .unwrap_err()
            .message
            .contains("0644")
    );
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "short\n").unwrap();
    assert!(
        passphrase::choose(&args, "till")
            .unwrap_err()
            .message
            .contains("fewer than 8")
    );
}

#[test]
fn a_validators_key_opens_with_its_passphrase_alone_and_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("validator.json");
    let public = validator::create_of(&path, &[5; 32], PHRASE, Kdf::least([7; 16])).unwrap();
    let file = ValidatorFile::read(&path).unwrap();
    assert_eq!(file.public(), public);
    assert_eq!(file.open(PHRASE).unwrap().to_bytes(), [5; 32]);
    let failure = file.open("correct horse batterz").unwrap_err();
    assert!(failure.message.contains("does not open"), "{failure}");

    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&hex(&[5; 32])));
    let other = validator::create_of(
        &dir.path().join("other.json"),
        &[6; 32],
        PHRASE,
        Kdf::least([7; 16]),
    )
    .unwrap();
    fs::write(&path, text.replace(&public.to_string(), &other.to_string())).unwrap();
    let failure = ValidatorFile::read(&path)
        .unwrap()
        .open(PHRASE)
        .unwrap_err();
    assert!(failure.message.contains("does not open"), "{failure}");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o604)).unwrap();
    let failure = ValidatorFile::read(&path).unwrap_err();
    assert!(failure.message.contains("mode 0604"), "{failure}");
    let failure = validator::create_of(&path, &[5; 32], PHRASE, Kdf::least([7; 16])).unwrap_err();
    assert!(failure.message.contains("there already"), "{failure}");
}

#[test]
fn an_accounts_key_is_no_validators() {
    let (_dir, folder) = folder();
    let path = folder.write_sealed("till", &sealed()).unwrap();
    let failure = ValidatorFile::read(&path).unwrap_err();
    assert!(failure.message.contains("no validator's key"), "{failure}");
}
