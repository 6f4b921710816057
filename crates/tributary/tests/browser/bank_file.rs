//! Somebody else's validator, as the tests of `payout` use it.

use std::path::Path;
use std::process::Command;

/// What the validator reads out of a bank file: a line for the file, one for each payment.
pub(crate) fn read(file: &Path) -> Vec<String> {
    let named = std::env::var_os("TRIBUTARY_SEPAXML_PYTHON");
    let python = named.unwrap_or_else(|| "python3".into());
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../payout/tests/support/read_pain001.py");
    let output = Command::new(&python).arg(script).arg(file).output().unwrap();
    assert!(
        output.status.success(),
        "{}: {}\nThis test needs a Python with sepaxml and lxml in TRIBUTARY_SEPAXML_PYTHON; \
         `cargo xtask test` makes one.",
        python.display(),
        String::from_utf8_lossy(&output.stderr),
    );
    String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect()
}
