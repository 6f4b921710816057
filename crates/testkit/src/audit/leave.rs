//! Customers who leave.

use super::amount::Ratio;
use super::books::Books;
use super::calendar::months_later;
use super::{Sort, rule::Clawback};

impl Books<'_> {
    /// The customer of a conversion has left on a day: the plan takes back what it says, of what is
    /// left.
    pub(super) fn leave(&mut self, id: [u8; 16], day: i32) -> Result<(), String> {
        for place in 0..self.lines.len() {
            let it = &self.lines[place];
            if it.conversion != id || it.sort != Sort::Rule {
                continue;
            }
            let plan = &self.plans[it.plan].1;
            let rounding = plan.rounding;
            let found = plan.rules.iter().find(|rule| rule.id == it.rule);
            let clawback = found.and_then(|rule| rule.clawback);
            let Clawback { months, everything } =
                clawback.unwrap_or(Clawback { months: 0, everything: false });
            let first = it.first_day.unwrap_or(it.fact.day);
            let stayed = (1..=months).take_while(|month| months_later(first, *month) <= day);
            let missing = months - i32::try_from(stayed.count()).map_err(|it| it.to_string())?;
            self.lines[place].left = Some(missing > 0);
            if missing == 0 {
                continue;
            }
            let share = |left: i128| match everything {
                true => left,
                false => Ratio::new(left * i128::from(missing), i128::from(months)).round(rounding),
            };
            let line = &mut self.lines[place];
            let mut taken = 0;
            if !line.declined {
                taken = share(line.amount - line.back);
                line.back += taken;
            }
            for (own, back) in &mut line.raises {
                let part = share(*own - *back);
                *back += part;
                taken += part;
            }
            self.returned(place, taken, None)?;
        }
        Ok(())
    }
}
