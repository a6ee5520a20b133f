//! What a text means, as a direction in space.

/// Numbers of a vector.
pub const DIMENSIONS: usize = 256;

/// A direction, in whole numbers from -127 to 127. Its length means nothing; that of nothing at all is zero.
#[derive(Clone, PartialEq, Eq)]
pub struct Vector(Box<[i8; DIMENSIONS]>);

/// The bytes are not as many as a vector has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} bytes are no vector of {DIMENSIONS}")]
pub struct NotAVector(usize);

impl Vector {
    /// The nearest vector: the largest number becomes 127. Of nothing but zeros, or of what is no number, nothing.
    pub fn of(direction: &[f32; DIMENSIONS]) -> Self {
        let largest = direction.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
        let scale = if largest.is_normal() { 127.0 / largest } else { 0.0 };
        let mut numbers = Box::new([0; DIMENSIONS]);
        for (number, exact) in numbers.iter_mut().zip(direction) {
            #[expect(clippy::cast_possible_truncation, reason = "the scale keeps it within -127 and 127")]
            let nearest = (exact * scale).round() as i8;
            *number = nearest;
        }
        Self(numbers)
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().map(|number| number.cast_unsigned()).collect()
    }

    /// As it was stored.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAVector> {
        let bytes: &[u8; DIMENSIONS] = bytes.try_into().map_err(|_| NotAVector(bytes.len()))?;
        Ok(Self(Box::new(bytes.map(u8::cast_signed))))
    }

    /// How alike two directions are: 1 for the same, 0 for unrelated or nothing, -1 for the opposite.
    pub fn likeness(&self, other: &Self) -> f32 {
        let lengths = length(self.numbers()) * length(other.numbers());
        if lengths > 0.0 { dot(self.numbers(), other.numbers()) as f32 / lengths } else { 0.0 }
    }

    pub(crate) fn numbers(&self) -> &[i8; DIMENSIONS] {
        &self.0
    }
}

impl std::fmt::Debug for Vector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vector({}, {}, ..)", self.0[0], self.0[1])
    }
}

/// The product of two vectors. 16-bit factors let the compiler use one instruction for eight of them.
pub(crate) fn dot(a: &[i8; DIMENSIONS], b: &[i8; DIMENSIONS]) -> i32 {
    a.iter().zip(b).map(|(a, b)| i32::from(i16::from(*a) * i16::from(*b))).sum()
}

/// How long a vector is.
pub(crate) fn length(numbers: &[i8; DIMENSIONS]) -> f32 {
    (dot(numbers, numbers) as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(seed: &[f32]) -> [f32; DIMENSIONS] {
        std::array::from_fn(|at| seed[at % seed.len()])
    }

    proptest! {
        #[test]
        fn a_vector_survives_its_bytes_and_is_like_itself(seed in prop::collection::vec(-1.0_f32..1.0, 1..300)) {
            let vector = Vector::of(&exact(&seed));
            prop_assert_eq!(Vector::from_bytes(&vector.to_bytes()), Ok(vector.clone()));
            let alike = vector.likeness(&vector);
            prop_assert!((alike - 1.0).abs() < 1e-3 || alike == 0.0);
        }
    }

    #[test]
    fn what_is_no_direction_is_like_nothing() {
        for odd in [0.0, f32::NAN, f32::INFINITY] {
            let vector = Vector::of(&[odd; DIMENSIONS]);
            assert!(vector.likeness(&vector) <= 1.0 && vector.likeness(&vector) >= 0.0);
        }
        assert_eq!(Vector::from_bytes(&[1, 2]), Err(NotAVector(2)));
    }

    #[test]
    fn opposites_are_told() {
        let there = Vector::of(&exact(&[1.0, -0.5]));
        let back = Vector::of(&exact(&[-1.0, 0.5]));
        assert!((there.likeness(&back) + 1.0).abs() < 1e-3);
    }
}
