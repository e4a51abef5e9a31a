//! Things that belong together, directly or through others.

/// Groups of the numbers below a size. Source: Tarjan & van Leeuwen (1984), J ACM 31:245, path halving.
pub(super) struct Groups(Vec<usize>);

impl Groups {
    /// Each on its own.
    pub(super) fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    /// The smallest member of a group.
    pub(super) fn first(&mut self, mut member: usize) -> usize {
        while self.0[member] != member {
            self.0[member] = self.0[self.0[member]];
            member = self.0[member];
        }
        member
    }

    /// Makes two groups one.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }

    /// How many groups there are.
    pub(super) fn count(&self) -> usize {
        self.0.iter().enumerate().filter(|(member, above)| member == *above).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_meet_through_others() {
        let mut groups = Groups::new(6);
        for (one, other) in [(4, 5), (3, 1), (5, 3)] {
            groups.join(one, other);
        }
        assert_eq!((0..6).map(|member| groups.first(member)).collect::<Vec<_>>(), [0, 1, 2, 1, 1, 1]);
        assert_eq!(groups.count(), 3);
    }
}
