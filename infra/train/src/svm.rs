//! A linear support vector machine: dual coordinate descent for the squared hinge loss.
//! Source: Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008.

/// Features of one example: numbers and weights.
pub(crate) type Features = [(u32, f32)];

/// Passes over the examples at most.
const PASSES: usize = 60;
/// The largest step of a pass at which nothing more is to be gained.
const SMALL: f32 = 0.01;

/// What was learnt: a weight a feature, and what is added.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Learnt {
    pub(crate) weights: Vec<f32>,
    pub(crate) bias: f32,
}

/// An example.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Example<'a> {
    pub(crate) features: &'a Features,
    /// What is to be said of it.
    pub(crate) yes: bool,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// Learns to tell the examples with `true` from the others. Both kinds weigh the same however many
/// there are; `cost` is what a mistake costs beside large weights.
pub(crate) fn learn(examples: &[(&Features, bool)], n_features: u32, cost: f32) -> Learnt {
    let n_yes = examples.iter().filter(|(_, yes)| *yes).count();
    let n_no = examples.len() - n_yes;
    let weight = |yes: bool| share(examples.len(), if yes { n_yes } else { n_no });
    let weighed: Vec<Example<'_>> = examples
        .iter()
        .map(|(features, yes)| Example { features, yes: *yes, weight: weight(*yes) })
        .collect();
    learn_weighed(&weighed, n_features, cost)
}

/// Learns from examples that do not count the same. The same input gives the same weights.
pub(crate) fn learn_weighed(examples: &[Example<'_>], n_features: u32, cost: f32) -> Learnt {
    let mut learnt = Learnt { weights: vec![0.0; n_features as usize], bias: 0.0 };
    let n_yes = examples.iter().filter(|example| example.yes).count();
    if n_yes == 0 || n_yes == examples.len() {
        return Learnt { bias: if n_yes == 0 { -1.0 } else { 1.0 }, ..learnt };
    }
    let mut alphas = vec![0.0f32; examples.len()];
    let square = |features: &Features| 1.0 + features.iter().map(|(_, x)| x * x).sum::<f32>();
    let squares: Vec<f32> = examples.iter().map(|example| square(example.features)).collect();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..PASSES {
        random.shuffle(&mut order);
        let mut largest = 0.0f32;
        for at in &order {
            let Example { features, yes, weight } = examples[*at];
            let sign = if yes { 1.0 } else { -1.0 };
            let diagonal = 0.5 / (cost * weight);
            let slope = sign * learnt.says(features) - 1.0 + alphas[*at] * diagonal;
            let new = (alphas[*at] - slope / (squares[*at] + diagonal)).max(0.0);
            let step = new - alphas[*at];
            if step.abs() > 1e-6 {
                alphas[*at] = new;
                for (feature, x) in features {
                    learnt.weights[*feature as usize] += step * sign * x;
                }
                learnt.bias += step * sign;
                largest = largest.max(step.abs());
            }
        }
        if largest < SMALL {
            break;
        }
    }
    learnt
}

/// How much more an example of a kind counts, so that both kinds count the same.
#[expect(clippy::cast_precision_loss, reason = "far below 2^24 examples")]
fn share(all: usize, of_kind: usize) -> f32 {
    all as f32 / (2.0 * of_kind as f32)
}

impl Learnt {
    /// Above zero: yes.
    pub(crate) fn says(&self, features: &Features) -> f32 {
        self.bias + features.iter().map(|(feature, x)| self.weights[*feature as usize] * x).sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_parted_is_parted_also_where_one_kind_is_rare() {
        let yes: Vec<Vec<(u32, f32)>> = (0..3).map(|n| vec![(0, 1.0), (2 + n, 1.0)]).collect();
        let no: Vec<Vec<(u32, f32)>> = (0..30).map(|n| vec![(1, 1.0), (2 + n % 5, 1.0)]).collect();
        let examples: Vec<(&Features, bool)> =
            yes.iter().map(|x| (&x[..], true)).chain(no.iter().map(|x| (&x[..], false))).collect();
        let learnt = learn(&examples, 8, 1.0);
        assert!(examples.iter().all(|(features, yes)| (learnt.says(features) > 0.0) == *yes));
        assert_eq!(learnt, learn(&examples, 8, 1.0), "the same again");
    }
}
