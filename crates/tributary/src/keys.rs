//! The key files: one master key, and the key that signs tree heads. 32 bytes in hex, readable by
//! their owner alone.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tributary_app::Secrets;
use tributary_kernel::Entropy;

const MASTER: &str = "master.key";
const TREE: &str = "tree.key";

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("{path}: {error}", path = path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("{path} is readable by others; run: chmod 600 {path}", path = path.display())]
    Open { path: PathBuf },
    #[error("{path} is not a key: it should hold 64 hexadecimal digits", path = path.display())]
    Malformed { path: PathBuf },
}

/// Whether a folder holds keys, as every installation does.
pub(crate) fn are_in(folder: &Path) -> bool {
    folder.join(MASTER).exists()
}

/// Reads both keys from a folder; makes those that are missing.
pub(crate) fn load_or_make(folder: &Path, entropy: &dyn Entropy) -> Result<Secrets, KeyError> {
    let master = key(&folder.join(MASTER), entropy)?;
    let tree = key(&folder.join(TREE), entropy)?;
    Ok(Secrets::new(&master, tree))
}

fn key(path: &Path, entropy: &dyn Entropy) -> Result<[u8; 32], KeyError> {
    let io = |error| KeyError::Io { path: path.to_owned(), error };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let mode = std::fs::metadata(path).map_err(io)?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(KeyError::Open { path: path.to_owned() });
            }
            parse(text.trim()).ok_or_else(|| KeyError::Malformed { path: path.to_owned() })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut key = [0u8; 32];
            entropy.fill(&mut key);
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .map_err(io)?;
            let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(io)?;
            Ok(key)
        }
        Err(error) => Err(io(error)),
    }
}

fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0u8; 32];
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use tributary_kernel::SystemEntropy;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_must_be_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(MASTER);
        let made = key(&path, &SystemEntropy).unwrap();
        assert_eq!(key(&path, &SystemEntropy).unwrap(), made);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(key(&path, &SystemEntropy), Err(KeyError::Open { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "zz").unwrap();
        assert!(matches!(key(&path, &SystemEntropy), Err(KeyError::Malformed { .. })));
    }
}
