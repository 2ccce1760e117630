//! Files of tickets: what is let in, what is made of it, how it is given out.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use openidconnect::reqwest::{Method, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::support::*;

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(8, 6, image::Rgb([200, 30, 30])));
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG's head that promises more points than anybody wants to unpack.
fn bomb() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = b"IHDR".to_vec();
    head.extend_from_slice(&50_000_u32.to_be_bytes());
    head.extend_from_slice(&50_000_u32.to_be_bytes());
    head.extend_from_slice(&[8, 2, 0, 0, 0]);
    png.extend_from_slice(&13_u32.to_be_bytes());
    png.extend_from_slice(&head);
    png.extend_from_slice(&crc(&head).to_be_bytes());
    png.extend_from_slice(&[0, 0, 0, 0, b'I', b'D', b'A', b'T', 0x35, 0xaf, 0x06, 0x1e]);
    png
}

/// CRC-32 as PNG has it (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

#[actix_web::test]
async fn sec_17_hostile_files_are_refused_and_nothing_of_them_is_kept() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let (png, jpeg) = (picture(ImageFormat::Png), picture(ImageFormat::Jpeg));
    let pdf = |inside: &str| format!("%PDF-1.7\n{inside}\n%%EOF\n").into_bytes();
    let zip = [pdf("1 0 obj"), b"PK\x03\x04archive".to_vec()].concat();
    let long = vec![b'a'; 10 * 1024 * 1024 + 1];
    let hostile: Vec<(&str, Vec<u8>)> = vec![
        ("empty.png", Vec::new()),
        ("empty.txt", b"  \n".to_vec()),
        ("page.html", b"<html><script>alert(1)</script>".to_vec()),
        ("drawing.svg", b"<svg onload='alert(1)'/>".to_vec()),
        ("page.txt", b"hello <script>alert(1)</script>".to_vec()),
        ("drawing.txt", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("session.txt", b"{\"log\":{\"version\":\"1.2\",\"entries\":[{\"request\":{}}]}}".to_vec()),
        ("session.har", b"{\"log\":{\"entries\":[]}}".to_vec()),
        ("archive.zip", b"PK\x03\x04".to_vec()),
        ("letter.docx", b"PK\x03\x04word/document.xml".to_vec()),
        ("picture.png", b"\x89PNG\r\n\x1a\nnot a picture".to_vec()),
        ("really-jpeg.png", jpeg.clone()),
        ("really-png.jpg", png.clone()),
        ("bomb.png", bomb()),
        ("cut.jpg", jpeg[..jpeg.len() / 2].to_vec()),
        ("script.pdf", pdf("<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>")),
        ("hidden-script.pdf", pdf("<< /S /J#61vaScript >>")),
        ("carrier.pdf", pdf("<< /Type /EmbeddedFile >>")),
        ("polyglot.pdf", zip),
        ("page.pdf", [b"<html>".to_vec(), pdf("x")].concat()),
        ("binary.txt", b"abc\0def".to_vec()),
        ("latin.txt", vec![0xe9, 0xe8, 0xff]),
        ("card.txt", b"it was 4111 1111 1111 1111".to_vec()),
        ("invoice.exe.pdf", pdf("x")),
        ("../../etc/passwd.txt", b"root".to_vec()),
        ("photo\u{202e}gnp.exe.png", png.clone()),
        (".png", png.clone()),
        ("noending", b"text".to_vec()),
        ("large.txt", long),
    ];
    assert!(hostile.len() >= 20);
    for (name, bytes) in &hostile {
        if name == &"cut.jpg" {
            // Twenty an hour are let through for each person: the rest is another's.
            anna = app.sign_in(CARLA).await;
        }
        let page = anna.get(&format!("{TICKETS}/new")).await;
        let fields = [("category", "technical"), ("subject", "File"), ("text", "Look.")];
        let answer = anna.submit_parts(&page, TICKETS, &fields, &[(name, bytes)]).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {}",
            answer.text("main")
        );
        assert!(!answer.text("#files-e").is_empty(), "{name}");
        assert_eq!(answer.attribute("#subject", "value"), "File", "{name}: nothing typed is lost");
    }
    for table in ["tickets", "ticket_files", "objects"] {
        assert_eq!(app.count(table), 0, "{table}");
    }
}

#[actix_web::test]
async fn sec_17_pictures_are_made_anew_and_given_out_as_attachments_only() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    // Behind the picture something else: it does not come along.
    let png = [picture(ImageFormat::Png), b"<script>alert(1)</script>".to_vec()].concat();
    let jpeg = picture(ImageFormat::Jpeg);
    let (marker, rest) = jpeg.split_at(2);
    let comment = [b"\xff\xfe\x00\x10GPS 45.1, 7.6!".as_slice(), rest].concat();
    let jpeg = [marker, &comment].concat();
    let long = format!("{}.txt", "n".repeat(200));
    let files: [(&str, &[u8]); 4] = [
        ("Schermata 10.30.12.png", &png),
        ("foto è.JPG", &jpeg),
        ("fattura.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF\n"),
        (&long, b"\xef\xbb\xbfperch\xc3\xa9 no"),
    ];
    let ticket = anna.opens_ticket(&[], &files).await;
    let page = anna.get(&ticket).await;
    assert_eq!(page.texts(".thread a[download]").len(), 4);
    assert_eq!(app.count("ticket_files WHERE char_length(name) <= 120"), 4);
    let kept: Vec<(String, Vec<u8>)> = app.look(|conn| {
        use diesel::prelude::*;
        central::db::schema::ticket_files::table
            .inner_join(
                central::db::schema::object_pieces::table
                    .on(central::db::schema::object_pieces::sha256
                        .eq(central::db::schema::ticket_files::sha256)),
            )
            .select((
                central::db::schema::ticket_files::name,
                central::db::schema::object_pieces::bytes,
            ))
            .load(conn)
            .unwrap()
    });
    assert_eq!(kept.len(), 4);
    for (name, bytes) in &kept {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("<script>") && !text.contains("GPS"), "{name}");
    }
    let at = page.attribute(".thread a[download]", "href");
    let answer = anna.get(&at).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type").as_deref(), Some("application/octet-stream"));
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename="));
    assert_eq!(
        answer.header("content-security-policy").as_deref(),
        Some("default-src 'none'; sandbox")
    );
    assert_eq!(answer.header("x-content-type-options").as_deref(), Some("nosniff"));
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    app.until("the download is in the audit", async || {
        app.count("audit_log WHERE action = 'ticket.download' AND is_done") == 1
    })
    .await;

    // Support takes it along by its own door; nobody else does.
    let id = at.rsplit('/').next().unwrap();
    let mut tom = app.sign_in(TOM).await;
    let support = format!("/merchants/{}/tickets/1/files/{id}", app.world.first);
    assert_eq!(tom.get(&support).await.status, StatusCode::OK);
    let elsewhere = format!("/merchants/{}/tickets/1/files/{id}", app.world.second);
    assert_eq!(tom.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
    for person in [BRUNO, ALDO] {
        let mut other = app.sign_in(person).await;
        assert_eq!(other.get(&at).await.status, StatusCode::NOT_FOUND, "{person}");
    }
    let head = anna.request(Method::HEAD, &at, &[], "").await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
}

#[actix_web::test]
async fn sec_17_a_message_takes_five_files_and_a_merchant_500_mebibytes() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let ticket = anna.opens_ticket(&[], &[("a.txt", b"one")]).await;
    let page = anna.get(&ticket).await;
    let action = format!("{ticket}/messages");
    let six: [(&str, &[u8]); 6] = [("a.txt", b"x"); 6];
    let fields = [("text", "Six files")];
    let refused = anna.submit_parts(&page, &action, &fields, &six).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#files-e").contains("at most 5"));
    assert_eq!(refused.text("#text"), "Six files");
    // As if 500 MiB lay there.
    let sha = format!("{:x}", Sha256::digest(b"one"));
    app.change(&format!(
        "INSERT INTO ticket_files SELECT merchant_id, gen_random_uuid(), ticket_id, message_id, 'big.pdf', decode('{sha}', 'hex'), 26214400
         FROM ticket_files, generate_series(1, 20)"
    ));
    let refused = anna.submit_parts(&page, &action, &fields, &[("a.txt", b"two")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text("main"));
    assert!(refused.text("#files-e").contains("500 MiB"));
    let new = anna.get(&format!("{TICKETS}/new")).await;
    let fields_of_new = [("category", "technical"), ("subject", "Full"), ("text", "Once more.")];
    let refused = anna.submit_parts(&new, TICKETS, &fields_of_new, &[("a.txt", b"two")]).await;
    assert!(refused.text("#files-e").contains("500 MiB"), "{}", refused.text("main"));
    assert_eq!((app.count("tickets"), app.count("ticket_states")), (1, 1), "no empty ticket stays");
    assert_eq!(anna.submit_parts(&page, &action, &fields, &[]).await.status, 303);
    assert_eq!(app.count("ticket_messages"), 2, "what was refused left nothing behind");
}
