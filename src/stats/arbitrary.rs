//! Small random inputs for property tests: the same on every run and every platform.

/// SplitMix64 (Steele, Lea and Flood 2014): enough for test data, never for a statistic.
pub(crate) struct Arbitrary(u64);

impl Arbitrary {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// An integer in `0..bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// A number in `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A coin that lands on true with the given probability.
    pub(crate) fn coin(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A probability from a coarse grid: 0, 1 and ties are frequent, as in verbalised confidences.
    pub(crate) fn grid(&mut self, steps: usize) -> f64 {
        self.below(steps + 1) as f64 / steps as f64
    }

    /// Moves the values into another order.
    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}
