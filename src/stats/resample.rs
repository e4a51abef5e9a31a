//! The joint resample of clusters: one matrix of draws that all judges and statistics share, so that differences, ranks and simultaneous
//! bands are coherent.
//!
//! Statistics are functions of sums over clusters. [`ClusterResample::sums`] gives those sums for every replicate in one pass; no row of
//! data is touched again.

mod distribution;
mod ratio;

pub use distribution::{Bca, Replicates, Studentised};
pub use ratio::{RatioBootstrap, bootstrap_ratio};

use super::Undefined;
use super::random::{StreamKey, below};
use std::num::{NonZeroU32, NonZeroUsize};

/// Replicates of a random resample: (B + 1) times any usual tail is whole.
pub const REPLICATES: usize = 9_999;
/// Clusters up to which every resample is enumerated: 1,716 compositions of seven.
pub const EXACT_CLUSTERS: usize = 7;

/// Columns that are summed together: as many as registers hold, so that a replicate's sums are written once.
const COLUMN_BLOCK: usize = 16;

/// How often each cluster is drawn in each replicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterResample {
    clusters: usize,
    /// Replicates x clusters.
    counts: Vec<u32>,
    /// How many equally likely draws a replicate stands for; empty for one each.
    multiplicities: Vec<u64>,
}

impl ClusterResample {
    /// Every resample of the clusters where they are few ([`EXACT_CLUSTERS`]), else [`REPLICATES`] random ones.
    ///
    /// **Undefined**: `NoData` without clusters, `SingleCluster` with one.
    pub fn new(clusters: usize, key: &StreamKey, threads: NonZeroUsize) -> Result<Self, Undefined> {
        match clusters {
            0 => Err(Undefined::NoData),
            1 => Err(Undefined::SingleCluster),
            2..=EXACT_CLUSTERS => Ok(Self::exhaustive(clusters)),
            _ => Ok(Self::draw(&vec![0; clusters], REPLICATES, key, threads)),
        }
    }

    /// Random resamples with replacement, within strata: `strata` names that of each cluster (all the same for none).
    ///
    /// Replicate b draws from its own stream, so the result does not depend on the number of threads. **Cost** O(B G). **Source**:
    /// Davison & Hinkley (1997), Bootstrap Methods and their Application, section 3.8; Field & Welsh (2007), JRSSB 69:369.
    pub fn draw(strata: &[usize], replicates: usize, key: &StreamKey, threads: NonZeroUsize) -> Self {
        let clusters = strata.len();
        let groups = members(strata);
        let mut counts = vec![0; replicates * clusters];
        by_rows(&mut counts, clusters, threads, |first, rows| {
            for (offset, row) in rows.chunks_mut(clusters).enumerate() {
                let mut random = key.stream((first + offset) as u64);
                for (group, size) in &groups {
                    for _ in 0..size.get() {
                        row[group[below(&mut random, *size) as usize]] += 1;
                    }
                }
            }
        });
        Self { clusters, counts, multiplicities: Vec::new() }
    }

    /// Every resample, each composition once with the number of its orderings.
    fn exhaustive(clusters: usize) -> Self {
        let mut compositions = Vec::new();
        compose(&mut vec![0; clusters], 0, clusters as u32, &mut compositions);
        let orderings =
            |row: &[u32]| factorial(clusters as u32) / row.iter().map(|count| factorial(*count)).product::<u64>();
        let multiplicities = compositions.chunks(clusters).map(orderings).collect();
        Self { clusters, counts: compositions, multiplicities }
    }

    /// Given draws, a row a replicate, each row summing to the number of clusters; else `Incompatible`.
    pub fn from_counts(counts: &[Vec<u32>]) -> Result<Self, Undefined> {
        let clusters = counts.first().ok_or(Undefined::NoData)?.len();
        let whole = |row: &Vec<u32>| row.len() == clusters && row.iter().sum::<u32>() as usize == clusters;
        if !counts.iter().all(whole) {
            return Err(Undefined::Incompatible);
        }
        Ok(Self { clusters, counts: counts.concat(), multiplicities: Vec::new() })
    }

    /// Clusters.
    pub fn clusters(&self) -> usize {
        self.clusters
    }

    /// Replicates (compositions, where all are enumerated).
    pub fn replicates(&self) -> usize {
        self.counts.len().checked_div(self.clusters).unwrap_or(0)
    }

    /// The draws of each replicate and how many equally likely draws it stands for.
    pub fn rows(&self) -> impl Iterator<Item = (&[u32], u64)> {
        let multiplicity = |index: usize| self.multiplicities.get(index).copied().unwrap_or(1);
        self.counts.chunks(self.clusters.max(1)).enumerate().map(move |(index, row)| (row, multiplicity(index)))
    }

    /// The sums over clusters of every column of `table` in every replicate: replicates x columns.
    ///
    /// **Inputs**: `table` is clusters x `columns`, in rows. **Undefined**: `Incompatible` where its size does not fit. **Cost** O(B
    /// G K); the order of summation is that of the clusters, whatever the number of threads.
    pub fn sums(&self, table: &[f64], columns: NonZeroUsize, threads: NonZeroUsize) -> Result<Vec<f64>, Undefined> {
        let columns = columns.get();
        if table.len() != self.clusters * columns {
            return Err(Undefined::Incompatible);
        }
        let mut sums = vec![0.0; self.replicates() * columns];
        by_rows(&mut sums, columns, threads, |first, rows| {
            for start in (0..columns).step_by(COLUMN_BLOCK) {
                let width = COLUMN_BLOCK.min(columns - start);
                let packed = packed_block(table, columns, start, width);
                for (offset, row) in rows.chunks_mut(columns).enumerate() {
                    let draws = &self.counts[(first + offset) * self.clusters..][..self.clusters];
                    row[start..start + width].copy_from_slice(&weighted_sum(draws, &packed)[..width]);
                }
            }
        });
        Ok(sums)
    }

    /// The replicates of a statistic of the sums: `statistic` sees one row of [`ClusterResample::sums`].
    pub fn replicate(
        &self,
        sums: &[f64],
        columns: NonZeroUsize,
        statistic: impl Fn(&[f64]) -> Result<f64, Undefined>,
    ) -> Replicates {
        let values = sums.chunks(columns.get()).zip(self.rows());
        Replicates::new(values.map(|(row, (_, multiplicity))| (statistic(row), multiplicity)))
    }
}

/// A block of columns by itself, its last cells empty where the columns end: it stays in the nearest cache over all replicates.
fn packed_block(table: &[f64], columns: usize, start: usize, width: usize) -> Vec<[f64; COLUMN_BLOCK]> {
    let pack = |row: &[f64]| {
        let mut cells = [0.0; COLUMN_BLOCK];
        cells[..width].copy_from_slice(&row[start..start + width]);
        cells
    };
    table.chunks(columns).map(pack).collect()
}

/// The sum of the clusters' cells, each as often as it was drawn; its fixed width keeps the sums in registers.
fn weighted_sum(draws: &[u32], packed: &[[f64; COLUMN_BLOCK]]) -> [f64; COLUMN_BLOCK] {
    let mut sums = [0.0; COLUMN_BLOCK];
    for (draw, cells) in draws.iter().zip(packed) {
        let weight = f64::from(*draw);
        for (sum, cell) in sums.iter_mut().zip(cells) {
            *sum += weight * cell;
        }
    }
    sums
}

/// The clusters of each stratum, with their number.
fn members(strata: &[usize]) -> Vec<(Vec<usize>, NonZeroU32)> {
    let mut labels = strata.to_vec();
    labels.sort_unstable();
    labels.dedup();
    let group = |label: &usize| (0..strata.len()).filter(|cluster| strata[*cluster] == *label).collect::<Vec<_>>();
    let sized = |group: Vec<usize>| u32::try_from(group.len()).ok().and_then(NonZeroU32::new).map(|size| (group, size));
    labels.iter().map(group).filter_map(sized).collect()
}

/// All ways to share `left` draws among the clusters from `position` on.
fn compose(row: &mut Vec<u32>, position: usize, left: u32, rows: &mut Vec<u32>) {
    if position + 1 == row.len() {
        row[position] = left;
        rows.extend_from_slice(row);
        return;
    }
    for draws in 0..=left {
        row[position] = draws;
        compose(row, position + 1, left - draws, rows);
    }
}

fn factorial(n: u32) -> u64 {
    (1..=u64::from(n)).product()
}

/// Hands equal runs of rows to threads, each with the index of its first row.
fn by_rows<T: Send>(cells: &mut [T], width: usize, threads: NonZeroUsize, work: impl Fn(usize, &mut [T]) + Sync) {
    if width == 0 || cells.is_empty() {
        return;
    }
    let run = (cells.len() / width).div_ceil(threads.get());
    if threads.get() == 1 {
        return work(0, cells);
    }
    std::thread::scope(|scope| {
        for (index, part) in cells.chunks_mut(run * width).enumerate() {
            let work = &work;
            scope.spawn(move || work(index * run, part));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: NonZeroUsize = NonZeroUsize::MIN;

    fn threads(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    fn key() -> StreamKey {
        StreamKey::new(3, "", "", "joint")
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bytes() {
        let table: Vec<f64> = (0..9 * 70).map(|cell| f64::from(cell % 13) * 0.1).collect();
        let single = ClusterResample::draw(&[0; 9], 101, &key(), ONE);
        let sums = single.sums(&table, threads(70), ONE).unwrap();
        for count in [2, 3, 7, 200] {
            let parallel = ClusterResample::draw(&[0; 9], 101, &key(), threads(count));
            assert_eq!(single, parallel);
            let other = parallel.sums(&table, threads(70), threads(count)).unwrap();
            assert!(sums.iter().zip(&other).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }

    #[test]
    fn sums_by_hand() {
        let resample = ClusterResample::from_counts(&[vec![1, 1], vec![0, 2]]).unwrap();
        assert_eq!(resample.sums(&[1.0, 10.0, 2.0, 20.0], threads(2), ONE).unwrap(), [3.0, 30.0, 4.0, 40.0]);
    }

    #[test]
    fn every_replicate_draws_as_many_clusters_as_there_are_within_each_stratum() {
        let strata = [0, 0, 5, 0, 5, 5, 5, 2];
        let resample = ClusterResample::draw(&strata, 300, &key(), ONE);
        for (row, multiplicity) in resample.rows() {
            let drawn = |label| (0..8).filter(|g| strata[*g] == label).map(|g| row[g]).sum::<u32>();
            assert_eq!((drawn(0), drawn(5), drawn(2), multiplicity), (3, 4, 1, 1));
        }
    }

    #[test]
    fn draws_are_multinomial() {
        // Each count is Bin(10, 1/10): mean 1, variance 9/10; 10,000 counts of the first cluster.
        let resample = ClusterResample::draw(&[0; 10], 10_000, &key(), threads(2));
        let first: Vec<f64> = resample.rows().map(|(row, _)| f64::from(row[0])).collect();
        let mean = first.iter().sum::<f64>() / 1e4;
        let variance = first.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 1e4;
        assert!((mean - 1.0).abs() < 4.0 * (0.9_f64 / 1e4).sqrt(), "{mean}");
        assert!((variance - 0.9).abs() < 0.06, "{variance}");
    }

    #[test]
    fn few_clusters_are_enumerated_with_their_orderings() {
        for clusters in 2..=EXACT_CLUSTERS {
            let resample = ClusterResample::new(clusters, &key(), ONE).unwrap();
            let total: u64 = resample.rows().map(|(_, multiplicity)| multiplicity).sum();
            assert_eq!(total, (clusters as u64).pow(clusters as u32));
            assert!(resample.rows().all(|(row, _)| row.iter().sum::<u32>() as usize == clusters));
        }
        assert_eq!(ClusterResample::new(7, &key(), ONE).unwrap().replicates(), 1_716);
        assert_eq!(ClusterResample::new(8, &key(), ONE).unwrap().replicates(), REPLICATES);
    }

    #[test]
    fn each_reason_is_given() {
        assert_eq!(ClusterResample::new(0, &key(), ONE), Err(Undefined::NoData));
        assert_eq!(ClusterResample::new(1, &key(), ONE), Err(Undefined::SingleCluster));
        assert_eq!(ClusterResample::from_counts(&[vec![1, 2]]), Err(Undefined::Incompatible));
        let resample = ClusterResample::from_counts(&[vec![1, 1]]).unwrap();
        assert_eq!(resample.sums(&[1.0; 3], ONE, ONE), Err(Undefined::Incompatible));
    }
}
