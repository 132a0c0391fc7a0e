//! Linear models over the same features, their weights side by side: a byte each.
//!
//! The file: `RNH1`, the number of features (u32) and of heads (u8), 32 bytes that name what it was
//! learnt from (SHA-256), then for each head the length of its name (u8), the name, its scale and
//! its bias (f32), and at the end a byte for each feature and head, the heads of a feature
//! together. Numbers are little-endian. A byte `b` stands for `sign(b) × (b / 127)² × scale`: most
//! weights are small, and squares keep their differences.

/// What a model says of one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The question.
    pub name: String,
    /// The largest weight.
    pub scale: f32,
    /// What is added to the sum; above zero the answer is yes.
    pub bias: f32,
}

/// Models that were learnt together.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads<'a> {
    each: Vec<Head>,
    learnt_from: [u8; 32],
    n_features: u32,
    weights: &'a [u8],
}

/// A file that holds no weights.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no weights: the file ends early or is another; make it again with renown-train")]
pub struct BadWeights;

const MAGIC: &[u8; 4] = b"RNH1";

impl<'a> Heads<'a> {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it is none, or is cut.
    pub fn read(file: &'a [u8]) -> Result<Self, BadWeights> {
        let mut rest = file;
        if take(&mut rest, 4)? != MAGIC {
            return Err(BadWeights);
        }
        let n_features = u32::from_le_bytes(array(&mut rest)?);
        let n_heads = take(&mut rest, 1)?[0];
        let learnt_from = array(&mut rest)?;
        let mut heads = Vec::new();
        for _ in 0..n_heads {
            let length = take(&mut rest, 1)?[0];
            let name = String::from_utf8(take(&mut rest, length.into())?.to_vec()).map_err(|_| BadWeights)?;
            let scale = f32::from_le_bytes(array(&mut rest)?);
            let bias = f32::from_le_bytes(array(&mut rest)?);
            heads.push(Head { name, scale, bias });
        }
        if rest.len() as u64 != u64::from(n_features) * u64::from(n_heads) {
            return Err(BadWeights);
        }
        Ok(Self { each: heads, learnt_from, n_features, weights: rest })
    }

    /// The questions, in the order of the answers.
    pub fn heads(&self) -> &[Head] {
        &self.each
    }

    /// What names the texts it was learnt from.
    pub fn learnt_from(&self) -> [u8; 32] {
        self.learnt_from
    }

    /// What each head says of features with their weights; a feature that is not known counts
    /// nothing.
    pub fn answers(&self, features: &[(u32, f32)]) -> Vec<f32> {
        let n = self.each.len();
        let mut sums = vec![0.0f32; n];
        for (feature, weight) in features.iter().filter(|(feature, _)| *feature < self.n_features) {
            let from = *feature as usize * n;
            for (sum, byte) in sums.iter_mut().zip(&self.weights[from..from + n]) {
                *sum += weight * unfolded(*byte);
            }
        }
        sums.iter().zip(&self.each).map(|(sum, head)| sum * head.scale + head.bias).collect()
    }
}

/// The file of weights that were learnt: `weights` holds those of each head, a number a feature.
pub fn file(heads: &[(String, f32, Vec<f32>)], learnt_from: [u8; 32]) -> Vec<u8> {
    let n_features = heads.first().map_or(0, |(_, _, weights)| weights.len());
    let mut file = MAGIC.to_vec();
    file.extend(u32::try_from(n_features).unwrap_or(u32::MAX).to_le_bytes());
    file.push(u8::try_from(heads.len()).unwrap_or(u8::MAX));
    file.extend(learnt_from);
    let mut scales = Vec::new();
    for (name, bias, weights) in heads {
        let scale = weights.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        file.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        file.extend(name.bytes());
        file.extend(scale.to_le_bytes());
        file.extend(bias.to_le_bytes());
        scales.push(scale);
    }
    for feature in 0..n_features {
        for ((_, _, weights), scale) in heads.iter().zip(&scales) {
            file.push(folded(weights[feature] / scale.max(f32::MIN_POSITIVE)));
        }
    }
    file
}

/// A weight between -1 and 1 as a byte.
#[expect(clippy::cast_possible_truncation, reason = "its amount is at most 127")]
fn folded(weight: f32) -> u8 {
    ((weight.abs().sqrt() * 127.0).round().copysign(weight) as i8).to_le_bytes()[0]
}

/// The weight of a byte.
fn unfolded(byte: u8) -> f32 {
    let byte = f32::from(i8::from_le_bytes([byte])) / 127.0;
    byte * byte.abs()
}

fn take<'a>(rest: &mut &'a [u8], n: usize) -> Result<&'a [u8], BadWeights> {
    let (taken, left) = rest.split_at_checked(n).ok_or(BadWeights)?;
    *rest = left;
    Ok(taken)
}

fn array<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], BadWeights> {
    take(rest, N)?.try_into().map_err(|_| BadWeights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_with_little_loss() {
        let heads = [
            ("good".to_owned(), 0.5, vec![0.0, 2.0, -1.0, 0.01]),
            ("bad".to_owned(), -1.0, vec![1.0, 0.0, -0.5, 0.25]),
        ];
        let file = file(&heads, [7; 32]);
        let read = Heads::read(&file).expect("weights");
        assert_eq!((read.heads()[1].name.as_str(), read.learnt_from()), ("bad", [7; 32]));
        for (feature, (good, bad)) in
            [(0, (0.5, 0.0)), (1, (2.5, -1.0)), (2, (-0.5, -1.5)), (3, (0.51, -0.75))]
        {
            let answers = read.answers(&[(feature, 1.0)]);
            assert!((answers[0] - good).abs() < 0.02 && (answers[1] - bad).abs() < 0.02, "{answers:?}");
        }
        assert_eq!(read.answers(&[(99, 1.0)]), [0.5, -1.0], "a feature that is not known");
    }

    #[test]
    fn a_file_that_is_cut_or_another_is_refused() {
        let file = file(&[("good".to_owned(), 0.5, vec![0.0, 2.0])], [7; 32]);
        for cut in 0..file.len() {
            assert_eq!(Heads::read(&file[..cut]), Err(BadWeights));
        }
        assert_eq!(Heads::read(b"RNH2"), Err(BadWeights));
    }
}
