//! Mails that are kept until they leave: tried again with growing pauses, given up at last, never
//! sent twice by a server that took them.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use std::sync::Mutex;

use async_trait::async_trait;
use common::World;
use tributary_app::mail::{
    ATTEMPTS_MAX, Mail, MailError, MailReport, MailStanding, Mailer, Outbox, send_due,
};
use tributary_kernel::MailId;

/// A server that says no as often as it is told to.
#[derive(Debug, Default)]
struct Server {
    noes: Mutex<u32>,
    took: Mutex<Vec<(MailId, String)>>,
}

impl Server {
    fn refusing(times: u32) -> Self {
        Self { noes: Mutex::new(times), took: Mutex::default() }
    }

    fn took(&self) -> usize {
        self.took.lock().unwrap().len()
    }
}

#[async_trait]
impl Mailer for Server {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        if mail.to.starts_with("nobody@") {
            return Err(MailError::Address(mail.to));
        }
        let mut noes = self.noes.lock().unwrap();
        if *noes > 0 {
            *noes -= 1;
            return Err(MailError::NotTaken("come back later".into()));
        }
        self.took.lock().unwrap().push((mail.id.unwrap(), mail.subject));
        Ok(())
    }
}

fn mail(to: &str) -> Mail {
    Mail {
        to: to.into(),
        to_name: "Åse Ærø".into(),
        subject: "204817 er din kode".into(),
        body: "Åbn linket".into(),
        expires_at: None,
        id: None,
    }
}

async fn standing(world: &World) -> MailStanding {
    let mut conn = world.app.record.read().await.unwrap();
    tributary_store::mail::standing(&mut *conn).await.unwrap()
}

async fn round(world: &World, by: &Server) -> MailReport {
    send_due(&world.app, by, 10).await.unwrap()
}

fn report(sent: u32, later: u32, failed: u32, expired: u32) -> MailReport {
    MailReport { sent, later, failed, expired }
}

on_both! {
    /// Refused twice, then taken: once, and not again by whoever starts anew.
    async fn a_mail_leaves_once_its_server_takes_it(world: World) {
        let (outbox, server) = (Outbox::new(world.app.clone()), Server::refusing(2));
        outbox.send(mail("aase@example.com")).await.unwrap();
        outbox.came().await;
        assert_eq!(standing(&world).await.waiting, 1);
        assert_eq!(round(&world, &server).await, report(0, 1, 0, 0));
        assert_eq!(standing(&world).await.retried, 1);
        assert_eq!(round(&world, &server).await, report(0, 0, 0, 0), "not at once again");
        world.clock.advance_seconds(9);
        assert_eq!(round(&world, &server).await, report(0, 0, 0, 0));
        world.clock.advance_seconds(1);
        assert_eq!(round(&world, &server).await, report(0, 1, 0, 0));
        world.clock.advance_seconds(30);
        assert_eq!(round(&world, &server).await, report(1, 0, 0, 0));
        world.clock.advance_seconds(86_400);
        assert_eq!(round(&world, &server).await, report(0, 0, 0, 0), "it has left");
        assert_eq!((server.took(), standing(&world).await), (1, MailStanding::default()));
    }

    /// Nobody is told after days without end, and the operator sees why.
    async fn a_mail_that_nobody_takes_is_given_up_and_forgotten(world: World) {
        let (outbox, server) = (Outbox::new(world.app.clone()), Server::refusing(u32::MAX));
        outbox.send(mail("aase@example.com")).await.unwrap();
        let mut tries = 0;
        while standing(&world).await.failed == 0 {
            let done = round(&world, &server).await;
            tries += i64::from(done.later + done.failed);
            assert!(tries <= ATTEMPTS_MAX, "it goes on and on");
            world.clock.advance_seconds(28_800);
        }
        assert_eq!(tries, ATTEMPTS_MAX);
        let stands = standing(&world).await;
        assert!(stands.reason.unwrap().contains("come back later"));
        world.clock.advance_seconds(8 * 86_400);
        round(&world, &server).await;
        assert_eq!(standing(&world).await, MailStanding::default(), "what it said is gone too");
    }

    /// An address that is nobody's is not asked again; a code that is over is not sent at all.
    async fn what_is_of_no_use_is_not_tried_again(world: World) {
        let (outbox, server) = (Outbox::new(world.app.clone()), Server::default());
        let refused = outbox.send(mail("nobody")).await;
        assert_eq!(refused, Err(MailError::Address("nobody".into())));
        outbox.send(mail("nobody@example.com")).await.unwrap();
        let soon = Some(world.app.now().plus_seconds(900));
        outbox.send(Mail { expires_at: soon, ..mail("late@example.com") }).await.unwrap();
        world.clock.advance_seconds(900);
        assert_eq!(round(&world, &server).await, report(0, 0, 1, 1));
        assert_eq!((server.took(), standing(&world).await.failed), (0, 1));
    }

    /// Two senders, as two processes on one database are: each mail leaves once.
    async fn a_mail_is_tried_by_one_sender_at_a_time(world: World) {
        let (outbox, server) = (Outbox::new(world.app.clone()), Server::default());
        for n in 0..12 {
            outbox.send(mail(&format!("{n}@example.com"))).await.unwrap();
        }
        let (one, two) = tokio::join!(
            send_due(&world.app, &server, 20),
            send_due(&world.app, &server, 20)
        );
        assert_eq!(one.unwrap().sent + two.unwrap().sent, 12);
        let mut ids: Vec<MailId> = server.took.lock().unwrap().iter().map(|it| it.0).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 12);
    }

    /// A look that finds nothing waits for nobody who writes.
    async fn an_idle_look_writes_nothing(world: World) {
        let server = Server::default();
        let writing = world.app.record.begin().await.unwrap();
        assert_eq!(round(&world, &server).await, MailReport::default());
        writing.commit().await.unwrap();
    }

    /// What a mail says is not to be read in the database.
    async fn a_kept_mail_is_sealed(world: World) {
        let outbox = Outbox::new(world.app.clone());
        outbox.send(mail("aase@example.com")).await.unwrap();
        let mut conn = world.app.record.read().await.unwrap();
        let due = tributary_store::mail::due(&mut *conn, world.app.now(), 10).await.unwrap();
        let sealed = String::from_utf8_lossy(&due[0].sealed).into_owned();
        assert!(!sealed.contains("aase") && !sealed.contains("204817"), "{sealed}");
    }
}
