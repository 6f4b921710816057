/// Divides `total` by `weights` by the method of largest remainders: each part is its exact share
/// rounded towards zero; the units left over go, one each, to the parts with the largest
/// remainders, ties to the lower index.
///
/// The parts sum to `total` exactly, each is less than one unit from its exact share, a part of
/// weight zero is zero, and a negative total gives the same parts negated. When all weights are
/// zero, all count the same. Without weights there is nobody to give to and the result is empty:
/// callers with money in hand have at least one.
///
/// Ties depend on the order given, so callers sort by a fixed key first, or use
/// [`allocate_by_key`].
#[must_use]
pub fn allocate(total: i64, weights: &[u64]) -> Vec<i64> {
    let mut equal = Vec::new();
    let weights = if weights.iter().all(|&weight| weight == 0) {
        equal.resize(weights.len(), 1u64);
        &equal[..]
    } else {
        weights
    };
    let magnitude = total.unsigned_abs();
    let whole: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    // Most divisions are of shares by small weights: 64 bits hold every product then, and give the
    // same parts several times as fast.
    match u64::try_from(whole) {
        Ok(whole) if magnitude.checked_mul(whole).is_some() => {
            let divided = |weight: u64| (magnitude * weight / whole, magnitude * weight % whole);
            parts(total, weights, divided)
        }
        _ => {
            let divided = |weight: u64| {
                let product = u128::from(magnitude) * u128::from(weight); // at most 2^63 * 2^64
                let part = u64::try_from(product / whole).expect("a part is at most the total");
                (part, product % whole)
            };
            parts(total, weights, divided)
        }
    }
}

/// The parts, when each weight's quotient and remainder are known.
fn parts<R: Ord>(total: i64, weights: &[u64], divided: impl Fn(u64) -> (u64, R)) -> Vec<i64> {
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, &weight) in weights.iter().enumerate() {
        let (part, remainder) = divided(weight);
        parts.push(part);
        remainders.push((std::cmp::Reverse(remainder), index));
    }
    let given: u64 = parts.iter().sum();
    // The remainders sum to `left` times the whole and each is below it: more than `left` of them
    // are above zero, so no part of weight zero gets a unit.
    let left = usize::try_from(total.unsigned_abs() - given).unwrap_or(0).min(parts.len());
    if left > 0 {
        remainders.sort_unstable();
    }
    for (_, index) in &remainders[..left] {
        parts[*index] += 1;
    }
    parts.into_iter().map(|part| signed(part, total < 0)).collect()
}

fn signed(magnitude: u64, negative: bool) -> i64 {
    let value = i128::from(magnitude);
    let value = if negative { -value } else { value };
    i64::try_from(value).expect("a part is at most the total")
}

/// [`allocate`] with ties going to the smaller key, whatever order the parts come in; the result is
/// in the order given. Keys are distinct.
#[must_use]
pub fn allocate_by_key<K: Ord>(total: i64, weighted: &[(K, u64)]) -> Vec<i64> {
    let mut order: Vec<usize> = (0..weighted.len()).collect();
    order.sort_by(|&a, &b| weighted[a].0.cmp(&weighted[b].0));
    let weights: Vec<u64> = order.iter().map(|&index| weighted[index].1).collect();
    let mut parts = vec![0; weighted.len()];
    for (index, part) in order.into_iter().zip(allocate(total, &weights)) {
        parts[index] = part;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        assert_eq!(allocate(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(allocate(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(allocate(5, &[3, 0, 7]), [2, 0, 3], "1.5 and 3.5: the tie goes first");
        assert_eq!(allocate(10, &[0, 0]), [5, 5]);
        assert_eq!(allocate(0, &[1, 2]), [0, 0]);
        assert!(allocate(7, &[]).is_empty());
        assert_eq!(allocate(i64::MIN, &[u64::MAX]), [i64::MIN]);
        assert_eq!(allocate(i64::MAX, &[u64::MAX, u64::MAX]), [1 << 62, (1 << 62) - 1]);
        assert_eq!(allocate_by_key(5, &[("b", 1), ("a", 1)]), [2, 3]);
    }
}
