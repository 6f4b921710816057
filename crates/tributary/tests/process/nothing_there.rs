//! Commands where there is no installation, and a demo where another one is.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Output};

use crate::installation::{Installation, PROGRAM};

#[test]
fn what_looks_after_an_installation_makes_none() {
    for arguments in [
        &["verify"][..],
        &["explain", "com_01kjpwd6m0fy7r06khdw44vj3n"],
        &["backup", "there"],
        &["keys", "rotate"],
        &["hosts", "revoke", "go.acme.example"],
        &["spool", "quarantine"],
    ] {
        let output = Installation::run_elsewhere(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("holds no installation: name its configuration"), "{told}");
    }
}

fn demo(folder: &std::path::Path, web: u16) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(["demo", "--folder"]).arg(folder).env_clear();
    command.env("TRIBUTARY__WEB__LISTEN", format!("127.0.0.1:{web}"));
    command.env("TRIBUTARY__EDGE__LISTEN", "127.0.0.1:0");
    command.env("TRIBUTARY__METRICS__LISTEN", "127.0.0.1:0").output().unwrap()
}

#[test]
fn a_demo_that_could_not_serve_touches_nothing() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("demo");
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let output = demo(&folder, taken.local_addr().unwrap().port());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.contains("set web.listen"), "{told}");
    assert!(!folder.exists(), "nothing is played");

    std::fs::create_dir(&folder).unwrap();
    let mark = File::create(folder.join("demo.world")).unwrap();
    mark.lock().unwrap();
    std::fs::write(folder.join("record.db"), b"of the demo that runs").unwrap();
    let output = demo(&folder, 0);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && told.contains("another demo uses"), "{told}");
    assert!(folder.join("record.db").exists(), "the other demo keeps its folder");
}
