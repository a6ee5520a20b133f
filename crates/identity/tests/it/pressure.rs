//! Many at once, and whoever listens to the clock.

use std::time::Instant;

use base::Secret;
use identity::Client;
use identity::sign_in::SignInError;
use storage::testing::each_engine;

use crate::scene::{OTHER, PASSWORD, Scene};

const ANA: &str = "ana@example.org";

/// The most memory that this process has had, in KiB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// 64 who sign in at once get two hashes at a time, of 19 MiB each; as many wait as may, and the rest is sent away. What
/// allocators keep at hand comes to a few times the two; all 64 would be eight times the bound.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_who_sign_in_at_once_take_the_memory_of_few() {
    each_engine(|test| async move {
        let scene = Scene::new(test).await;
        scene.joined("Ana", ANA).await;
        let before = peak();
        let mut tries = tokio::task::JoinSet::new();
        for number in 0..64 {
            let identity = scene.identity.clone();
            tries.spawn(async move {
                let client = Client::new(Some(format!("198.51.100.{number}")), "a browser");
                identity.sign_in(ANA, &Secret::new(PASSWORD), &client).await
            });
        }
        let (mut through, mut busy) = (0, 0);
        for tried in tries.join_all().await {
            match tried {
                Ok(_) => through += 1,
                Err(SignInError::Busy(_)) => busy += 1,
                Err(other) => panic!("{other}"),
            }
        }
        // Two work and sixteen for each of them wait; how many more come in meanwhile is the machine's.
        assert!(through >= 34 && through + busy == 64, "{through} through, {busy} sent away");
        let grown = peak() - before;
        assert!(grown < 8 * 19_456, "{grown} KiB more at the worst moment");
    })
    .await;
}

/// How often a number of the one kind is larger than one of the other (the area under the ROC curve, by ranks: Mann and
/// Whitney). One half: they cannot be told apart.
fn area(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        one.iter().map(|&x| (x, true)).chain(other.iter().map(|&x| (x, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks: f64 =
        (1_u32..).zip(&all).filter(|(_, (_, of_one))| *of_one).map(|(rank, _)| f64::from(rank)).sum();
    let (n, m) = (one.len() as f64, other.len() as f64);
    (ranks - n * (n + 1.0) / 2.0) / (n * m)
}

#[test]
fn the_area_is_a_half_for_what_is_alike_and_one_for_what_is_not() {
    let numbers: Vec<f64> = (0..1_000).map(f64::from).collect();
    let shifted: Vec<f64> = numbers.iter().map(|number| number + 0.5).collect();
    assert!((area(&numbers, &shifted) - 0.5).abs() < 0.01);
    assert!((area(&shifted, &[-2.0, -1.0]) - 1.0).abs() < 1e-9);
}

/// Whether an address has an account cannot be heard in how long a failed sign-in takes. The figure is told; the bounds
/// hold where `DEVMENTOR_TEST_LONG` asks for the long form, on a machine that does nothing else.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
async fn a_failed_sign_in_takes_as_long_for_an_address_that_nobody_has() {
    let long = std::env::var_os("DEVMENTOR_TEST_LONG").is_some();
    let rounds = if long { 1_000 } else { 20 };
    each_engine(move |test| async move {
        let scene = Scene::new(test).await;
        scene.joined("Ana", ANA).await;
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            // Which comes first changes, so that what the one leaves behind does not favour the other.
            for of_known in [round % 2 == 0, round % 2 != 0] {
                let place = format!("10.{}.{}.{}", round / 250, round % 250, u8::from(of_known) + 1);
                let client = Client::new(Some(place), "a script");
                let email = if of_known { ANA.to_owned() } else { format!("nobody{round}@example.org") };
                let began = Instant::now();
                let refused = scene.identity.sign_in(&email, &Secret::new(OTHER), &client).await;
                let took = began.elapsed().as_secs_f64();
                assert!(matches!(refused, Err(SignInError::Refused)), "{refused:?}");
                if of_known { known.push(took) } else { unknown.push(took) }
            }
        }
        let area = area(&known, &unknown);
        println!("failed sign-ins of {rounds} known and {rounds} unknown addresses: AUC {area:.3}");
        if long {
            assert!((0.45..=0.55).contains(&area), "{area:.3}");
        }
    })
    .await;
}
