//! Signed parameters: a proof that they come from somebody who has the key, without the key.
//!
//! * `key`: the key's id, `key_…`. `ts`: seconds since 1970 when it was signed. `sig`: the
//!   signature, hexadecimal.
//! * The text that is signed: all parameters but `sig`, each as `name=value` with every byte but
//!   `A-Z a-z 0-9 - . _ ~` as `%XX` in upper case, sorted by these texts, joined with `&`.
//! * The signature: HMAC-SHA256 of that text. Its key is the SHA-256 of the API key's text (32
//!   bytes), because that is all we keep of an API key.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tributary_app::access::find_signing_key;
use tributary_app::sha256;
use tributary_directory::Actor;
use tributary_kernel::{KeyId, ProgramId};
use tributary_web::{Problem, ProblemKind};

use crate::ApiState;

/// How far the moment of signing may be from now, in seconds.
const AGE_SECONDS_MAX: i64 = 15 * 60;

/// What is signed of decoded parameters.
pub(super) fn canonical(pairs: &[(String, String)]) -> String {
    let mut parts: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| name != "sig")
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    parts.sort_unstable();
    parts.join("&")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                out.push('%');
                out.push_str(&crate::hex::encode(&[byte]).to_ascii_uppercase());
            }
        }
    }
    out
}

fn mac(key_hash: &[u8; 32], canonical: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key_hash).expect("HMAC takes keys of any length");
    mac.update(canonical.as_bytes());
    mac
}

/// The `sig` of decoded parameters, as a caller makes it.
pub(crate) fn signature(secret: &str, pairs: &[(String, String)]) -> String {
    let mac = mac(&sha256(secret.as_bytes()), &canonical(pairs));
    crate::hex::encode(&mac.finalize().into_bytes())
}

/// The signing key's actor, when the signature is good and fresh.
///
/// # Errors
/// Unauthenticated. A `ts` too far off is said, for it tells nothing of the key; whether there is
/// such a key is not.
pub(super) async fn signer(
    state: &ApiState,
    program: ProgramId,
    (key, signed_at, signature): (KeyId, i64, &str),
    pairs: &[(String, String)],
) -> Result<Actor, Problem> {
    let now = state.app().now();
    let age = now.as_second().saturating_sub(signed_at);
    if !(-AGE_SECONDS_MAX..=AGE_SECONDS_MAX).contains(&age) {
        let detail = "ts is more than 15 minutes off: sign each address when it is sent, with the \
                      seconds since 1970.";
        return Err(Problem::new(ProblemKind::Unauthenticated, "signature_expired", detail));
    }
    let given = crate::hex::decode(signature).ok_or_else(not_genuine)?;
    let found = find_signing_key(state.app(), program, key).await?.ok_or_else(not_genuine)?;
    let genuine = mac(&found.hash, &canonical(pairs)).verify_slice(&given).is_ok();
    if genuine { Ok(found.actor) } else { Err(not_genuine()) }
}

fn not_genuine() -> Problem {
    let detail = "key and sig do not fit: the key must be valid, may report for this program, and \
                  sig signs every parameter but itself, as /docs says.";
    Problem::new(ProblemKind::Unauthenticated, "unauthenticated", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_text_does_not_depend_on_order_or_spelling() {
        let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let one = pairs(&[("type", "sale"), ("code", "Å +~"), ("sig", "x")]);
        let other = pairs(&[("code", "Å +~"), ("type", "sale")]);
        assert_eq!(canonical(&one), "code=%C3%85%20%2B~&type=sale");
        assert_eq!(canonical(&one), canonical(&other));
        assert_eq!(signature("trib_sk_x", &one), signature("trib_sk_x", &other));
        assert_ne!(signature("trib_sk_x", &one), signature("trib_sk_y", &one));
    }

    #[test]
    fn the_signature_of_the_documents_example() {
        // echo -n trib_sk_example | sha256sum; openssl dgst -sha256 -mac HMAC -macopt hexkey:…
        let pairs = [("amount".to_owned(), "12500.00".to_owned())];
        assert_eq!(signature("trib_sk_example", &pairs), include_str!("example.sig").trim());
    }
}
