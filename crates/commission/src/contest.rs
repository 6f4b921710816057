//! Contests: partners ranked by a total, prizes for the first of them.

use tributary_kernel::PartnershipId;
use tributary_money::{Money, allocate};

use crate::{Contest, Reward, Ties};

/// Where a partner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub partnership: PartnershipId,
    /// Conversions, or minor units.
    pub total: i64,
    /// The place in booked order at which the total was reached.
    pub reached_at: u64,
}

/// A rank, and what it wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// From 1. Equals can have the same.
    pub rank: u32,
    /// Who.
    pub standing: Standing,
    /// What is won; parts of money are divided to the minor unit, the earliest first.
    pub prizes: Vec<Reward>,
}

/// Ranks partners and gives the prizes. Also before the end: the leaderboard is what would be won
/// now. Who has nothing, or less than the contest asks for, is not ranked. The answer depends on
/// the standings alone, not on their order.
#[must_use]
pub fn rank(contest: &Contest, standings: &[Standing]) -> Vec<Ranked> {
    let least = contest.at_least.unwrap_or(1).max(1);
    let mut ranked: Vec<Standing> =
        standings.iter().filter(|it| it.total >= least).copied().collect();
    ranked.sort_by_key(|it| (std::cmp::Reverse(it.total), it.reached_at, it.partnership));
    let mut answer = Vec::with_capacity(ranked.len());
    let mut place = 0;
    while place < ranked.len() {
        let equal = match contest.ties {
            Ties::Earliest => 1,
            Ties::Share | Ties::Each => {
                let total = ranked[place].total;
                ranked[place..].iter().take_while(|it| it.total == total).count()
            }
        };
        let rank = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let won = prizes(contest, place, equal);
        for (standing, prizes) in ranked[place..place + equal].iter().zip(won) {
            answer.push(Ranked { rank, standing: *standing, prizes });
        }
        place += equal;
    }
    answer
}

/// The prizes of `equal` partners who stand at `place`, the earliest first.
fn prizes(contest: &Contest, place: usize, equal: usize) -> Vec<Vec<Reward>> {
    let own = contest.prizes.get(place);
    match contest.ties {
        Ties::Earliest | Ties::Each => vec![own.cloned().into_iter().collect(); equal],
        Ties::Share => {
            let end = (place + equal).min(contest.prizes.len());
            let taken = contest.prizes.get(place..end).unwrap_or(&[]);
            shared(taken, equal)
        }
    }
}

fn shared(prizes: &[Reward], equal: usize) -> Vec<Vec<Reward>> {
    let mut won = vec![Vec::new(); equal];
    let money = prizes.iter().filter_map(|prize| match prize {
        Reward::Money(money) => Some(*money),
        Reward::Credits(_) | Reward::Gift(_) => None,
    });
    // Checked with the plan: all are of its currency.
    let sum = money.reduce(|sum, it| Money::new(sum.minor.saturating_add(it.minor), sum.currency));
    if let Some(sum) = sum {
        for (own, part) in won.iter_mut().zip(allocate(sum.minor, &vec![1; equal])) {
            if part > 0 {
                own.push(Reward::Money(Money::new(part, sum.currency)));
            }
        }
    }
    let others = prizes.iter().filter(|prize| !matches!(prize, Reward::Money(_)));
    for (own, prize) in won.iter_mut().zip(others) {
        own.push(prize.clone());
    }
    won
}
