//! Pictures of people.

use base::id::UserId;
use storage::{Db, Error, Tx};

use crate::avatar::Picture;

#[derive(sqlx::FromRow)]
struct PictureRow {
    media_type: String,
    bytes: Vec<u8>,
}

/// Keeps a picture under that name, in place of the one before.
pub(crate) async fn put(tx: &mut Tx, user: UserId, tag: &str, picture: &Picture) -> Result<(), Error> {
    tx.query(
        "UPDATE identity_user SET avatar = $2, version = version + 1 WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(user)
    .bind(tag)
    .swap()
    .await?;
    tx.query(
        "INSERT INTO identity_avatar (user_id, media_type, bytes) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET media_type = EXCLUDED.media_type, bytes = EXCLUDED.bytes",
    )
    .bind(user)
    .bind(picture.media_type.as_str())
    .bind(picture.bytes.clone())
    .execute()
    .await?;
    Ok(())
}

/// Takes the picture of somebody away; whether there was one.
pub(crate) async fn remove(tx: &mut Tx, user: UserId) -> Result<bool, Error> {
    let gone = tx.query("DELETE FROM identity_avatar WHERE user_id = $1").bind(user).execute().await?;
    tx.query(
        "UPDATE identity_user SET avatar = NULL, version = version + 1 WHERE id = $1 AND avatar IS NOT NULL",
    )
    .bind(user)
    .execute()
    .await?;
    Ok(gone > 0)
}

/// The picture of somebody, if `viewer` is them or in a workspace with them.
pub(crate) async fn find(db: &Db, user: UserId, viewer: UserId) -> Result<Option<Picture>, Error> {
    let row = db
        .query(
            "SELECT a.media_type, a.bytes FROM identity_avatar a WHERE a.user_id = $1 AND (a.user_id = $2 OR EXISTS (
                 SELECT 1 FROM identity_member theirs JOIN identity_member own ON own.workspace_id = theirs.workspace_id
                 WHERE theirs.user_id = $1 AND own.user_id = $2))",
        )
        .bind(user)
        .bind(viewer)
        .optional::<PictureRow>()
        .await?;
    Ok(row.map(|row| Picture { media_type: row.media_type, bytes: row.bytes }))
}
