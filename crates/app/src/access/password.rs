//! Passwords: Argon2id with the parameters of the field, no composition rules, and a list of the
//! commonest refused.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tributary_kernel::{Entropy, FieldError};

const LEAST_CHARACTERS: usize = 8;
const MOST_CHARACTERS: usize = 256;
/// Tried first by everyone who guesses; compared without case.
const COMMONEST: &[&str] = &[
    "password",
    "password1",
    "12345678",
    "123456789",
    "1234567890",
    "qwertyui",
    "qwerty123",
    "11111111",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "letmein1",
    "trustno1",
    "superman",
    "kodeord1",
    "losenord",
    "rahasia1",
    "tributary",
];

fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the field's parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Refuses passwords that are too short, too long or among the commonest.
pub(crate) fn check(password: &str, errors: &mut Vec<FieldError>) {
    let characters = password.chars().count();
    if !(LEAST_CHARACTERS..=MOST_CHARACTERS).contains(&characters) {
        let detail = format!("A password has {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters.");
        errors.push(FieldError::new("/password", "password_length", detail));
    } else if COMMONEST.contains(&password.to_lowercase().as_str()) {
        let detail = "This password is among the first that are guessed; choose another.";
        errors.push(FieldError::new("/password", "password_common", detail));
    }
}

/// The PHC string of a password. Takes some tens of milliseconds of a core on purpose.
pub(crate) fn hash(password: &str, entropy: &dyn Entropy) -> String {
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    hasher()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("a password within its limits is hashed")
        .to_string()
}

/// Whether a password is the one of a PHC string. Without a stored one the same work is done, so
/// that the time does not tell who has an account.
pub(crate) fn matches(password: &str, stored: Option<&str>) -> bool {
    const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                           AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let text = stored.unwrap_or(NOBODYS);
    let Ok(parsed) = PasswordHash::new(text) else { return false };
    hasher().verify_password(password.as_bytes(), &parsed).is_ok() && stored.is_some()
}

#[cfg(test)]
mod tests {
    use tributary_kernel::SeededEntropy;

    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let stored = hash("correct horse", &SeededEntropy::new(1));
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(matches("correct horse", Some(&stored)));
        assert!(!matches("wrong horse", Some(&stored)));
        assert!(!matches("correct horse", None));
    }

    #[test]
    fn short_and_common_passwords_are_refused() {
        for (given, code) in [("short", "password_length"), ("PassWord", "password_common")] {
            let mut errors = Vec::new();
            check(given, &mut errors);
            assert_eq!(errors[0].code, code);
        }
        let mut errors = Vec::new();
        check("correct horse", &mut errors);
        assert!(errors.is_empty());
    }
}
