//! The picture of a person.
//!
//! What is uploaded is never what is served: a picture is decoded within limits, turned upright, cut to a square and
//! written anew, so that nothing of the file is left but what it looks like. Places where it was taken, programs hidden in
//! it and other formats inside it are gone.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use base::id::UserId;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use transient::{RetryAfter, Rule};

use crate::account::Account;
use crate::audit::{Act, action};
use crate::{Client, Identity, store};

/// The side of a kept picture, in pixels: twice the largest that the web app shows.
pub const SIDE: u32 = 256;
/// The longest side of one that is taken, in pixels: what phones take.
const LONGEST: u32 = 8_192;
/// Bytes that decoding one may need: more than 4,096 x 4,096 pixels of four bytes.
const MEMORY: u64 = 96 * 1024 * 1024;
/// The first bytes of the digest that names a picture.
const TAG: usize = 8;
/// Of a JPEG, where 100 keeps all.
const QUALITY: u8 = 88;

const OFTEN: Rule = Rule { name: "avatar-account", quota: 20, window: Duration::from_hours(1) };

/// A picture as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg`, or `image/png` where something shines through.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// A picture of what was uploaded. It takes a while.
    fn of(upload: &[u8]) -> Result<Self, AvatarError> {
        let unread = |error: ImageError| match error {
            ImageError::Limits(_) => AvatarError::Large,
            _ => AvatarError::Unreadable,
        };
        let mut reader = ImageReader::new(Cursor::new(upload))
            .with_guessed_format()
            .map_err(|_| AvatarError::Unreadable)?;
        if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
            return Err(AvatarError::Format);
        }
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST);
        limits.max_image_height = Some(LONGEST);
        limits.max_alloc = Some(MEMORY);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(unread)?;
        // Decoders that keep to no limit of memory would ask for all of this.
        if decoder.total_bytes() > MEMORY {
            return Err(AvatarError::Large);
        }
        let orientation = decoder.orientation().map_err(unread)?;
        let picture = DynamicImage::from_decoder(decoder).map_err(unread)?;
        // Cut first: scaling a line of pixels up until its short side fits would take gigabytes.
        let (width, height) = (picture.width(), picture.height());
        let side = width.min(height);
        let square = picture.crop_imm((width - side) / 2, (height - side) / 2, side, side);
        drop(picture);
        let mut picture = square.resize_exact(SIDE, SIDE, FilterType::CatmullRom);
        picture.apply_orientation(orientation);

        let mut bytes = Cursor::new(Vec::new());
        let full = picture.to_rgba8();
        let media_type = if full.pixels().any(|pixel| pixel[3] < u8::MAX) {
            full.write_to(&mut bytes, ImageFormat::Png).map_err(unread)?;
            "image/png"
        } else {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
            picture.to_rgb8().write_with_encoder(encoder).map_err(unread)?;
            "image/jpeg"
        };
        Ok(Self { media_type: media_type.into(), bytes: bytes.into_inner() })
    }

    /// Names it: another picture has another name.
    fn tag(&self) -> String {
        hex::encode(&Sha256::digest(&self.bytes)[..TAG])
    }
}

/// Why a picture is not taken.
#[derive(Debug, thiserror::Error)]
pub enum AvatarError {
    /// It is in none of the formats.
    #[error("a picture is a JPEG, PNG or WebP file")]
    Format,
    /// It is broken.
    #[error("this picture cannot be read; save it anew as JPEG or PNG and try that")]
    Unreadable,
    /// It has too many pixels.
    #[error("this picture is too large; at most {LONGEST} pixels on a side and 24 million in all are taken")]
    Large,
    /// The account is not there any more.
    #[error("there is no such account")]
    Gone,
    /// There were too many of them.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Makes pictures, one at a time: each may take as much memory as the limit says.
#[derive(Clone)]
pub(crate) struct Easel(Arc<Semaphore>);

impl Default for Easel {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Easel {
    async fn draw(&self, upload: Vec<u8>) -> Result<Picture, AvatarError> {
        // Closed never; and where it were, one at a time is not what matters any more.
        let turn = self.0.clone().acquire_owned().await;
        let drawn = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            Picture::of(&upload)
        });
        // Decoders are other people's code over other people's bytes: what one of them trips over cannot be read.
        drawn.await.unwrap_or(Err(AvatarError::Unreadable))
    }
}

impl Identity {
    /// Gives somebody the picture in that file.
    pub async fn set_avatar(
        &self,
        user: UserId,
        upload: Vec<u8>,
        client: &Client,
    ) -> Result<Account, AvatarError> {
        self.limits.check(&user.to_string(), &OFTEN).await?;
        let picture = self.easel.draw(upload).await?;
        let mut tx = self.db.begin().await?;
        store::avatars::put(&mut tx, user, &picture.tag(), &picture).await?;
        self.audit().record(&mut tx, &Act::done(action::PICTURE, user, client)).await?;
        self.forget_when_done(&mut tx, user);
        tx.commit().await?;
        self.account(user).await?.ok_or(AvatarError::Gone)
    }

    /// Takes somebody's picture away, if they have one.
    pub async fn remove_avatar(&self, user: UserId, client: &Client) -> Result<Account, AvatarError> {
        let mut tx = self.db.begin().await?;
        if store::avatars::remove(&mut tx, user).await? {
            self.audit().record(&mut tx, &Act::done(action::PICTURE, user, client)).await?;
            self.forget_when_done(&mut tx, user);
        }
        tx.commit().await?;
        self.account(user).await?.ok_or(AvatarError::Gone)
    }

    /// The picture of somebody, for themselves and for whoever is in a workspace with them.
    pub async fn avatar(&self, user: UserId, viewer: UserId) -> Result<Option<Picture>, storage::Error> {
        store::avatars::find(&self.db, user, viewer).await
    }
}

#[cfg(test)]
mod tests;
