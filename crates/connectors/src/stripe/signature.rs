//! The signature of a webhook: header `Stripe-Signature: t=1700000000,v1=…,v1=…`, where each `v1`
//! is the HMAC-SHA256 of `{t}.{body}` in hexadecimal. There are several while a secret is
//! rotated; other schemes (`v0`) are passed over.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tributary_kernel::Timestamp;

/// How old a signature may be; the same for one from a clock that is ahead.
pub const TOLERANCE_SECONDS: i64 = 300;
/// Signatures that are looked at in one header: with more it is no header of Stripe's.
const SIGNATURES_MAX: usize = 16;

/// Why a signature is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No moment or no `v1` in it.
    #[error("the header has not the form t=…,v1=…")]
    Malformed,
    /// Made by nobody who has one of the secrets, or for another body or moment.
    #[error("no signature is right")]
    Wrong,
    /// Right once.
    #[error("signed more than {TOLERANCE_SECONDS} seconds from now")]
    Stale,
}

/// Whether the bytes of a request were signed with one of the secrets, just now. Every signature
/// is compared in constant time.
///
/// # Errors
/// Why not.
pub fn verify(
    header: &str,
    body: &[u8],
    secrets: &[impl AsRef<str>],
    now: Timestamp,
) -> Result<(), SignatureError> {
    let mut signed_at = None;
    let mut given = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => signed_at = Some(value),
            Some(("v1", value)) => given.push(value),
            _ => {}
        }
    }
    let moment = signed_at.ok_or(SignatureError::Malformed)?;
    let second: i64 = moment.parse().map_err(|_| SignatureError::Malformed)?;
    if given.is_empty() || given.len() > SIGNATURES_MAX {
        return Err(SignatureError::Malformed);
    }
    let right = secrets.iter().filter(|it| !it.as_ref().trim().is_empty()).any(|secret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_ref().as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(moment.as_bytes());
        mac.update(b".");
        mac.update(body);
        given.iter().any(|given| {
            bytes_of(given).is_some_and(|bytes| mac.clone().verify_slice(&bytes).is_ok())
        })
    });
    if !right {
        return Err(SignatureError::Wrong);
    }
    let age = now.as_second().checked_sub(second).ok_or(SignatureError::Stale)?;
    if (-TOLERANCE_SECONDS..=TOLERANCE_SECONDS).contains(&age) {
        Ok(())
    } else {
        Err(SignatureError::Stale)
    }
}

fn bytes_of(hex: &str) -> Option<[u8; 32]> {
    let text = hex.as_bytes();
    if text.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok().filter(|it| !it.starts_with('+'))?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}
