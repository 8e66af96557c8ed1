//! Passphrases: from a file or typed in unseen, never from arguments.

use super::KeyArgs;
use super::folder::{check_closed_to, check_private};
use crate::failure::Failure;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use zeroize::Zeroizing;

const SHORTEST: usize = 8;
const LONGEST: usize = 1024;

/// The passphrase of a key that exists.
pub fn ask(args: &KeyArgs, name: &str) -> Result<Zeroizing<String>, Failure> {
    match &args.passphrase_file {
        Some(path) => from_file(path),
        None => prompt(&format!("Passphrase of {name}: ")),
    }
}

/// The passphrase of a new key; what is typed is typed twice.
pub fn choose(args: &KeyArgs, name: &str) -> Result<Zeroizing<String>, Failure> {
    let passphrase = ask(args, name)?;
    if passphrase.chars().count() < SHORTEST {
        return Err(Failure::usage(
            format!("the passphrase has fewer than {SHORTEST} characters"),
            "use a sentence",
        ));
    }
    if args.passphrase_file.is_none() && *prompt("The same again: ")? != *passphrase {
        return Err(Failure::usage("the two differ", "try again"));
    }
    Ok(passphrase)
}

/// The passphrase in a file that only its owner can read.
pub fn from_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
    check_private(path, &file)?;
    first_line(path, file)
}

/// The passphrase in a file that the service manager made for this service. Its folder keeps
/// other users out, and an access list that names this one shows as the group's bits.
pub fn from_credential(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
    check_closed_to(path, &file, 0o007)?;
    first_line(path, file)
}

/// The first line of a file, without its end. It is read byte by byte into a place of its
/// final size: a buffer between, or one that grows, would leave copies behind.
pub fn first_line(path: &Path, mut file: File) -> Result<Zeroizing<String>, Failure> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0]);
    while line.len() < LONGEST {
        let read = file.read(byte.as_mut_slice());
        let read = read.map_err(|error| Failure::file(path, &error))?;
        if read == 0 || *byte == [b'\n'] {
            break;
        }
        line.extend_from_slice(byte.as_slice());
    }
    while line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(std::mem::take(&mut *line))
        .map(Zeroizing::new)
        .map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            Failure::usage(
                format!("the first line of {} is not UTF-8", path.display()),
                "write it anew as UTF-8",
            )
        })
}

/// Asks the terminal itself, whatever stdin is, and shows nothing of what is typed.
pub fn prompt(words: &str) -> Result<Zeroizing<String>, Failure> {
    let none = |_| {
        Failure::new(
            "there is no terminal to ask for a secret",
            "name a file with --passphrase-file or MARQUE_PASSPHRASE_FILE",
        )
    };
    let path = Path::new("/dev/tty");
    let mut terminal = File::options()
        .read(true)
        .write(true)
        .open(path)
        .map_err(none)?;
    write!(terminal, "{words}").map_err(|error| Failure::file(path, &error))?;
    let hidden = Hidden::new(&terminal).map_err(|error| Failure::file(path, &error))?;
    let line = first_line(path, terminal.try_clone().map_err(none)?);
    drop(hidden);
    let _ = writeln!(terminal);
    line
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden<'t> {
    terminal: &'t File,
    before: Termios,
}

impl<'t> Hidden<'t> {
    fn new(terminal: &'t File) -> std::io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}
