//! Where an analysis stands among those that wait, on both engines.

use base::{Actor, Role};
use storage::testing::each_engine;

use crate::context::World;
use crate::support::Repo;

#[tokio::test]
async fn who_waits_is_told_how_many_come_first_of_whichever_workspace() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let other = Actor::new(world.ids.new_id(), world.ids.new_id(), Role::Owner);
        let mut asked = Vec::new();
        for actor in [world.actor, other, world.actor] {
            let git = Repo::with(&[("a.rs", "fn a() {}\n")]);
            let source = git.path().to_str().unwrap();
            let repo = world.repos.connect(&actor, source, None, None).await.unwrap().repo;
            let analysis = world.repos.analyze(&actor, repo.id, false).await.unwrap().analysis;
            asked.push((git, actor, analysis));
        }
        let ahead = async |at: usize| {
            let (_, actor, analysis) = &asked[at];
            world.repos.analysis(actor, analysis.id).await.unwrap().unwrap().ahead
        };
        assert_eq!(
            asked.iter().map(|(.., analysis)| analysis.ahead).collect::<Vec<_>>(),
            [Some(0), Some(1), Some(2)]
        );

        world.repos.cancel(&world.actor, asked[0].2.id).await.unwrap();
        assert_eq!([ahead(0).await, ahead(1).await, ahead(2).await], [None, Some(0), Some(1)]);
        world.run_jobs().await;
        assert_eq!([ahead(0).await, ahead(1).await, ahead(2).await], [None; 3]);
    })
    .await;
}
