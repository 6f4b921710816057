//! Connections, limits and what is not HTTP.

use std::time::Duration;

use tributary_edge::{Snapshot, SnapshotHandle};

use crate::world::{DEADLINE, World, block_on, wait_for};
use std::sync::Arc;
use tributary_spool::faults::FaultDisk;

#[test]
fn what_is_malformed_is_answered_and_forgotten() {
    let world = World::new();
    let long = "a".repeat(7 * 1024);
    let huge = "a".repeat(40 * 1024);
    for (bytes, status) in [
        (b"NONSENSE\r\n\r\n".to_vec(), 400),
        (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), 400),
        (b"GET /anna HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n".to_vec(), 400),
        (b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), 400),
        (b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(), 400),
        (b"GET /nobody HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n".to_vec(), 404),
        (b"GET /nobody HTTP/1.0\r\n\r\n".to_vec(), 404),
        (b"POST /anna HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".to_vec(), 405),
        (b"DELETE /t.js HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), 405),
        (format!("GET /anna?{long} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes(), 414),
        (format!("GET /anna HTTP/1.1\r\nHost: x\r\nX: {huge}\r\n\r\n").into_bytes(), 431),
    ] {
        let mut client = world.connect();
        client.write(&bytes);
        let reply = client.reply(false);
        let shown: String = String::from_utf8_lossy(&bytes).chars().take(40).collect();
        assert_eq!(reply.status, status, "{shown}");
    }
    assert_eq!(world.get("/anna").send().status, 302);
}

#[test]
fn one_connection_serves_many_requests_also_sent_ahead() {
    let world = World::new();
    let mut client = world.connect();
    let requests = [world.get("/anna").text(), world.get("/nobody").text()].concat();
    for _ in 0..3 {
        client.write(requests.as_bytes());
        assert_eq!(client.reply(false).status, 302);
        assert_eq!(client.reply(false).status, 404);
    }
    assert_eq!(world.metrics().connections.get(), 1);
}

#[test]
fn the_silent_are_cut_and_the_busy_are_not() {
    let disk = FaultDisk::new(1);
    let world = World::on(Arc::new(disk.clone()), |config| {
        config.head_timeout = Duration::from_millis(80);
    });
    disk.hold_syncs();
    let mut waiting = world.connect();
    waiting.write(world.get("/anna").text().as_bytes());
    disk.wait_for_held_sync();
    let mut silent = world.connect();
    let mut slow = world.connect();
    slow.write(b"GET /anna HTTP/1.1\r\nHos");
    assert!(silent.is_closed());
    assert!(slow.is_closed());
    disk.release_syncs();
    assert_eq!(waiting.reply(false).status, 302, "it waited for us, not we for it");
    assert!(waiting.is_closed(), "and is cut when it falls silent in turn");
    wait_for("end of all connections", || world.metrics().connections_open.get() == 0);
}

#[test]
fn too_many_connections_are_closed_at_once() {
    let world = World::with(|config| config.connections_max = 2);
    let mut kept: Vec<_> = (0..2).map(|_| world.connect()).collect();
    for client in &mut kept {
        client.write(world.get("/anna").text().as_bytes());
        assert_eq!(client.reply(false).status, 302);
    }
    assert!(world.connect().is_closed());
    assert_eq!(world.metrics().connections_refused.get(), 1);
}

#[test]
fn a_stop_finishes_what_is_under_way() {
    let disk = FaultDisk::new(2);
    let world = World::on(Arc::new(disk.clone()), |_| {});
    let mut idle = world.connect();
    idle.write(world.get("/anna").text().as_bytes());
    assert_eq!(idle.reply(false).status, 302);
    disk.hold_syncs();
    let mut waiting = world.connect();
    waiting.write(world.get("/anna").text().as_bytes());
    disk.wait_for_held_sync();
    let World { edge, .. } = world;
    let stopping = std::thread::spawn(move || block_on(edge.stop(DEADLINE)));
    assert!(idle.is_closed());
    disk.release_syncs();
    let reply = waiting.reply(false);
    assert_eq!((reply.status, reply.header("connection")), (302, Some("close")));
    stopping.join().unwrap();
}

#[test]
fn a_stop_is_not_held_up_by_those_who_do_not_end() {
    let disk = FaultDisk::new(3);
    let world = World::on(Arc::new(disk.clone()), |_| {});
    disk.hold_syncs();
    let mut waiting = world.connect();
    waiting.write(world.get("/anna").text().as_bytes());
    disk.wait_for_held_sync();
    let World { edge, .. } = world;
    block_on(edge.stop(Duration::from_millis(20)));
    assert!(waiting.is_closed());
    disk.release_syncs();
}

#[test]
fn it_is_ready_when_it_has_a_snapshot() {
    let world = World::new();
    assert_eq!(world.get("/_trib/ready").send().body, r#"{"status":"ready"}"#);
    assert_eq!(world.get("/_trib/health").send().status, 200);
    assert!(world.edge.snapshot_age_us().is_some());
    assert!(SnapshotHandle::default().current_at().is_none());
    world.clock.advance_seconds(90);
    assert_eq!(world.edge.snapshot_age_us(), Some(90_000_000));
    world.snapshot.replace(Arc::new(Snapshot::default()), world.clock_now());
    assert_eq!(world.get("/anna").send().status, 404, "the new snapshot is in use at once");
}
