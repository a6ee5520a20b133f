//! The grade adds up, and leaves out what was not measured.
