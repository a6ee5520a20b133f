use image::{Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).expect("the picture");
    bytes.into_inner()
}

/// Red on the left of the middle, blue on the right.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) })
}

fn drawn(upload: &[u8]) -> (Picture, RgbaImage) {
    let picture = Picture::of(upload).expect("a picture");
    let seen = image::load_from_memory(&picture.bytes).expect("what is kept").to_rgba8();
    (picture, seen)
}

#[test]
fn the_middle_square_is_kept_whatever_the_format() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let (picture, seen) = drawn(&file(halves(900, 300), format));
        assert_eq!(picture.media_type, "image/jpeg", "{format:?}");
        assert_eq!(seen.dimensions(), (SIDE, SIDE), "{format:?}");
        let [left, right] = [20, 236].map(|x| seen.get_pixel(x, 128).0);
        assert!(left[0] > 150 && left[2] < 60, "{format:?}: {left:?}");
        assert!(right[2] > 150 && right[0] < 60, "{format:?}: {right:?}");
    }
}

#[test]
fn what_shines_through_stays_so() {
    let (picture, seen) = drawn(&file(RgbaImage::from_pixel(64, 64, Rgba([9, 9, 9, 0])), ImageFormat::Png));
    assert_eq!(picture.media_type, "image/png");
    assert_eq!(seen.get_pixel(128, 128).0[3], 0);
}

#[test]
fn a_picture_is_turned_upright_and_loses_what_a_camera_wrote_into_it() {
    // An EXIF segment (Exif 2.32, 4.5.4) with orientation 6, "the camera lay on its side", and a maker's name.
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"47.3769N 8.5417E");
    let length = u16::try_from(exif.len() + 2).expect("a short segment").to_be_bytes();
    let plain = file(halves(300, 300), ImageFormat::Jpeg);
    let upload = [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat();

    let (picture, seen) = drawn(&upload);
    let [top, bottom] = [20, 236].map(|y| seen.get_pixel(128, y).0);
    assert!(top[0] > 150 && bottom[2] > 150, "{top:?} above {bottom:?}");
    assert!(!picture.bytes.windows(8).any(|window| window == b"47.3769N"));
}

#[test]
fn a_line_of_pixels_is_cut_before_it_is_enlarged() {
    for (width, height) in [(LONGEST, 1), (1, LONGEST)] {
        let (_, seen) = drawn(&file(image::GrayImage::new(width, height), ImageFormat::Png));
        assert_eq!(seen.dimensions(), (SIDE, SIDE));
    }
}

#[test]
fn a_picture_is_named_after_what_it_shows() {
    let of = |picture: RgbImage| drawn(&file(picture, ImageFormat::Png)).0.tag();
    assert_eq!(of(halves(300, 300)), of(halves(300, 300)));
    assert_ne!(of(halves(300, 300)), of(RgbImage::new(300, 300)));
}

#[test]
fn what_is_no_picture_or_too_large_is_refused_in_words() {
    let refused = |upload: &[u8]| Picture::of(upload).expect_err("refused").to_string();
    for other in
        [&b""[..], b"GIF89a\x01\0\x01\0", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"RIFF....WAVE"]
    {
        assert!(refused(other).contains("JPEG, PNG or WebP"), "{other:?}");
    }
    let whole = file(halves(300, 300), ImageFormat::Png);
    assert!(refused(&whole[..whole.len() / 2]).contains("cannot be read"));
    // A few kilobytes that would take 268 MB, and a side over the limit.
    assert!(refused(&file(image::GrayImage::new(LONGEST + 1, 1), ImageFormat::Png)).contains("too large"));
    let mut header = file(RgbaImage::new(1, 1), ImageFormat::Png);
    header[16..24].copy_from_slice(&[0, 0, 0x20, 0, 0, 0, 0x20, 0]);
    let sum = crc32(&header[12..29]);
    header[29..33].copy_from_slice(&sum.to_be_bytes());
    assert!(refused(&header).contains("too large"));
}

/// CRC-32 as PNG has it (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, &byte: &u8| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(sum & 1)))
    };
    !bytes.iter().fold(u32::MAX, step)
}
