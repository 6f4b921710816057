//! The landing pages' script under each consent: `assets/t.test.js`, run by Node.js, which is named
//! by `TRIBUTARY_NODE` or found on the path.

use std::path::Path;
use std::process::Command;

#[test]
fn the_script_behaves_under_each_consent() {
    let node = std::env::var_os("TRIBUTARY_NODE").unwrap_or_else(|| "node".into());
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/t.test.js");
    match Command::new(&node).arg(cases).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            // Its last line, so that cases that never ended do not pass.
            assert!(output.status.success() && said.trim_end() == "ok", "{output:#?}");
        }
        Err(error) => panic!(
            "{}: {error}. This test needs Node.js: `apt-get install nodejs`, or set \
             TRIBUTARY_NODE to its program. `cargo xtask test` does it.",
            node.display()
        ),
    }
}
