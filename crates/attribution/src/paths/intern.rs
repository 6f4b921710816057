use std::collections::HashMap;

use super::{PATH_CHANNELS_MAX, PathsError};

/// Numbers of names in the order they came; renumbered by name at the end, so that the order in
/// which a hash map would tell them never shows.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: HashMap<String, u16>,
    names: Vec<String>,
}

impl Names {
    pub(crate) fn number(&mut self, name: &str) -> Result<u16, PathsError> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        if self.names.len() == PATH_CHANNELS_MAX {
            return Err(PathsError::TooManyChannels);
        }
        let number = u16::try_from(self.names.len()).map_err(|_| PathsError::TooManyChannels)?;
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        Ok(number)
    }

    /// The names sorted, and for each old number the new one.
    pub(crate) fn sorted(self) -> (Vec<String>, Vec<u16>) {
        let mut order: Vec<(String, u16)> = self.names.into_iter().zip(0u16..).collect();
        order.sort_unstable();
        let mut renumbered = vec![0; order.len()];
        for (new, (_, old)) in (0u16..).zip(&order) {
            renumbered[usize::from(*old)] = new;
        }
        (order.into_iter().map(|(name, _)| name).collect(), renumbered)
    }
}
