//! What an operator does about the system's errors.

use std::io;

/// What to do about an error of the system's.
pub(crate) fn remedy(error: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => {
            "make room on its disk, then start the node again: nothing that was acknowledged is lost"
        }
        Kind::FileTooLarge => {
            "raise the limit on the size of files (`ulimit -f`, LimitFSIZE= of a systemd unit), then start the node again: nothing that was acknowledged is lost"
        }
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
            "the node has to write there: see who owns it, and that its disk is not mounted to be read only"
        }
        _ if no_descriptor(error) => {
            "raise the limit on open files (`ulimit -n`, LimitNOFILE= of a systemd unit), then start the node again"
        }
        Kind::NotFound | Kind::NotADirectory | Kind::AlreadyExists | Kind::IsADirectory => {
            "the data folder has to be a directory that the node may write to"
        }
        _ => "check the disk and the folder's permissions, then start the node again",
    }
}

/// Whether the process or the system has no room for another open file.
fn no_descriptor(error: &io::Error) -> bool {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    matches!(error.raw_os_error(), Some(ENFILE | EMFILE))
}

/// Whether the system refused what was asked of it; else what was read made no sense.
pub(crate) fn is_the_systems(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    !matches!(
        error.kind(),
        Kind::InvalidData | Kind::UnexpectedEof | Kind::InvalidInput | Kind::Other
    )
}
